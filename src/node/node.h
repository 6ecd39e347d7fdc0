/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A node is one running fold: the engine, its store, and the time.  Hooks
 * report to it and ask it; the administrator changes it.  Answers come
 * from memory, in the same turn of the loop; what must last is handed to
 * the storage thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/engine.h"
#include "store/access.h"
#include "store/store.h"

struct node;

struct node_config {
	const char *folder;	 /* state: control.db, events.db; exists */
	uint8_t v6_len;		 /* IPv6 clients are scored by this */
	uint32_t max_v4, max_v6; /* tracked addresses */
};

/**
 * node_open - start: answers "allow" at once, loads in the background
 * @config  copied
 * @loop    event loop
 * @err     what is wrong
 *
 * Returns a node for node_close(), or NULL with @err.
 */
struct node *node_open(
	const struct node_config *config, uv_loop_t *loop, struct err *err);

/* Called when everything is stored and closed. */
typedef void node_on_closed(void *ctx);

/**
 * node_close - store what is queued, then free
 * @n    node, no longer used afterwards
 * @fn   called in the loop when it is done
 * @ctx  for @fn
 */
void node_close(struct node *n, node_on_closed *fn, void *ctx);

/* Called when lists and events are in memory. */
typedef void node_on_ready(void *ctx);

/**
 * node_on_loaded - be told when lists and events are in memory
 * @n    node
 * @fn   called once, at once when it is loaded already
 * @ctx  for @fn
 */
void node_on_loaded(struct node *n, node_on_ready *fn, void *ctx);

/**
 * node_is_loaded - are lists and events in memory?
 * @n  node
 *
 * Returns false while it is starting and answers "allow", and during
 * node_restore().
 */
bool node_is_loaded(const struct node *n);

/**
 * node_now - wall time
 * @n  node
 *
 * Returns seconds since 1970, the same within a turn of the loop.
 */
int64_t node_now(const struct node *n);

/**
 * node_loop - where it runs
 * @n  node
 *
 * Returns the event loop; borrowed.
 */
uv_loop_t *node_loop(const struct node *n);

/**
 * node_engine - the engine, to look at
 * @n  node
 *
 * Returns it; borrowed.
 */
const struct engine *node_engine(const struct node *n);

/**
 * node_check - may this address connect?  Changes nothing
 * @n     node
 * @addr  client
 *
 * Returns the answer.
 */
struct verdict node_check(const struct node *n, const struct addr *addr);

/**
 * node_connect - this address connects: a fact, and the answer
 * @n     node
 * @addr  client
 *
 * Returns the answer.
 */
struct verdict node_connect(struct node *n, const struct addr *addr);

/**
 * node_report - an event of a hook
 * @n   node
 * @ev  event; copied where it is kept
 *
 * While the store is loading, events wait in a bounded queue.
 */
void node_report(struct node *n, const struct event *ev);

/* What an effect came of; all borrowed. */
struct node_cause {
	const struct event *event; /* of a FACT_EVENT, or NULL */
	uint64_t event_id;
	struct str by, note; /* a change by hand: who, and why */
};

struct node_change;

/* Whoever wants to know what comes of facts: a log, an enforcer, a page.
 * All is told in the same turn of the loop: don't wait, don't call the
 * node.  What isn't wanted is NULL. */
struct node_observer {
	void (*effect)(void *ctx, const struct effect *e,
		const struct node_cause *cause);
	void (*settings)(void *ctx, const struct node_change *change);
	/* Lists, settings and counts are others now: loaded, or restored
	 * from a backup.  engine_block_next() has the blocks. */
	void (*replaced)(void *ctx);
	void *ctx;
	struct node_observer *next; /* node's own */
};

/**
 * node_observe - tell somebody what comes of facts from now on
 * @n  node
 * @o  owned by the caller, alive until node_unobserve() or the node's end
 */
void node_observe(struct node *n, struct node_observer *o);

/**
 * node_unobserve - tell them no more
 * @n  node
 * @o  from node_observe()
 */
void node_unobserve(struct node *n, struct node_observer *o);

/**
 * node_log_position - where a log stands behind the events reported so far
 * @n     node
 * @name  of the log source
 * @p     position; kept in the same transaction as those events
 */
void node_log_position(
	struct node *n, struct str name, const struct log_position *p);

/**
 * node_log_resume - where a log stood when the store was opened
 * @n     node, loaded
 * @name  of the log source
 * @ret   position
 *
 * Returns false when it isn't known: a new source.
 */
bool node_log_resume(
	const struct node *n, struct str name, struct log_position *ret);

/**
 * node_is_busy - should whoever can wait (log readers) wait?
 * @n  node
 *
 * Returns true while much is queued for the disk.
 */
bool node_is_busy(const struct node *n);

/* The outcome of a change, when it is durable; @failed is NULL then. */
typedef void node_on_done(void *ctx, const struct err *failed);

/* An entry by hand. */
struct node_block {
	struct prefix prefix;
	int64_t span_s; /* for how long [s], 1 … ENGINE_NO_END_S */
	struct str by;	/* who */
	struct str note;
};

/**
 * node_block - an entry by hand, in force at once
 * @n     node
 * @what  copied
 * @fn    called when it is stored, or has failed
 * @ctx   for @fn
 *
 * Returns its number.
 */
uint64_t node_block(struct node *n, const struct node_block *what,
	node_on_done *fn, void *ctx);

/**
 * node_unblock - end a live entry now and forgive its events
 * @n    node
 * @id   number of the entry
 * @by   who
 * @fn   called when it is stored, or has failed; or NULL
 * @ctx  for @fn
 *
 * Returns false, and doesn't call @fn, when there is no such live entry.
 */
bool node_unblock(struct node *n, uint64_t id, struct str by, node_on_done *fn,
	void *ctx);

/* Another end, or another note. */
struct node_extend {
	uint64_t id;	/* of a live entry */
	int64_t span_s; /* from now [s], or 0: it ends as it did */
	struct str note;
	bool has_note;
};

/**
 * node_extend - let a live entry end at another time, or note something
 * @n     node
 * @what  copied
 * @fn    called when it is stored, or has failed
 * @ctx   for @fn
 *
 * Returns false, and doesn't call @fn, when there is no such live entry.
 */
bool node_extend(struct node *n, const struct node_extend *what,
	node_on_done *fn, void *ctx);

/**
 * node_forgive - what stands against an address counts no more
 * @n     node
 * @addr  client; what is scored with it is forgiven, too
 * @fn    called when it is stored, or has failed
 * @ctx   for @fn
 *
 * A live block stays.  Returns how many acts counted until now.
 */
unsigned node_forgive(
	struct node *n, const struct addr *addr, node_on_done *fn, void *ctx);

/**
 * node_refuses - is this account locked for this address?
 * @n      node
 * @login  who wants to log in, by which hook
 *
 * Returns true when the login must be refused; the engine knows then that
 * whoever tells of its failure tells nothing.
 */
bool node_refuses(struct node *n, const struct login *login);

/**
 * node_unlock - end locks of an account now and forget its failures
 * @n      node
 * @login  whose; is_everywhere, or for which address
 * @by     who
 * @fn     called when it is stored, or has failed
 * @ctx    for @fn
 *
 * Returns how many locks ended.
 */
unsigned node_unlock(struct node *n, const struct login *login, struct str by,
	node_on_done *fn, void *ctx);

/* A never-block entry. */
struct node_never {
	struct prefix prefix;
	struct str by; /* who */
	struct str note;
};

/**
 * node_never_add - a never-block entry; lifts blocks inside it at once
 * @n     node
 * @what  copied
 * @fn    called when it is stored, or has failed
 * @ctx   for @fn
 *
 * Returns how many blocks it lifted.
 */
unsigned node_never_add(struct node *n, const struct node_never *what,
	node_on_done *fn, void *ctx);

/**
 * node_never_note - another note of an entry
 * @n     node
 * @row   from node_never_each(), with the note; its texts are copied
 * @fn    called when it is stored, or has failed
 * @ctx   for @fn
 */
void node_never_note(struct node *n, const struct store_never *row,
	node_on_done *fn, void *ctx);

/**
 * node_never_remove - take a never-block entry out
 * @n       node
 * @prefix  exactly as it was added
 * @fn      called when it is stored, or has failed
 * @ctx     for @fn
 *
 * Returns false, and doesn't call @fn, when there is no such entry.
 */
bool node_never_remove(struct node *n, const struct prefix *prefix,
	node_on_done *fn, void *ctx);

/**
 * node_own_address - an address of this machine: never blocked, not stored
 * @n     node
 * @addr  address
 */
void node_own_address(struct node *n, const struct addr *addr);

/* A row of the never-block list; built-in ones have number 0. */
typedef void node_on_never(void *ctx, const struct store_never *row);

/**
 * node_never_each - the never-block list, built-in entries first
 * @n    node
 * @fn   called for each
 * @ctx  for @fn
 */
void node_never_each(const struct node *n, node_on_never *fn, void *ctx);

/* Settings to change, all or none. */
struct node_change {
	const struct node_pair {
		struct str name;
		struct str value; /* empty: back to the default */
	} * pairs;
	unsigned n;
	struct str by; /* who */
};

/**
 * node_set - change settings, all or none, in force at once
 * @n       node
 * @change  copied
 * @err     says what was expected
 * @fn      called when it is stored, or has failed
 * @ctx     for @fn
 *
 * Returns 0, or -1 with @err; @fn isn't called then.
 */
int node_set(struct node *n, const struct node_change *change, struct err *err,
	node_on_done *fn, void *ctx);

/**
 * node_keep - store a change about users, sessions, tokens, or a row of
 * the audit log; the node itself knows nothing of them
 * @n     node
 * @what  copied
 *
 * It is stored in one transaction with what is changed next, or within
 * 50 ms.
 */
void node_keep(struct node *n, const struct store_access *what);

/**
 * node_settle - be called back when everything so far is stored
 * @n    node
 * @fn   called when it is stored, or has failed
 * @ctx  for @fn
 */
void node_settle(struct node *n, node_on_done *fn, void *ctx);

/**
 * node_restore - put a backup in the place of lists and settings
 * @n      node, loaded
 * @bytes  from store_backup(); stays until @fn
 * @fn     called when it is stored and in force, or has changed nothing
 * @ctx    for @fn
 *
 * Until then the old lists answer, events wait, and node_is_loaded() is
 * false: nothing else may be changed.
 */
void node_restore(
	struct node *n, struct str bytes, node_on_done *fn, void *ctx);

/* Work that reads the store, away from the loop; then back in the loop.
 * @events reads the event log; @store is the storage thread's. */
struct node_query {
	void (*read)(struct node_query *q, struct store *store,
		struct store_reader *events);
	void (*done)(struct node_query *q);
	struct node_query *next; /* node's own … */
	bool is_search;		 /* … */
};

/**
 * node_read - run a query behind everything that is queued now
 * @n  node
 * @q  owned by the caller, alive until its done() was called
 */
void node_read(struct node *n, struct node_query *q);

/**
 * node_search - the same for what only reads the event log and may take
 * long: beside the storage thread
 * @n  node
 * @q  its read() gets no store; owned by the caller, alive until its
 *     done() was called
 */
void node_search(struct node *n, struct node_query *q);

/* Counters for status. */
struct node_stats {
	struct engine_stats engine;
	int64_t started;	     /* wall time [s] */
	uint64_t events;	     /* reported since start */
	uint64_t kinds[EVENT_KINDS]; /* of them, by enum event_kind */
	uint64_t automatic[COMPONENTS], manual; /* blocks begun since start */
	uint64_t expired, lifted;		/* blocks ended since start */
	uint64_t locks;				/* accounts locked */
	uint32_t lag_ms; /* how late the loop came, at worst, of late */
	uint64_t shed;	 /* not stored: the queue was full */
	uint64_t queued_bytes;
	uint64_t stored; /* events written since start */
	uint64_t store_errors;
	char store_error[480]; /* the last one, or "" */
	char notice[480];      /* what was mended at start, or "" */
	bool is_loaded;
	bool has_lists; /* or at least never-block list, blocks, settings */
};

/**
 * node_stats - counters for status
 * @n    node
 * @ret  filled
 */
void node_stats(const struct node *n, struct node_stats *ret);
