/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/search.h"
#include "cli/show.h"

static void
add_params(struct cli *c, struct question *q)
{
	search_param(c, q);
	question_param(q, "state", c->call.option[OPT_STATE]);
}

static void
add_until(struct grid *t, const struct cli *c, const struct json_t *b)
{
	if (json_tree_bool(b, "no_end"))
		grid_add(t, S("no end"));
	else
		show_cell_time(t, c, b, "until");
}

/* "removed by ann" */
static void
add_state(struct grid *t, const struct json_t *b)
{
	struct buf text CLEANUP(buf_free) = { 0 };

	buf_add(&text, json_tree_str(b, "state"));
	show_remover(&text, b);
	grid_add_safe(t, buf_str(&text));
}

static void
show_blocks(struct cli *c, const struct json_t *items)
{
	static const struct grid_column columns[] = {
		{ "ID", GRID_RIGHT },
		{ "ADDRESS", GRID_LEFT },
		{ "STATE", GRID_LEFT },
		{ "ORIGIN", GRID_LEFT },
		{ "FROM", GRID_LEFT },
		{ "UNTIL", GRID_LEFT },
		{ "WHY", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *b;

	for (size_t i = 0; (b = json_tree_at(items, i)); i++) {
		struct buf why CLEANUP(buf_free) = { 0 };

		show_cell_int(&t, b, "id");
		show_cell(&t, b, "address");
		add_state(&t, b);
		show_cell(&t, b, "origin");
		show_cell_time(&t, c, b, "from");
		add_until(&t, c, b);
		show_why(&why, b);
		grid_add_safe(&t, buf_str(&why));
	}
	grid_print(&t, c);
}

enum exit_code
blocks_run(struct cli *c)
{
	static const struct pages pages = { "/blocks", add_params,
		show_blocks };

	enum exit_code code = search_check(c, &block_fields);
	return code ? code : pages_run(c, &pages);
}
