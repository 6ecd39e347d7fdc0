/* SPDX-License-Identifier: ISC */

#include "cli/rows.h"

#include "cli/show.h"

static void
add_time(struct grid *t, const struct cli *c, const struct json_t *o,
	const char *member)
{
	if (json_tree_get(o, member))
		show_cell_time(t, c, o, member);
	else
		grid_add(t, S("never"));
}

static void
add_list(struct grid *t, const struct json_t *list)
{
	const struct json_t *item;
	struct buf b CLEANUP(buf_free) = { 0 };

	for (size_t i = 0; (item = json_tree_at(list, i)); i++) {
		if (i)
			buf_addc(&b, ' ');
		(void)json_tree_add(&b, item);
	}
	grid_add(t, buf_str(&b));
}

static void
add_cell(struct grid *t, const struct cli *c, const struct json_t *o,
	const struct rows_column *column)
{
	const char *member = column->member;

	switch (column->cell) {
	case ROWS_TEXT: show_cell(t, o, member); break;
	case ROWS_INT: show_cell_int(t, o, member); break;
	case ROWS_TIME: add_time(t, c, o, member); break;
	case ROWS_LIST: add_list(t, json_tree_get(o, member)); break;
	case ROWS_FLAG:
		grid_add(t, json_tree_bool(o, member) ? S("yes") : S("no"));
		break;
	}
}

void
rows_show(struct cli *c, const struct json_t *items,
	const struct rows_column *columns, unsigned n)
{
	struct grid_column heads[GRID_COLUMNS_MAX];
	struct grid t CLEANUP(grid_free) = { .columns = heads, .columns_n = n };
	const struct json_t *o;

	for (unsigned i = 0; i < n; i++)
		heads[i] = (struct grid_column){ columns[i].name,
			columns[i].cell == ROWS_INT ? GRID_RIGHT : GRID_LEFT };
	for (size_t row = 0; (o = json_tree_at(items, row)); row++) {
		for (unsigned i = 0; i < n; i++)
			add_cell(&t, c, o, &columns[i]);
	}
	grid_print(&t, c);
}
