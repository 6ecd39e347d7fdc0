/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Pieces of answers, shown to people, alike in all commands.
 */

#include "cli/cli.h"
#include "cli/grid.h"
#include "http/json_tree.h"

/**
 * show_text - append text from outside, safe to look at
 * @c  call
 * @s  any bytes
 */
void show_text(struct cli *c, struct str s);

/**
 * show_time - a time member as people read it
 * @b     appended to
 * @c     call
 * @o     object
 * @name  of the member
 *
 * Returns seconds since 1970, or 0 with nothing appended.
 */
int64_t show_time(struct buf *b, const struct cli *c, const struct json_t *o,
	const char *name);

/**
 * show_until - "until 03:38:14, 24 min left", or "with no end"
 * @b  appended to
 * @c  call
 * @o  object with "until" and "no_end"
 */
void show_until(struct buf *b, const struct cli *c, const struct json_t *o);

/**
 * show_why - a block's reason: "smtp 1050/1000", or its note
 * @b  appended to
 * @o  block
 */
void show_why(struct buf *b, const struct json_t *o);

/**
 * show_remover - " by ann" of an entry that somebody removed
 * @b  appended to
 * @o  block
 */
void show_remover(struct buf *b, const struct json_t *o);

/**
 * show_cell - the next cell: a text member
 * @t     table
 * @o     object
 * @name  of the member
 */
void show_cell(struct grid *t, const struct json_t *o, const char *name);

/**
 * show_cell_int - the next cell: a number member
 * @t     table
 * @o     object
 * @name  of the member
 */
void show_cell_int(struct grid *t, const struct json_t *o, const char *name);

/**
 * show_cell_clock - the next cell: a time member as the clock showed it
 * @t     table
 * @c     call
 * @o     object
 * @name  of the member
 */
void show_cell_clock(struct grid *t, const struct cli *c,
	const struct json_t *o, const char *name);

/**
 * show_cell_time - the next cell: a time member, seen from now
 * @t     table
 * @c     call
 * @o     object
 * @name  of the member
 */
void show_cell_time(struct grid *t, const struct cli *c, const struct json_t *o,
	const char *name);

/**
 * show_events - rows of the event log as a table
 * @c      call
 * @items  array
 * @turn   true: the array is newest first, the table newest last
 */
void show_events(struct cli *c, const struct json_t *items, bool turn);
