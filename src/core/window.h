/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The acts of one address: how many of each kind in each second.  Four
 * such cells stand in the window itself, more in chunks that form a ring,
 * the oldest behind the newest.  What a cell weighs is decided when it is
 * summed, so that a changed weight acts on what is there.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "core/event.h"
#include "core/settings.h"

enum {
	WINDOW_CELLS = 4,
	CELL_COUNT_MAX = 0xffffff,
};

/* What a cell counts: a kind of act, or a failed login of an account that
 * is trusted from there, which weighs less. */
enum cell_class {
	CELL_TRUSTED_AUTH = EVENT_KINDS,
	CELL_TRUSTED_LOGIN,
	CELL_CLASSES,
};

struct cell {
	uint32_t time;
	uint32_t what; /* class << 24 | count; 0: free */
};

/* What an act of a class weighs, in hundredths of a point. */
struct cell_weights {
	uint32_t of[CELL_CLASSES][COMPONENTS];
};

struct window {
	struct cell cells[WINDOW_CELLS];
	uint32_t overflow; /* newest chunk, or 0 */
};

/* Chunks of all windows.  When @max are in use, acts of one kind move
 * together: the older ones count a little longer. */
struct window_pool {
	struct pool chunks;
	uint32_t max;
};

/* What to sum: cells with after < time ≤ until. */
struct window_span {
	int64_t after[COMPONENTS];
	int64_t until;
};

/* In hundredths of a point. */
struct scores {
	uint64_t of[COMPONENTS];
};

/* A walk over the cells of a window, the four in it first. */
struct window_walk {
	const struct window_pool *pool;
	const struct window *window;
	uint32_t chunk; /* 0: in the window itself */
	uint32_t at;
};

static inline unsigned
cell_class(struct cell c)
{
	return c.what >> 24;
}

static inline enum event_kind
cell_kind(struct cell c)
{
	switch (cell_class(c)) {
	case CELL_TRUSTED_AUTH: return EVENT_AUTH_FAILURE;
	case CELL_TRUSTED_LOGIN: return EVENT_LOGIN_FAILURE;
	default: return (enum event_kind)cell_class(c);
	}
}

/* The class of a kind, of a trusted account or not. */
static inline unsigned
cell_class_of(enum event_kind kind, bool is_trusted)
{
	if (!is_trusted)
		return kind;
	return kind == EVENT_AUTH_FAILURE ? CELL_TRUSTED_AUTH
					  : CELL_TRUSTED_LOGIN;
}

static inline uint32_t
cell_count(struct cell c)
{
	return c.what & CELL_COUNT_MAX;
}

/**
 * window_pool_init - chunks for windows
 * @p    filled
 * @max  chunks in use at a time
 */
void window_pool_init(struct window_pool *p, uint32_t max);

/**
 * window_add - count acts
 * @p     chunks
 * @w     window
 * @cell  time, class and count, not 0
 * @dead  cells with time ≤ @dead will never count again
 */
void window_add(struct window_pool *p, struct window *w, struct cell cell,
	int64_t dead);

/**
 * window_take - take one act back
 * @p      chunks
 * @w      window
 * @class  under which it was counted
 * @time   of the act
 *
 * Returns false when it isn't there any more.
 */
bool window_take(
	struct window_pool *p, struct window *w, unsigned class, uint32_t time);

/**
 * window_newest - the time of the newest cell
 * @p  chunks
 * @w  window
 *
 * Returns it, or 0.
 */
uint32_t window_newest(const struct window_pool *p, const struct window *w);

/**
 * window_sum - what the acts weigh
 * @p        chunks
 * @w        window
 * @span     from when to when
 * @weights  of each class
 *
 * Returns the scores of both components.
 */
struct scores window_sum(const struct window_pool *p, const struct window *w,
	const struct window_span *span, const struct cell_weights *weights);

/**
 * window_walk_next - the next cell that isn't free
 * @walk  { pool, window } to begin
 * @ret   cell
 *
 * Returns false at the end.
 */
bool window_walk_next(struct window_walk *walk, struct cell *ret);

/**
 * window_clear - forget everything
 * @p  chunks
 * @w  window
 */
void window_clear(struct window_pool *p, struct window *w);
