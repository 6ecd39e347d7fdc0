/* SPDX-License-Identifier: ISC */

#include "base/json.h"
#include "cli/client.h"
#include "cli/never_dry.h"
#include "cli/online.h"
#include "cli/show.h"
#include "cli/word.h"

static void
show_list(struct cli *c, const struct json_t *items)
{
	static const struct grid_column columns[] = {
		{ "ADDRESS", GRID_LEFT },
		{ "ADDED", GRID_LEFT },
		{ "BY", GRID_LEFT },
		{ "NOTE", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *n;

	for (size_t i = 0; (n = json_tree_at(items, i)); i++) {
		show_cell(&t, n, "address");
		if (json_tree_bool(n, "builtin")) {
			grid_add(&t, S("always"));
		} else {
			show_cell_time(&t, c, n, "added");
		}
		show_cell(&t, n, "by");
		show_cell(&t, n, "note");
	}
	grid_print(&t, c);
}

static void
show_quiet(struct cli *c, const struct json_t *items)
{
	const struct json_t *n;

	for (size_t i = 0; (n = json_tree_at(items, i)); i++) {
		show_text(c, json_tree_str(n, "address"));
		buf_addc(&c->out, '\n');
	}
}

enum exit_code
never_list_run(struct cli *c)
{
	struct question q;
	struct answer a;

	question_open(&q, "GET", "/never");
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	const struct json_t *items = json_tree_get(a.doc, "items");
	if (cli_has(c, OPT_QUIET))
		show_quiet(c, items);
	else if (!client_json(c, &a))
		show_list(c, items);
	answer_free(&a);
	return EXIT_CODE_DONE;
}

/* The only argument must be a network; begin a question about it. */
static enum exit_code
open_question(
	struct cli *c, struct question *q, const char *method, const char *path)
{
	const char *word = c->call.word[0];
	enum word_type type = word_type(word);

	if (type != WORD_ADDR && type != WORD_PREFIX)
		return word_fail(c, word,
			"an address or network such as 198.51.100.0/24");
	question_open(q, method, path);
	return EXIT_CODE_DONE;
}

enum exit_code
never_add_run(struct cli *c)
{
	struct question q;
	struct answer a;
	enum exit_code code = open_question(c, &q, "POST", "/never");

	if (code)
		return code;
	if (cli_has(c, OPT_DRY_RUN)) {
		question_free(&q);
		return never_add_dry(c);
	}
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	json_member_str(&j, "address", str_of(c->call.word[0]));
	if (c->call.option[OPT_NOTE])
		json_member_str(&j, "note", str_of(c->call.option[OPT_NOTE]));
	json_close(&j, '}');
	code = client_ask(c, &q, &a);
	if (code == EXIT_CODE_DONE && !client_json(c, &a) &&
		!cli_has(c, OPT_QUIET)) {
		show_text(c, json_tree_str(a.doc, "address"));
		buf_add(&c->out, S(" is never blocked from now on; lifted "));
		text_add_count(&c->out, json_tree_int(a.doc, "lifted_n"),
			"block", "blocks");
		buf_addc(&c->out, '\n');
	}
	answer_free(&a);
	return code;
}

static void
show_freed(struct cli *c, const struct json_t *x)
{
	const struct json_t *still = json_tree_get(x, "still_covered");

	show_text(c, json_tree_str(x, "removed"));
	if (!still) {
		buf_add(&c->out, S(" can be blocked again\n"));
		return;
	}
	buf_add(&c->out, S(" is removed, but still never blocked by "));
	show_text(c, json_tree_str(still, "address"));
	if (json_tree_bool(still, "builtin"))
		buf_add(&c->out, S(", which is always in force"));
	buf_addc(&c->out, '\n');
}

enum exit_code
never_remove_run(struct cli *c)
{
	struct question q;
	struct answer a;
	enum exit_code code = open_question(c, &q, "DELETE", "/never");

	if (code)
		return code;
	if (cli_has(c, OPT_DRY_RUN)) {
		question_free(&q);
		return never_remove_dry(c);
	}
	question_param(&q, "address", c->call.word[0]);
	code = client_ask(c, &q, &a);
	if (code == EXIT_CODE_DONE && !client_json(c, &a) &&
		!cli_has(c, OPT_QUIET)) {
		show_freed(c, a.doc);
	}
	answer_free(&a);
	return code;
}

static void
show_check(struct cli *c, const struct json_t *x)
{
	const struct json_t *entry = json_tree_get(x, "entry");

	show_text(c, json_tree_str(x, "address"));
	if (!entry) {
		buf_add(&c->out, S(" is not in the never-block list\n"));
		return;
	}
	buf_add(&c->out, S(" is never blocked: entry "));
	show_text(c, json_tree_str(entry, "address"));
	buf_addc(&c->out, ' ');
	show_text(c, json_tree_str(entry, "note"));
	buf_addc(&c->out, '\n');
}

enum exit_code
never_check_run(struct cli *c)
{
	struct question q;
	struct answer a;
	enum exit_code code = open_question(c, &q, "GET", "/never/check");

	if (code)
		return code;
	question_param(&q, "address", c->call.word[0]);
	code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (!json_tree_bool(a.doc, "covered"))
		code = EXIT_CODE_NOT_FOUND;
	if (!client_json(c, &a) && !cli_has(c, OPT_QUIET))
		show_check(c, a.doc);
	answer_free(&a);
	return code;
}
