/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "control/suggest.h"
#include "control/verb.h"

/* Where the parser stands. */
struct parser {
	struct call *call;
	const char *const *argv;
	int argc, at;
	struct err *err;
};

static bool
has_option(const struct verb *v, unsigned o)
{
	return o < OPT_GLOBALS || (v && v->options & UINT64_C(1) << o);
}

/* What the user wrote, fit for a terminal. */
static struct str
quoted(struct buf *b, struct str s)
{
	b->n = 0;
	utf8_add_safe(b, s);
	return buf_str(b);
}

static int
fail_unknown(const struct parser *p, const char *what, struct str word,
	const struct suggestion *s)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct str q = quoted(&b, word);
	const char *verb = p->call->verb ? p->call->verb->path : NULL;

	if (s->name.n)
		return err_set(p->err,
			"unknown %s \"%.*s\": did you mean \"%s%.*s\"?", what,
			(int)q.n, q.p, *what == 'o' ? "--" : "", (int)s->name.n,
			s->name.p);
	return err_set(p->err,
		"unknown %s \"%.*s\": \"brattice help%s%s\" "
		"lists them",
		what, (int)q.n, q.p, verb ? " " : "", verb ? verb : "");
}

static int
fail_option(const struct parser *p, struct str word)
{
	struct suggestion s = { 0 };

	for (unsigned o = 0; o < OPTIONS; o++) {
		if (has_option(p->call->verb, o))
			suggest(&s, word, str_of(option_rows[o].name));
	}
	return fail_unknown(p, "option", word, &s);
}

static bool
is_choice(const struct option_row *row, struct str value)
{
	for (unsigned i = 0; row->choices[i]; i++) {
		if (str_eq(value, str_of(row->choices[i])))
			return true;
	}
	return false;
}

static bool
is_value(const struct option_row *row, struct str v)
{
	int64_t n;

	switch (row->type) {
	case VALUE_SPAN:
		return str_eq(v, S("none")) || (num_parse_span(v, 60, &n) && n);
	case VALUE_TIME: return stamp_parse(v, &n) || num_parse_span(v, 60, &n);
	case VALUE_NUMBER: return num_parse(v, 0, 1000000000, &n);
	case VALUE_CHOICE: return is_choice(row, v);
	case VALUE_NONE:
	case VALUE_TEXT: break;
	}
	return true;
}

/* Keep an option; @value is NULL when the next argument is meant. */
static int
option_take(struct parser *p, unsigned o, const char *value)
{
	const struct option_row *row = &option_rows[o];
	struct buf b CLEANUP(buf_free) = { 0 };

	if (row->type == VALUE_NONE) {
		if (value)
			return err_set(p->err, "option --%s takes no value",
				row->name);
		p->call->option[o] = "";
		return 0;
	}
	if (!value && ++p->at < p->argc)
		value = p->argv[p->at];
	if (!value)
		return err_set(p->err, "option --%s wants a value: %s",
			row->name, row->summary);
	if (!is_value(row, str_of(value))) {
		struct str q = quoted(&b, str_of(value));

		return err_set(p->err, "--%s \"%.*s\" is no %s. %s", row->name,
			(int)q.n, q.p, row->value, row->summary);
	}
	p->call->option[o] = value;
	return 0;
}

static int
take_long(struct parser *p, const char *arg)
{
	struct str name, rest;
	bool has_value = str_cut(str_of(arg), '=', &name, &rest);

	for (unsigned o = 0; o < OPTIONS; o++) {
		if (has_option(p->call->verb, o) &&
			str_eq(name, str_of(option_rows[o].name)))
			return option_take(p, o, has_value ? rest.p : NULL);
	}
	return fail_option(p, name);
}

static int
take_short(struct parser *p, const char *arg)
{
	for (; *arg; arg++) {
		unsigned o = 0;

		while (o < OPTIONS && (option_rows[o].letter != *arg ||
					      !has_option(p->call->verb, o)))
			o++;
		if (o == OPTIONS)
			return fail_option(p, (struct str){ arg, 1 });
		bool is_flag = option_rows[o].type == VALUE_NONE;
		if (option_take(p, o, is_flag || !arg[1] ? NULL : arg + 1))
			return -1;
		if (!is_flag)
			break;
	}
	return 0;
}

static const struct verb *
verb_find_pair(const char *first, const char *second)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%s %s", first, second);
	return verb_find(buf_str(&b));
}

/* One word, two ("never add"), or one that means "list". */
static int
take_verb(struct parser *p)
{
	const char *first = p->argv[p->at];
	struct suggestion s = { 0 };

	if (p->at + 1 < p->argc) {
		p->call->verb = verb_find_pair(first, p->argv[p->at + 1]);
		p->at += p->call->verb != NULL;
	}
	if (!p->call->verb)
		p->call->verb = verb_find(str_of(first));
	if (!p->call->verb)
		p->call->verb = verb_find_pair(first, "list");
	if (p->call->verb)
		return 0;
	for (unsigned i = 0; i < verbs_n; i++)
		suggest(&s, str_of(first), verb_name(&verbs[i]));
	return fail_unknown(p, "command", str_of(first), &s);
}

static int
take_word(struct parser *p)
{
	if (!p->call->verb)
		return take_verb(p);
	p->call->word[p->call->words++] = p->argv[p->at];
	return 0;
}

/* A word behind a verb that takes none: perhaps a sub-command. */
static int
fail_words(const struct parser *p)
{
	const struct verb *v = p->call->verb;
	struct buf b CLEANUP(buf_free) = { 0 };
	struct suggestion s = { 0 };
	struct str family, tail;

	if (p->call->words < v->args_min)
		return err_set(
			p->err, "usage: brattice %s %s", v->path, v->args);
	str_cut(str_of(v->path), ' ', &family, &tail);
	buf_add(&b, family);
	buf_printf(&b, " %s", p->call->word[v->args_max]);
	for (unsigned i = 0; tail.n && i < verbs_n; i++) {
		if (str_starts(str_of(verbs[i].path), family))
			suggest(&s, buf_str(&b), str_of(verbs[i].path));
	}
	if (s.name.n)
		return fail_unknown(p, "command", buf_str(&b), &s);
	return err_set(p->err, "too many arguments; usage: brattice %s%s%s",
		v->path, *v->args ? " " : "", v->args);
}

/* One form of output, and one that the verb has. */
static int
check_form(const struct parser *p)
{
	static const enum option forms[] = { OPT_JSON, OPT_JSONL, OPT_CSV };
	const char *const *option = p->call->option;
	const struct verb *v = p->call->verb;
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		n += option[forms[i]] != NULL;
	if (n > 1)
		return err_set(p->err,
			"give one of --json, --jsonl and --csv, not several");
	if (v->shape & VERB_TABLE || (!option[OPT_CSV] && !option[OPT_COLUMNS]))
		return 0;
	return err_set(p->err, "--%s is for lists; \"brattice %s\" prints none",
		option[OPT_CSV] ? "csv" : "columns", v->path);
}

static int
words_check(const struct parser *p)
{
	const struct verb *v = p->call->verb;

	if (!v || p->call->option[OPT_HELP])
		return 0;
	if (check_form(p))
		return -1;
	if (p->call->words < v->args_min ||
		(v->args_max != VERB_MANY && p->call->words > v->args_max))
		return fail_words(p);
	return 0;
}

int
call_parse(struct call *ret, int argc, const char *const *argv, struct err *err)
{
	struct parser p = { ret, argv, argc, 1, err };
	bool is_over = false;

	*ret = (struct call){ 0 };
	ret->word = mem_alloc((size_t)argc, sizeof(*ret->word));
	for (; p.at < argc; p.at++) {
		const char *arg = argv[p.at];
		int rc;

		if (is_over || arg[0] != '-' || !arg[1])
			rc = take_word(&p);
		else if (strcmp(arg, "--") == 0)
			rc = !(is_over = true);
		else if (arg[1] == '-')
			rc = take_long(&p, arg + 2);
		else
			rc = take_short(&p, arg + 1);
		if (rc)
			return -1;
	}
	return words_check(&p);
}

void
call_free(struct call *c)
{
	free(c->word);
	c->word = NULL;
	c->words = 0;
}
