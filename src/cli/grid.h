/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A table: for people as wide as the terminal, in a pipe as wide as its
 * cells, with --csv as comma-separated values.  Cells are made safe to look
 * at.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "cli/cli.h"

enum {
	GRID_COLUMNS_MAX = 14,
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

/* Which columns are shown, and how wide. */
struct grid_view {
	unsigned n;
	unsigned column[GRID_COLUMNS_MAX];
	size_t width[GRID_COLUMNS_MAX];
};

/**
 * grid_add - the next cell, row by row from left to right
 * @t  table
 * @s  any bytes; copied
 */
void grid_add(struct grid *t, struct str s);

/**
 * grid_add_safe - the next cell, from text that was made safe already
 * @t  table
 * @s  safe text; copied
 */
void grid_add_safe(struct grid *t, struct str s);

/**
 * grid_print - to the output, and empty it
 * @t  table; every row is whole
 * @c  call
 *
 * Ends the program with code 2 when --columns names none of its columns.
 */
void grid_print(struct grid *t, struct cli *c);

/**
 * grid_free - give the memory back
 * @t  table
 */
void grid_free(struct grid *t);

/**
 * grid_fit - make columns fit the terminal
 * @t  table
 * @v  columns with their full widths; narrowed, or left out
 * @c  call
 */
void grid_fit(const struct grid *t, struct grid_view *v, const struct cli *c);

/**
 * grid_choose - which columns --columns names, or all
 * @t    table
 * @c    call
 * @ret  columns; their widths aren't set
 *
 * Ends the program with code 2 when one isn't there.
 */
void grid_choose(const struct grid *t, struct cli *c, struct grid_view *ret);

/**
 * grid_add_name - append a column's name as --columns takes it
 * @b       buffer
 * @column  column
 */
void grid_add_name(struct buf *b, const struct grid_column *column);
