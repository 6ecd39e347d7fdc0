/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The store's blocks and events, read by a thread of their own while the
 * caller folds what has been read: a restart takes as long as the slower
 * of the two, not as long as both.
 */

#include "base/err.h"
#include "store/store.h"

enum feed_type {
	FEED_BLOCKS,
	FEED_EVENTS,
};

enum {
	FEED_ROWS = 1024,
};

/* Rows of one kind, blocks before events, each kind in order. */
struct feed_rows {
	struct feed_rows *next;
	enum feed_type type;
	unsigned n;
	union {
		struct block blocks[FEED_ROWS];
		struct stored events[FEED_ROWS];
	};
};

struct feed;

/**
 * feed_start - begin to read
 * @store  used by the feed alone until feed_end()
 * @since  wall time [s], as for store_load_blocks()
 *
 * Returns a feed for feed_end().  Never NULL.
 */
struct feed *feed_start(struct store *store, int64_t since);

/**
 * feed_next - the next rows, waited for
 * @f     feed
 * @done  the rows before, no longer used; or NULL
 *
 * Returns them, or NULL at the end.
 */
struct feed_rows *feed_next(struct feed *f, struct feed_rows *done);

/**
 * feed_end - stop and free
 * @f    feed
 * @err  what could not be read
 *
 * Returns 0 when all was read, or -1 with @err.
 */
int feed_end(struct feed *f, struct err *err);
