/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The storage thread: opens the store, loads it into a new engine, then
 * writes batches.  The only place where a disk is waited for.
 */

#include <uv.h>

#include "node/node.h"
#include "node/record.h"

struct storage;

/* What was loaded; given to the loop once. */
struct loaded {
	struct engine *engine; /* becomes the loop's */
	struct store_opened opened;
	struct arena arena; /* of the rows below */
	struct loaded_never {
		struct loaded_never *next;
		struct store_never row;
	} * never;
	struct loaded_position {
		struct loaded_position *next;
		struct str name;
		struct log_position at;
	} * positions;
	struct batch *made; /* blocks which a kill had kept from the store */
	bool is_lists;	    /* nothing else could be loaded yet */
};

/* The loop's callbacks; @ctx as in storage_start(). */
struct storage_calls {
	void (*loaded)(void *ctx, struct loaded *l); /* owned by the callee */
	void (*written)(void *ctx, struct batch *b); /* owned by the callee */
	void (*failed)(void *ctx, struct batch *b, const struct err *err);
	void (*troubled)(void *ctx, const struct err *err); /* can't open */
	void (*closed)(void *ctx);
};

/**
 * storage_start - start the thread
 * @config  of the node; copied
 * @loop    where the callbacks run
 * @calls   callbacks; constant
 * @ctx     for them
 *
 * Returns the storage for storage_stop().  Never NULL.
 */
struct storage *storage_start(const struct node_config *config, uv_loop_t *loop,
	const struct storage_calls *calls, void *ctx);

/**
 * storage_stop - write what is queued, close the store, end the thread
 * @s  storage; calls->closed runs in the loop when it is gone
 */
void storage_stop(struct storage *s);

/**
 * storage_put - queue a batch; written in the order of the calls
 * @s  storage
 * @b  batch; owned by the storage until calls->written
 */
void storage_put(struct storage *s, struct batch *b);

/**
 * storage_ask - queue a query; it sees what was put before it
 * @s  storage
 * @q  its done() runs in the loop
 */
void storage_ask(struct storage *s, struct node_query *q);

/**
 * storage_settings - retention in force, for trimming
 * @s         storage
 * @settings  copied
 */
void storage_settings(struct storage *s, const struct settings *settings);

/**
 * storage_queued - what waits for the disk
 * @s  storage
 *
 * Returns bytes of queued batches.
 */
size_t storage_queued(const struct storage *s);
