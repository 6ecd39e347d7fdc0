/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/json.h"
#include "base/num.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/settings.h"
#include "cli/show.h"

static void
add_name(struct cli *c, struct question *q)
{
	question_param(q, "name", c->call.words ? c->call.word[0] : NULL);
}

static void
show_history(struct cli *c, const struct json_t *items)
{
	static const struct grid_column columns[] = {
		{ "N", GRID_RIGHT },
		{ "TIME", GRID_LEFT },
		{ "BY", GRID_LEFT },
		{ "SETTING", GRID_LEFT },
		{ "BEFORE", GRID_LEFT },
		{ "AFTER", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *h;

	for (size_t i = 0; (h = json_tree_at(items, i)); i++) {
		show_cell_int(&t, h, "id");
		show_cell_time(&t, c, h, "time");
		show_cell(&t, h, "by");
		show_cell(&t, h, "name");
		show_cell(&t, h, "before");
		if (json_tree_get(h, "after"))
			show_cell(&t, h, "after");
		else
			grid_add(&t, S("(default)"));
	}
	grid_print(&t, c);
}

enum exit_code
settings_history_run(struct cli *c)
{
	static const struct pages pages = { "/settings/history", add_name,
		show_history };

	return pages_run(c, &pages);
}

enum exit_code
settings_rollback_run(struct cli *c)
{
	struct question q;
	int64_t id;

	if (!num_parse(str_of(c->call.word[0]), 1, INT64_MAX - 1, &id))
		return cli_fail(c, EXIT_CODE_USAGE,
			"expected the number of a change: \"brattice settings "
			"history\" lists them");
	question_open(&q, "POST", "/settings/rollback");
	struct json j = { .b = &q.body };

	json_open(&j, '{');
	json_member_int(&j, "id", id);
	if (cli_has(c, OPT_NOTE))
		json_member_str(&j, "note", str_of(c->call.option[OPT_NOTE]));
	json_close(&j, '}');
	return settings_change(c, &q);
}
