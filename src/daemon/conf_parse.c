/* SPDX-License-Identifier: ISC */

/*
 * libconfuse's grammar with our tables of keys.  Every value is taken as
 * text, so that what is wrong with it is said in our words.
 */

#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "control/suggest.h"
#include "daemon/conf.h"
#include "daemon/conf_keys.h"
#include "daemon/conf_text.h"

enum {
	KEYS_MAX = 24,	 /* of a section */
	GIVEN_MAX = 512, /* keys in a file */
};

/* A key that was seen, and where. */
struct given {
	const cfg_opt_t *opt;
	int line;
	struct str first; /* value */
};

struct parser {
	struct conf *conf;
	const char *file;
	struct buf *errors;
	unsigned errors_n;
	struct conf_text text;
	const cfg_t *top;
	struct given given[GIVEN_MAX];
	unsigned given_n;
	cfg_opt_t keys[CONF_SECTIONS_MAX][KEYS_MAX];
	cfg_opt_t all[CONF_SECTIONS_MAX];
};

/* libconfuse's callbacks have no argument of their own. */
static struct parser *parsing;

/* --- errors -------------------------------------------------------------- */

static PRINTF_LIKE(3, 4) void complain(
	struct parser *p, int line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(p->errors, "%s:%d: %s\n", p->file, line, text);
	p->errors_n++;
}

static void
complain_unknown(struct parser *p, cfg_t *cfg, struct str word)
{
	struct suggestion near = { 0 };
	const char *name = cfg_name(cfg);
	bool is_top = cfg == p->top || !name || strcmp(name, "root") == 0;

	for (const cfg_opt_t *o = cfg->opts; o->name; o++)
		suggest(&near, word, str_of(o->name));
	complain(p, cfg->line, "there is no key \"%.*s\"%s%s%s%.*s%s",
		(int)word.n, word.p, is_top ? "" : " in a section ",
		is_top ? "" : name, near.name.n ? "; did you mean \"" : "",
		(int)near.name.n, near.name.p, near.name.n ? "\"?" : "");
}

/* The parser's own complaints. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	struct parser *p = parsing;
	char text[400];
	struct str rest, word;

	vsnprintf(text, sizeof(text), fmt, ap);
	rest = str_of(text);
	if (str_take(&rest, S("no such option '")) &&
		str_cut(rest, '\'', &word, &rest))
		complain_unknown(p, cfg, word);
	else
		complain(p, cfg->line, "%s", text);
}

/* --- values --------------------------------------------------------------- */

static int
check_value(
	struct parser *p, const cfg_t *cfg, const char *name, const char *text)
{
	struct err err;

	if (conf_value_check(name, text, &err) == 0)
		return 0;
	complain(p, cfg->line, "%s: %s", name, err.text);
	return -1;
}

static struct given *
given_find(struct parser *p, const cfg_opt_t *opt)
{
	for (unsigned i = 0; i < p->given_n; i++)
		if (p->given[i].opt == opt)
			return &p->given[i];
	return NULL;
}

/* A value was read, one of a list at a time, or the only one of a list a
 * second time: remember where, look at it. */
static int
on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	struct parser *p = parsing;
	struct given *g = given_find(p, opt);
	unsigned n = cfg_opt_size(opt);
	const char *last = n ? cfg_opt_getnstr(opt, n - 1) : "";
	bool is_list = opt->flags & CFGF_LIST;

	if (g && n <= 1 && !(is_list && str_eq(g->first, str_of(last)))) {
		complain(p, cfg->line, "%s: given in line %d already%s",
			opt->name, g->line,
			is_list ? "; write one list { \"a\", \"b\" }" : "");
		return -1;
	}
	if (!g && p->given_n < GIVEN_MAX)
		p->given[p->given_n++] = (struct given){ opt, cfg->line,
			arena_str(&p->conf->arena, str_of(last)) };
	return n ? check_value(p, cfg, opt->name, last) : 0;
}

static cfg_opt_t
key_of(const char *name, bool is_list)
{
	cfg_opt_t one = CFG_STR(name, NULL, CFGF_NODEFAULT);
	cfg_opt_t list = CFG_STR_LIST(name, NULL, CFGF_NODEFAULT);
	cfg_opt_t key = is_list ? list : one;

	key.validcb = on_value;
	return key;
}

static cfg_opt_t
section_of(cfg_opt_t *keys, const char *name, const struct hook *hook)
{
	const struct conf_key *k = conf_listen_keys;
	const struct hook_option_type *o = hook ? hook->options : NULL;
	bool is_listening = !hook || hook->is_listening;
	unsigned n = 0;

	for (; is_listening && k->name; k++)
		keys[n++] = key_of(k->name, strcmp(k->name, "listen") == 0);
	for (; o && o->name && n < KEYS_MAX - 1; o++)
		keys[n++] = key_of(o->name, o->is_list);
	keys[n] = (cfg_opt_t)CFG_END();

	cfg_opt_t section = CFG_SEC(
		name, keys, CFGF_MULTI | CFGF_NO_TITLE_DUPES);

	if (hook && hook->is_named)
		section.flags |= CFGF_TITLE;
	else
		section.flags &= ~CFGF_NO_TITLE_DUPES;
	return section;
}

static void
tables_make(struct parser *p)
{
	unsigned n = 0;

	for (const struct conf_key *k = conf_keys; k->name; k++)
		p->all[n++] = key_of(k->name, false);
	p->all[n++] = section_of(p->keys[0], "control", NULL);
	for (size_t i = 0; conf_hook(i) && n < CONF_SECTIONS_MAX - 1; i++)
		p->all[n++] = section_of(
			p->keys[i + 1], conf_hook(i)->name, conf_hook(i));
	p->all[n] = (cfg_opt_t)CFG_END();
}

/* --- what was read ------------------------------------------------------------ */

static const char *
keep(struct conf *c, const char *text)
{
	return text ? arena_str(&c->arena, str_of(text)).p : NULL;
}

static const char *
value_of(struct conf *c, cfg_t *cfg, const struct conf_key *k)
{
	const char *text = cfg_size(cfg, k->name) ? cfg_getstr(cfg, k->name)
						  : k->initial;

	return keep(c, text);
}

static void
take_options(struct conf *c, struct conf_section *s, cfg_t *sec)
{
	const struct hook_option_type *o = s->hook ? s->hook->options : NULL;
	size_t n = 0;

	for (; o && o->name; o++)
		n += cfg_size(sec, o->name);
	s->options = arena_alloc(&c->arena, (n + 1) * sizeof(*s->options));
	for (o = s->hook ? s->hook->options : NULL; o && o->name; o++)
		for (unsigned i = 0; i < cfg_size(sec, o->name); i++)
			s->options[s->options_n++] = (struct hook_option){
				o->name,
				keep(c, cfg_getnstr(sec, o->name, i)),
			};
}

static void
take_listeners(struct conf *c, struct conf_section *s, cfg_t *sec)
{
	s->listen_n = cfg_size(sec, "listen");
	s->listen = arena_alloc(&c->arena, (s->listen_n + 1) * sizeof(char *));
	for (unsigned i = 0; i < s->listen_n; i++)
		s->listen[i] = keep(c, cfg_getnstr(sec, "listen", i));
	s->mode = value_of(c, sec, &conf_listen_keys[1]);
	s->group = value_of(c, sec, &conf_listen_keys[2]);
}

static void
take_lines(struct parser *p, struct conf_lines *ret, const cfg_t *cfg)
{
	size_t n = 0;

	while (cfg->opts[n].name)
		n++;
	ret->p = arena_alloc(&p->conf->arena, (n + 1) * sizeof(*ret->p));
	for (const cfg_opt_t *o = cfg->opts; o->name; o++) {
		const struct given *g = given_find(p, o);

		if (g)
			ret->p[ret->n++] = (struct conf_line){
				keep(p->conf, o->name), (unsigned)g->line
			};
	}
}

/* The line of the key that a hook's complaint "SOURCE: KEY: …" is about;
 * else that of the section. */
static int
line_of(const struct conf_section *s, struct str complaint)
{
	struct str key = { 0 }, rest;
	char name[64];

	str_take(&complaint, str_of(s->source));
	str_take(&complaint, S(": "));
	str_cut(complaint, ':', &key, &rest);
	snprintf(name, sizeof(name), "%.*s", (int)key.n, key.p ? key.p : "");
	return (int)conf_line(&s->lines, name, s->line);
}

static void
check_section(struct conf *c, const struct conf_section *s, struct err *err)
{
	struct hook_listener *l = arena_alloc(
		&c->arena, (s->listen_n + 1) * sizeof(*l));
	struct hook_config config = conf_hook_config(s, l);

	for (size_t i = 0; i < s->listen_n; i++)
		l[i] = (struct hook_listener){ -1, s->listen[i] };
	hook_check(s->hook, &config, err);
}

static void
take_section(struct parser *p, cfg_t *sec, const struct hook *hook)
{
	struct conf *c = p->conf;
	struct conf_section *s = &c->sections[c->sections_n];
	struct err err = { { 0 } };

	if (c->sections_n == CONF_SECTIONS_MAX) {
		complain(p, sec->line, "expected at most %d sections",
			CONF_SECTIONS_MAX);
		return;
	}
	c->sections_n++;
	s->hook = hook;
	s->source = keep(c, cfg_title(sec) ? cfg_title(sec) : cfg_name(sec));
	s->line = conf_text_first(&p->text, (unsigned)sec->line);
	take_lines(p, &s->lines, sec);
	if (!hook || hook->is_listening)
		take_listeners(c, s, sec);
	take_options(c, s, sec);
	if (!hook && s->listen_n == 0)
		err_set(&err, "control: listen: expected at least one address");
	for (size_t i = 0; !hook && i < s->listen_n; i++)
		if (!str_starts(str_of(s->listen[i]), S("unix:")))
			err_set(&err,
				"control: listen: expected unix:/path, "
				"not \"%s\"",
				s->listen[i]);
	if (hook)
		check_section(c, s, &err);
	if (*err.text)
		complain(p, line_of(s, str_of(err.text)), "%s", err.text);
}

static void
take_sections(
	struct parser *p, cfg_t *cfg, const char *name, const struct hook *hook)
{
	for (unsigned i = 0; i < cfg_size(cfg, name); i++)
		take_section(p, cfg_getnsec(cfg, name, i), hook);
}

static uint32_t
number_of(struct conf *c, cfg_t *cfg, const struct conf_key *k)
{
	return (uint32_t)strtoul(value_of(c, cfg, k), NULL, 10);
}

static void
take_all(struct parser *p, cfg_t *cfg)
{
	struct conf *c = p->conf;

	take_lines(p, &c->lines, cfg);
	c->state = value_of(c, cfg, &conf_keys[0]);
	c->user = value_of(c, cfg, &conf_keys[1]);
	c->ipv6_prefix = (uint8_t)number_of(c, cfg, &conf_keys[2]);
	c->max_ipv4 = number_of(c, cfg, &conf_keys[3]);
	c->max_ipv6 = number_of(c, cfg, &conf_keys[4]);
	c->sandbox = value_of(c, cfg, &conf_keys[5]);
	take_sections(p, cfg, "control", NULL);
	for (size_t i = 0; conf_hook(i); i++)
		take_sections(p, cfg, conf_hook(i)->name, conf_hook(i));
}

static void
parse(struct parser *p)
{
	cfg_t *cfg = cfg_init(p->all, CFGF_NONE);
	struct buf *text = &p->text.text;
	FILE *f;

	if (!str_ends(buf_str(text), S("\n")))
		buf_addc(text, '\n');
	f = fmemopen(text->p, text->n, "r");
	if (!cfg || !f)
		abort();
	p->top = cfg;
	cfg_set_error_function(cfg, on_error);
	if (cfg_parse_fp(cfg, f) == CFG_SUCCESS)
		take_all(p, cfg);
	else if (p->errors_n == 0) /* on_error() says why, as a rule */
		complain(p, cfg->line, "cannot be read");
	fclose(f);
	cfg_free(cfg);
}

unsigned
conf_parse(
	struct conf *ret, const char *file, struct str text, struct buf *errors)
{
	struct parser *p = calloc(1, sizeof(*p));
	unsigned n, open;

	if (!p)
		abort();
	p->conf = ret;
	p->file = file;
	p->errors = errors;
	tables_make(p);
	parsing = p;
	conf_text_read(&p->text, text);
	open = conf_text_open(&p->text);
	if (open)
		complain(p, (int)open, "this { has no }");
	else
		parse(p);
	parsing = NULL;
	n = p->errors_n;
	buf_free(&p->text.text);
	free(p);
	return n;
}
