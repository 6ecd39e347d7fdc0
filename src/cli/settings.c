/* SPDX-License-Identifier: ISC */

#include "core/settings.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/settings.h"
#include "cli/show.h"
#include "control/suggest.h"

enum exit_code
settings_fetch(struct cli *c, struct answer *ret)
{
	struct question q;

	question_open(&q, "GET", "/settings");
	return client_ask(c, &q, ret);
}

enum exit_code
settings_list_run(struct cli *c)
{
	static const struct grid_column columns[] = {
		{ "", GRID_LEFT },
		{ "SETTING", GRID_LEFT },
		{ "VALUE", GRID_LEFT },
		{ "DEFAULT", GRID_LEFT },
		{ "MEANING", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	struct answer a;
	const struct json_t *f;
	enum exit_code code = settings_fetch(c, &a);

	if (code)
		return code;
	const struct json_t *items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (f = json_tree_at(items, i)); i++) {
		bool is_changed = json_tree_bool(f, "changed");

		grid_add(&t, is_changed ? S("*") : S(""));
		show_cell(&t, f, "name");
		show_cell(&t, f, "value");
		if (is_changed)
			show_cell(&t, f, "default");
		else
			grid_add(&t, S(""));
		show_cell(&t, f, "summary");
	}
	if (!client_json(c, &a))
		grid_print(&t, c);
	answer_free(&a);
	return EXIT_CODE_DONE;
}

static void
show_setting(struct cli *c, const struct json_t *f)
{
	show_text(c, json_tree_str(f, "name"));
	buf_add(&c->out, S(" = "));
	show_text(c, json_tree_str(f, "value"));
	buf_addc(&c->out, '\n');
}

static const struct json_t *
find(const struct json_t *items, const char *name)
{
	const struct json_t *f;

	for (size_t i = 0; (f = json_tree_at(items, i)); i++) {
		if (str_eq(json_tree_str(f, "name"), str_of(name)))
			return f;
	}
	return NULL;
}

static enum exit_code
fail_name(struct cli *c, const struct json_t *items, const char *name)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct suggestion s = { 0 };
	const struct json_t *f;

	for (size_t i = 0; (f = json_tree_at(items, i)); i++)
		suggest(&s, str_of(name), json_tree_str(f, "name"));
	utf8_add_safe(&b, str_of(name));
	if (s.name.n)
		return cli_fail(c, EXIT_CODE_NOT_FOUND,
			"unknown setting \"%s\": did you mean \"%.*s\"?",
			buf_text(&b), (int)s.name.n, s.name.p);
	return cli_fail(c, EXIT_CODE_NOT_FOUND,
		"unknown setting \"%s\": \"brattice settings\" lists them",
		buf_text(&b));
}

/* The setting that is asked for at @i, or any when none was named. */
static const struct json_t *
setting_at(const struct cli *c, const struct json_t *items, size_t i)
{
	if (c->call.words == 0)
		return json_tree_at(items, i);
	return i < c->call.words ? find(items, c->call.word[i]) : NULL;
}

/* The answer of the API, but with what was asked for only. */
static void
write_settings(struct cli *c, const struct json_t *items)
{
	const struct json_t *f;

	buf_add(&c->out, S("{\"items\":["));
	for (size_t i = 0; (f = setting_at(c, items, i)); i++) {
		if (i)
			buf_addc(&c->out, ',');
		json_tree_write(&c->out, f);
	}
	buf_add(&c->out, S("]}\n"));
}

enum exit_code
settings_get_run(struct cli *c)
{
	struct answer a;
	const struct json_t *f;
	enum exit_code code = settings_fetch(c, &a);

	if (code)
		return code;
	const struct json_t *items = json_tree_get(a.doc, "items");
	for (unsigned i = 0; i < c->call.words && !code; i++) {
		if (!find(items, c->call.word[i]))
			code = fail_name(c, items, c->call.word[i]);
	}
	if (!code && cli_has(c, OPT_JSON))
		write_settings(c, items);
	for (size_t i = 0;
		!code && !cli_has(c, OPT_JSON) && (f = setting_at(c, items, i));
		i++)
		show_setting(c, f);
	answer_free(&a);
	return code;
}

/* Of a dry run: who would be blocked. */
static void
add_impact(struct cli *c, const struct json_t *impact)
{
	const struct json_t *list = json_tree_get(impact, "examples"), *v;
	int64_t n = json_tree_int(impact, "would_block");

	if (n == 0)
		return;
	text_add_count(&c->out, n, "address", "addresses");
	buf_add(&c->out, n == 1 ? S(" that is below a threshold now would be "
				    "over it")
				: S(" that are below a threshold now would be "
				    "over it"));
	for (size_t i = 0; (v = json_tree_at(list, i)); i++) {
		struct str s = { 0 };

		(void)json_in_text(v, &s);
		buf_add(&c->out, i ? S(", ") : S(": "));
		show_text(c, s);
	}
	buf_addc(&c->out, '\n');
}

enum exit_code
settings_change(struct cli *c, struct question *q)
{
	struct answer a;
	const struct json_t *f;
	enum exit_code code = client_ask(c, q, &a);

	if (code)
		return code;
	const struct json_t *list = json_tree_get(a.doc, "changed");
	if (!client_json(c, &a) && !cli_has(c, OPT_QUIET)) {
		for (size_t i = 0; (f = json_tree_at(list, i)); i++) {
			show_text(c, json_tree_str(f, "name"));
			buf_add(&c->out, S(": "));
			show_text(c, json_tree_str(f, "before"));
			buf_add(&c->out, S(" → "));
			show_text(c, json_tree_str(f, "after"));
			buf_addc(&c->out, '\n');
		}
		add_impact(c, json_tree_get(a.doc, "impact"));
	}
	if (cli_has(c, OPT_DRY_RUN))
		cli_note(c, "nothing was changed: --dry-run");
	answer_free(&a);
	return EXIT_CODE_DONE;
}

static void
add_key(struct json *j, struct str name)
{
	/* Names come from the command line: json_key() takes no such. */
	if (j->comma)
		buf_addc(j->b, ',');
	json_quote(j->b, name);
	buf_addc(j->b, ':');
	j->comma = false;
}

/* The key of a word "KEY" or "KEY=VALUE". */
static struct str
key_of(const struct cli *c, unsigned i)
{
	struct str name, value;

	str_cut(str_of(c->call.word[i]), '=', &name, &value);
	return str_trim(name);
}

/* A key that is given twice would be a guess. */
static bool
is_each_once(struct cli *c)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	for (unsigned i = 1; i < c->call.words; i++) {
		for (unsigned k = 0; k < i; k++) {
			if (!str_eq(key_of(c, i), key_of(c, k)))
				continue;
			utf8_add_safe(&b, key_of(c, i));
			cli_fail(c, EXIT_CODE_USAGE,
				"\"%s\" is given twice; nothing was changed",
				buf_text(&b));
			return false;
		}
	}
	return true;
}

static bool
are_pairs(struct cli *c)
{
	struct str name, value;

	for (unsigned i = 0; i < c->call.words; i++) {
		if (str_cut(str_of(c->call.word[i]), '=', &name, &value))
			continue;
		cli_fail(c, EXIT_CODE_USAGE,
			"expected KEY=VALUE, such as smtp.threshold=1200");
		return false;
	}
	return is_each_once(c);
}

static void
open_patch(struct cli *c, struct question *q)
{
	question_open(q, "PATCH", "/settings");
	question_param(q, "dry_run", cli_has(c, OPT_DRY_RUN) ? "true" : NULL);
}

enum exit_code
settings_set_run(struct cli *c)
{
	struct question q;
	struct str name, value;

	if (!are_pairs(c))
		return EXIT_CODE_USAGE;
	open_patch(c, &q);
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	for (unsigned i = 0; i < c->call.words; i++) {
		str_cut(str_of(c->call.word[i]), '=', &name, &value);
		add_key(&j, str_trim(name));
		json_str(&j, str_trim(value));
	}
	json_close(&j, '}');
	return settings_change(c, &q);
}

enum exit_code
settings_reset_run(struct cli *c)
{
	struct question q;

	if (!is_each_once(c))
		return EXIT_CODE_USAGE;
	open_patch(c, &q);
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	for (unsigned i = 0; i < c->call.words; i++) {
		add_key(&j, str_of(c->call.word[i]));
		json_null(&j);
	}
	json_close(&j, '}');
	return settings_change(c, &q);
}
