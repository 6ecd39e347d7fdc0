/* SPDX-License-Identifier: ISC */

/* Settings as a text file: out and in. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/online.h"
#include "cli/settings.h"
#include "cli/show.h"
#include "core/settings.h"
#include "sys/disk.h"

enum {
	FILE_MAX = 1 << 20, /* of settings [bytes] */
};

/* A text stands in quotes, so that blanks at its ends are kept. */
static void
add_setting(struct cli *c, const struct json_t *f)
{
	bool is_text = str_eq(json_tree_str(f, "type"), S("text"));

	buf_add(&c->out, S("\n# "));
	show_text(c, json_tree_str(f, "summary"));
	if (json_tree_bool(f, "changed")) {
		buf_add(&c->out, S("\n# default: "));
		show_text(c, json_tree_str(f, "default"));
	}
	buf_addc(&c->out, '\n');
	buf_add(&c->out, json_tree_str(f, "name"));
	buf_add(&c->out, is_text ? S(" = \"") : S(" = "));
	buf_add(&c->out, json_tree_str(f, "value"));
	buf_add(&c->out, is_text ? S("\"\n") : S("\n"));
}

enum exit_code
settings_export_run(struct cli *c)
{
	bool is_all = !cli_has(c, OPT_CHANGED);
	const struct json_t *f;
	struct answer a;
	enum exit_code code = settings_fetch(c, &a);

	if (code || client_json(c, &a)) {
		answer_free(&a);
		return code;
	}
	buf_add(&c->out, S("# Settings of Brattice; \"brattice settings import "
			   "FILE\" takes them.\n"));
	const struct json_t *items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (f = json_tree_at(items, i)); i++) {
		if (is_all || json_tree_bool(f, "changed"))
			add_setting(c, f);
	}
	answer_free(&a);
	return EXIT_CODE_DONE;
}

static int
read_input(struct buf *ret, struct err *err)
{
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf_room(ret, 4096), 4096)) > 0) {
		ret->n += (size_t)n;
		if (ret->n > FILE_MAX)
			return err_set(
				err, "expected at most %d bytes", FILE_MAX);
	}
	return n < 0 ? err_set(err, "%s", strerror(errno)) : 0;
}

static int
read_file(struct settings *s, const char *path, struct err *err)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	bool is_input = strcmp(path, "-") == 0;
	struct err why;

	if (is_input ? read_input(&text, &why) < 0
		     : disk_read(path, FILE_MAX, &text, &why) < 0)
		return err_set(err, "%s%.440s",
			is_input ? "standard input: " : "", why.text);
	if (settings_parse(s, buf_str(&text), &why) == 0)
		return 0;
	return err_set(err, "%.100s: %.370s",
		is_input ? "standard input" : path, why.text);
}

static void
add_value(struct buf *b, const struct settings *s, const struct field *f)
{
	b->n = 0;
	settings_add(b, s, f);
}

/* The settings of @after that @before doesn't have. */
static void
add_differences(struct buf *body, const struct settings *before,
	const struct settings *after)
{
	const struct settings initial = settings_default();
	struct buf old CLEANUP(buf_free) = { 0 };
	struct buf new CLEANUP(buf_free) = { 0 };
	struct buf standard CLEANUP(buf_free) = { 0 };
	struct json j = { .b = body };
	size_t n;
	const struct field *fields = settings_fields(&n);

	json_open(&j, '{');
	for (size_t i = 0; i < n; i++) {
		add_value(&old, before, &fields[i]);
		add_value(&new, after, &fields[i]);
		add_value(&standard, &initial, &fields[i]);
		if (str_eq(buf_str(&old), buf_str(&new)))
			continue;
		json_key(&j, fields[i].name);
		if (str_eq(buf_str(&new), buf_str(&standard)))
			json_null(&j); /* a default isn't kept */
		else
			json_str(&j, buf_str(&new));
	}
	json_close(&j, '}');
}

static enum exit_code
read_current(struct cli *c, struct settings *ret)
{
	const struct json_t *f;
	struct answer a;
	struct err err;
	enum exit_code code = settings_fetch(c, &a);

	if (code)
		return code;
	*ret = settings_default();
	const struct json_t *items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (f = json_tree_at(items, i)) && !code; i++) {
		if (settings_set(ret, json_tree_str(f, "name"),
			    json_tree_str(f, "value"), &err))
			code = cli_fail(c, EXIT_CODE_FAILED,
				"the daemon is of another version: %s",
				err.text);
	}
	answer_free(&a);
	return code;
}

static enum exit_code
take_file(struct cli *c, bool is_dry)
{
	struct settings before, after;
	struct question q;
	struct err err;
	enum exit_code code = read_current(c, &before);

	if (code)
		return code;
	after = before;
	if (read_file(&after, c->call.word[0], &err) < 0)
		return cli_fail(c, EXIT_CODE_INVALID, "%s", err.text);
	question_open(&q, "PATCH", "/settings");
	question_param(&q, "dry_run", is_dry ? "true" : NULL);
	add_differences(&q.body, &before, &after);
	return settings_change(c, &q);
}

enum exit_code
settings_import_run(struct cli *c)
{
	return take_file(c, cli_has(c, OPT_DRY_RUN));
}

static void
add_difference(struct cli *c, const struct json_t *f)
{
	show_text(c, json_tree_str(f, "name"));
	buf_add(&c->out, S(": "));
	show_text(c, json_tree_str(f, "default"));
	buf_add(&c->out, S(" → "));
	show_text(c, json_tree_str(f, "value"));
	buf_addc(&c->out, '\n');
}

enum exit_code
settings_diff_run(struct cli *c)
{
	struct answer a;
	const struct json_t *f;

	if (c->call.words)
		return take_file(c, true);
	enum exit_code code = settings_fetch(c, &a);
	if (code)
		return code;
	const struct json_t *items = json_tree_get(a.doc, "items");
	for (size_t i = 0;
		!cli_has(c, OPT_JSON) && (f = json_tree_at(items, i)); i++) {
		if (json_tree_bool(f, "changed"))
			add_difference(c, f);
	}
	(void)client_json(c, &a);
	answer_free(&a);
	return EXIT_CODE_DONE;
}
