/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Lists whose cells are members of the API's rows, as tables of columns.
 */

#include "cli/grid.h"
#include "http/json_tree.h"

enum rows_cell {
	ROWS_TEXT,
	ROWS_INT,
	ROWS_TIME, /* "never" when it is null */
	ROWS_LIST, /* texts with blanks between */
	ROWS_FLAG, /* "yes" or "no" */
};

struct rows_column {
	const char *name, *member;
	enum rows_cell cell;
};

/**
 * rows_show - print a list
 * @c        call
 * @items    array of objects
 * @columns  of the table
 * @n        of them, at most GRID_COLUMNS_MAX
 */
void rows_show(struct cli *c, const struct json_t *items,
	const struct rows_column *columns, unsigned n);
