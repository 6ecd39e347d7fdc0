/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What node.c (facts and answers) and admin.c (changes by people) share.
 */

#include <uv.h>

#include "node/node.h"
#include "node/record.h"
#include "node/restore.h"
#include "node/storage.h"

/* A never-block entry in memory; texts are its own. */
struct never_row {
	struct never_row *next;
	struct store_never row;
	struct arena arena;
	bool is_built_in;
};

struct position_row {
	struct position_row *next;
	struct log_position at;
	size_t name_n;
	char name[];
};

/* An event that came while the store was loading. */
struct waiting {
	struct waiting *next;
	struct event event;
	int64_t arrival;
};

struct node {
	uv_loop_t *loop;
	uv_timer_t flush; /* the open batch's time is up */
	uv_timer_t tick;  /* entries expire */
	unsigned handles; /* of the two, still open */

	struct engine *engine; /* never NULL; empty until loaded */
	struct storage *storage;
	struct batch *open; /* not handed to the storage yet */
	struct effects effects;
	uint64_t next_event, next_never;
	int64_t now;	   /* wall time of this turn [s] */
	uint64_t now_turn; /* uv_now() when it was read */

	struct never_row *never;
	struct position_row *positions;

	struct waiting *waiting, **waiting_last;
	struct arena waiting_arena;
	void (*on_loaded)(void *ctx);
	void *on_loaded_ctx;
	node_on_closed *on_closed;
	void *on_closed_ctx;

	struct node_observer *observers;
	uint64_t tick_due_ms;
	uint32_t lag_ms[2]; /* longest of this minute, and of the one before */
	unsigned ticks;
	bool is_restoring; /* events wait, the engine answers */
	struct node_stats stats;
};

/**
 * node_tell - count, and tell the observers, what has come of a fact
 * @n      node; n->effects
 * @cause  what they came of
 */
void node_tell(struct node *n, const struct node_cause *cause);

/**
 * node_tell_settings - tell the observers of changed settings
 * @n       node
 * @change  in force
 */
void node_tell_settings(struct node *n, const struct node_change *change);

/**
 * node_tell_replaced - tell the observers that all may be different
 * @n  node
 */
void node_tell_replaced(struct node *n);

/**
 * node_fold - apply a fact and hand its effects to the storage
 * @n      node; n->effects holds the first effects afterwards
 * @f      fact
 * @cause  its event for the log, or who did it; NULL: nobody
 */
void node_fold(
	struct node *n, const struct fact *f, const struct node_cause *cause);

/**
 * node_keep_account - hand an effect about an account to the storage
 * @n   node
 * @e   EFFECT_LOCK, EFFECT_UNLOCK or EFFECT_TRUST
 * @ev  the event that it came of
 */
void node_keep_account(
	struct node *n, const struct effect *e, const struct event *ev);

/**
 * node_record - a record in the open batch
 * @n     node
 * @type  what it is
 *
 * Returns it, the rest to be filled; the batch goes to the storage within
 * 50 ms.
 */
struct record *node_record(struct node *n, enum record_type type);

/**
 * node_take - go on with what was loaded
 * @n  node
 * @l  owned from here
 */
void node_take(struct node *n, struct loaded *l);

/**
 * node_restored - the storage is done with a restore
 * @n  node
 * @r  freed here
 */
void node_restored(struct node *n, struct restore *r);

/**
 * node_report_waiting - report the events that had to wait
 * @n  node
 */
void node_report_waiting(struct node *n);

/**
 * node_await - call somebody back when all so far is stored
 * @n    node
 * @fn   callback, or NULL
 * @ctx  for it
 */
void node_await(struct node *n, node_on_done *fn, void *ctx);

/**
 * node_flush - hand the open batch to the storage now
 * @n  node
 */
void node_flush(struct node *n);

/**
 * node_never_keep - a row of the never-block list in memory
 * @n            node
 * @row          copied
 * @is_built_in  the machine's own
 */
void node_never_keep(
	struct node *n, const struct store_never *row, bool is_built_in);

/**
 * node_never_free - some rows
 * @rows  first of a list, or NULL
 */
void node_never_free(struct never_row *rows);
