/* SPDX-License-Identifier: ISC */

/*
 * Who did what, and is the record of it whole?
 */

#include "base/json.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/rows.h"

static void
add_params(struct cli *c, struct question *q)
{
	question_param(q, "q", c->call.words ? c->call.word[0] : NULL);
}

static void
show_list(struct cli *c, const struct json_t *items)
{
	static const struct rows_column columns[] = {
		{ "TIME", "time", ROWS_TIME },
		{ "ACTOR", "actor", ROWS_TEXT },
		{ "VIA", "via", ROWS_TEXT },
		{ "ACTION", "action", ROWS_TEXT },
		{ "TARGET", "target", ROWS_TEXT },
		{ "FROM", "address", ROWS_TEXT },
		{ "ID", "id", ROWS_INT },
	};

	rows_show(c, items, columns, ARRAY_LEN(columns));
}

enum exit_code
audit_list_run(struct cli *c)
{
	static const struct pages pages = { "/audit", add_params, show_list,
		.key = "id" };

	return pages_run(c, &pages);
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
