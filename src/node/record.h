/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the loop hands to the storage thread: records in batches.  A batch
 * owns the memory of its records; it is written, committed once, and comes
 * back to the loop, which tells those who wait.
 */

#include "base/arena.h"
#include "base/err.h"
#include "node/node.h"
#include "store/access.h"
#include "store/store.h"

enum record_type {
	RECORD_EVENT,
	RECORD_POSITION,
	RECORD_BLOCK,
	RECORD_BLOCK_CHANGE, /* its end, or its note */
	RECORD_END,
	RECORD_NEVER_ADD,
	RECORD_NEVER_REMOVE,
	RECORD_CHANGE,
	RECORD_LOCK,
	RECORD_LOCK_END, /* of the lock with this cause */
	RECORD_UNLOCK,	 /* by hand */
	RECORD_TRUST,
	RECORD_FORGIVE,
	RECORD_ACCESS,	/* users, sessions, tokens, audit */
	RECORD_RESTORE, /* another control.db, after the commit */
	RECORD_DONE,	/* somebody waits for the commit */
	RECORD_TYPES,
};

struct record {
	struct record *next;
	enum record_type type;
	union {
		struct store_event event;
		struct {
			struct str name;
			struct log_position at;
		} position;
		struct {
			struct store_block row;
			const struct explanation *why;
			bool has_note; /* RECORD_BLOCK_CHANGE */
		} block;
		struct {
			struct block block;
			int64_t removed;
			struct str by;
		} end;
		struct store_never never;
		struct prefix prefix;
		struct store_change change;
		struct store_lock lock;
		struct store_unlock unlock;
		struct trust trust;
		struct forgiven forgiven;
		const struct store_access *access;
		struct restore *restore;
		struct {
			node_on_done *fn;
			void *ctx;
		} done;
	};
};

struct batch {
	struct batch *next;
	struct arena arena;
	struct record *first, **last;
	unsigned n;
	unsigned events; /* of them RECORD_EVENT */
};

/**
 * batch_new - an empty batch
 *
 * Returns it for batch_free().  Never NULL.
 */
struct batch *batch_new(void);

/**
 * batch_free - give a batch and its records back
 * @b  batch, or NULL
 */
void batch_free(struct batch *b);

/**
 * batch_add - a new record at the end
 * @b     batch
 * @type  what it is
 *
 * Returns it, the rest to be filled; texts belong into @b->arena.
 */
struct record *batch_add(struct batch *b, enum record_type type);
