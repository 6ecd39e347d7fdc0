/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Rows of the store as JSON objects, the same in every answer.
 */

#include "base/json.h"
#include "core/engine.h"
#include "store/store.h"

/* What a row is told by. */
struct render_view {
	int64_t now;	   /* [s] */
	bool is_observing; /* in this mode nothing is refused */
};

/**
 * render_block - an entry of the block list
 * @j     writer
 * @row   entry
 * @view  how things stand
 */
void render_block(struct json *j, const struct store_block *row,
	const struct render_view *view);

/**
 * render_view_of - how things stand now, in the loop
 * @e    engine
 * @now  wall time [s]
 *
 * Returns it, to be used anywhere.
 */
struct render_view render_view_of(const struct engine *e, int64_t now);

/**
 * render_block_state - what an entry is at some time
 * @b    row
 * @now  wall time [s]
 *
 * Returns "active", "expired" or "removed".
 */
const char *render_block_state(const struct store_block *b, int64_t now);

/**
 * render_lock - a lock of an account
 * @j    writer
 * @row  lock
 * @s    settings in force, by which it holds or not
 * @now  wall time [s]
 */
void render_lock(struct json *j, const struct store_lock *row,
	const struct settings *s, int64_t now);

/**
 * render_event - a row of the event log
 * @j    writer
 * @row  event
 */
void render_event(struct json *j, const struct store_event *row);

/**
 * render_event_open - the same, the object left open for more members
 * @j    writer
 * @row  event
 */
void render_event_open(struct json *j, const struct store_event *row);

/* What an entry was good for. */
struct render_never_use {
	int64_t hits; /* events of 30 days, or -1: not counted */
	bool covers_you;
};

/**
 * render_never_used - a never-block entry with its use
 * @j    writer
 * @n    row
 * @use  of it
 */
void render_never_used(struct json *j, const struct store_never *n,
	const struct render_never_use *use);

/**
 * render_never - a never-block entry
 * @j  writer
 * @n  row
 */
void render_never(struct json *j, const struct store_never *n);

/**
 * render_prefix - a member that is an address or network
 * @j     writer
 * @name  of the member
 * @p     prefix
 */
void render_prefix(struct json *j, const char *name, const struct prefix *p);

/**
 * render_until - the members "until" and "no_end"
 * @j      writer
 * @from   when it began
 * @until  when it ends; null when that is never
 */
void render_until(struct json *j, int64_t from, int64_t until);

/**
 * render_explanation - a component: score, threshold, contributions
 * @j      writer
 * @x      explanation
 * @as_of  "now", or "block": as it was when the block came
 */
void render_explanation(
	struct json *j, const struct explanation *x, const char *as_of);

/**
 * render_total - what the acts of a kind come to
 * @x     explanation
 * @kind  0 … EVENT_KINDS - 1
 *
 * Returns points or failures.
 */
uint64_t render_total(const struct explanation *x, int kind);
