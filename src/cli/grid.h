/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A table for people: columns as wide as their widest cell, the last one
 * cut at the terminal's edge.  Cells are made safe to look at.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "cli/cli.h"

enum {
	GRID_COLUMNS_MAX = 10,
};

enum grid_align {
	GRID_LEFT,
	GRID_RIGHT,
};

struct grid_column {
	const char *name;
	enum grid_align align;
};

struct grid {
	const struct grid_column *columns;
	unsigned columns_n;
	struct arena arena;
	struct str *cells; /* row by row, safe */
	size_t cells_n, cells_cap;
};

/**
 * grid_add - the next cell, row by row from left to right
 * @t  table
 * @s  any bytes; copied
 */
void grid_add(struct grid *t, struct str s);

/**
 * grid_print - to the output, and empty it
 * @t  table; every row is whole
 * @c  call
 */
void grid_print(struct grid *t, struct cli *c);

/**
 * grid_free - give the memory back
 * @t  table
 */
void grid_free(struct grid *t);
