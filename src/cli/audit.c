/* SPDX-License-Identifier: ISC */

/*
 * Who did what, and is the record of it whole?
 */

#include "base/json.h"
#include "cli/client.h"
#include "cli/grid.h"
#include "cli/online.h"
#include "cli/show.h"

enum exit_code
audit_list_run(struct cli *c)
{
	static const struct grid_column columns[] = { { "TIME", GRID_LEFT },
		{ "ACTOR", GRID_LEFT }, { "VIA", GRID_LEFT },
		{ "ACTION", GRID_LEFT }, { "TARGET", GRID_LEFT } };
	struct grid t = { .columns = columns, .columns_n = 5 };
	const struct json_t *items, *row;
	struct question q;
	struct answer a = { 0 };
	enum exit_code code;

	question_open(&q, "GET", "/audit");
	question_param(&q, "q", c->call.words ? c->call.word[0] : NULL);
	question_param(&q, "limit", c->call.option[OPT_LIMIT]);
	code = client_ask(c, &q, &a);
	if (code || client_json(c, &a))
		goto out;
	items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (row = json_tree_at(items, i)); i++) {
		show_cell_time(&t, c, row, "time");
		show_cell(&t, row, "actor");
		show_cell(&t, row, "via");
		show_cell(&t, row, "action");
		show_cell(&t, row, "target");
	}
	grid_print(&t, c);
out:
	grid_free(&t);
	answer_free(&a);
	return code;
}

enum exit_code
audit_verify_run(struct cli *c)
{
	struct question q;
	struct answer a = { 0 };
	enum exit_code code;

	question_open(&q, "GET", "/audit/verify");
	code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (!json_tree_bool(a.doc, "intact"))
		code = cli_fail(c, EXIT_CODE_FAILED,
			"the audit log was changed: row %jd is not as it was "
			"written, or missing",
			(intmax_t)json_tree_int(a.doc, "first_bad"));
	else if (!client_json(c, &a))
		buf_printf(&c->out, "The audit log is whole: %jd rows.\n",
			(intmax_t)json_tree_int(a.doc, "rows"));
	answer_free(&a);
	return code;
}
