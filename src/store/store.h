/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What is kept on disk: facts in, facts out.  control.db holds what an
 * administrator was promised (FULL, EXCLUSIVE), events.db the event log
 * with the read positions of the logs (NORMAL, disposable).
 *
 * What is added stands in an open transaction of its file and is durable
 * when store_commit() returns 0: events and positions against the end of
 * the process, what is in control.db against the loss of power, too.
 * events.db is committed first, so that a block is never without its
 * events.  When an add or the commit fails, everything since the last
 * commit is rolled back and the store stays usable: the caller keeps the
 * batch and adds all of it again later.  Events and blocks are known by
 * their numbers, so that nothing is in there twice.
 *
 * A store belongs to one thread at a time.  A reader has its own
 * connection to events.db and may be used by another.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/engine.h"
#include "core/query.h"

struct store;
struct store_reader;

enum {
	STORE_KEY_MAX = 1024,
	STORE_BACKUP_MAX = 64 << 20, /* bytes */
};

/* Where reading of a log stands, and how the file is recognised. */
struct log_position {
	uint64_t device, inode;
	int64_t offset;		/* of the first byte that isn't counted yet */
	uint64_t fingerprint;	/* of the bytes before @offset */
	uint32_t fingerprint_n; /* how many bytes that is */
};

/* A row of the event log. */
struct store_event {
	uint64_t id; /* number, growing */
	struct event event;
	struct identity identity;
	enum outcome outcome;
	enum event_kind kind;
	uint32_t count, points;
	uint8_t marks; /* enum event_marks */
	bool is_cause;
	bool is_forgiven;
};

/* A row of the block list or its history. */
struct store_block {
	struct block block;
	int64_t removed; /* wall time of removal by hand, or 0 */
	struct str by;	 /* manual: who; "" for automatic */
	struct str note;
	struct str removed_by; /* read only: @by of store_end_block() */
	uint64_t hints; /* read only: bits of enum hint_kind, as of @from */
};

/* A never-block entry. */
struct store_never {
	uint64_t id;
	struct prefix prefix;
	int64_t added;
	struct str by, note;
};

/* A changed setting. */
struct store_change {
	uint64_t id; /* read only */
	int64_t time;
	struct str name, before, after, by;
};

/* A locked account, or one that was.  Known by its lock.cause. */
struct store_lock {
	struct lock lock;
	int64_t removed;       /* wall time at which it was lifted, or 0 */
	struct str removed_by; /* who; "" when the engine did */
};

/* An end of locks by hand. */
struct store_unlock {
	struct str account;
	struct prefix key;  /* of the lock for this address … */
	bool is_everywhere; /* … or of all the account's */
	int64_t removed;
	struct str by;
};

struct store_config {
	const char *folder; /* holds control.db and events.db; exists */
	int64_t now;	    /* wall time [s] */
};

/* What opening came to, beside the store itself. */
struct store_opened {
	struct hash_key key; /* for struct engine_config, random, kept */
	uint64_t last_event; /* largest event number ever, or 0 */
	uint64_t last_block; /* largest block number ever, or 0 */
	bool is_new;	     /* control.db was made just now */
	bool events_moved;   /* events.db was corrupt and moved aside */
	char notice[480];    /* a sentence about what was mended, or "" */
};

/**
 * store_open - open or make the two files, migrate their schema
 * @config  where
 * @ret     what was found
 * @err     what is wrong, with the file's name and what to do
 *
 * Returns a store for store_close(), or NULL with @err: a file can't be
 * used (missing rights, read-only or full file system, network file system,
 * locked by another process, newer schema), or control.db is corrupt.  A
 * corrupt events.db is moved aside as events.db.corrupt, one copy at most.
 * Waits 2 s for a lock at most; a file of a newer schema isn't touched.
 */
struct store *store_open(const struct store_config *config,
	struct store_opened *ret, struct err *err);

/**
 * store_open_lists - only look at control.db, when store_open() can't
 * @config  where
 * @ret     what was found; @ret->notice is empty
 * @err     what is wrong: missing, damaged, locked, newer schema
 *
 * Nothing is made, mended or migrated, a full disk doesn't matter.  There
 * is no events.db: only what is in control.db can be loaded.  Returns a
 * store for store_close(), or NULL with @err.
 */
struct store *store_open_lists(const struct store_config *config,
	struct store_opened *ret, struct err *err);

/**
 * store_close - commit and close
 * @s  store, or NULL
 */
void store_close(struct store *s);

/**
 * store_load_settings - the settings as they were left
 * @s    store
 * @ret  settings_default() with what is stored laid over it
 * @err  when the file can't be read
 *
 * Returns 0, or -1 with @err.  A stored value that is no longer allowed is
 * passed over: it returns 0, and @err->text says which; otherwise it is "".
 */
int store_load_settings(struct store *s, struct settings *ret, struct err *err);

/* Callbacks of the loads: a non-zero return stops and is returned. */
typedef int store_on_block(void *ctx, const struct store_block *b);
typedef int store_on_never(void *ctx, const struct store_never *n);
typedef int store_on_stored(void *ctx, const struct stored *e);
typedef int store_on_event(void *ctx, const struct store_event *e);
typedef int store_on_change(void *ctx, const struct store_change *c);
typedef int store_on_lock(void *ctx, const struct store_lock *l);
typedef int store_on_trust(void *ctx, const struct trust *t);
typedef int store_on_forgiven(void *ctx, const struct forgiven *f);
typedef int store_on_position(
	void *ctx, struct str name, const struct log_position *p);

/**
 * store_load_blocks - entries that ended after some time
 * @s      store
 * @since  wall time [s]: live ones and those that ended later than this
 * @fn     called for each, texts borrowed
 * @ctx    for @fn
 * @err    when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_blocks(struct store *s, int64_t since, store_on_block *fn,
	void *ctx, struct err *err);

/**
 * store_load_never - all never-block entries
 * @s    store
 * @fn   called for each
 * @ctx  for @fn
 * @err  when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_never(
	struct store *s, store_on_never *fn, void *ctx, struct err *err);

/**
 * store_load_events - what the engine folds at start, in order of numbers
 * @s      store
 * @since  wall time [s]: events not older than this
 * @fn     called for each
 * @ctx    for @fn
 * @err    when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_events(struct store *s, int64_t since, store_on_stored *fn,
	void *ctx, struct err *err);

/**
 * store_load_positions - where the reading of each log stands
 * @s    store
 * @fn   called for each
 * @ctx  for @fn
 * @err  when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_positions(
	struct store *s, store_on_position *fn, void *ctx, struct err *err);

/**
 * store_add_event - append to the event log
 * @s    store
 * @e    row, copied; its number is larger than all before.  The credential
 *       tag isn't stored, is_forgiven is ignored
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_add_event(
	struct store *s, const struct store_event *e, struct err *err);

/**
 * store_set_position - where the reading of a log stands
 * @s     store
 * @name  of the log source
 * @p     position; belongs to the same transaction as the events before it
 * @err   when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_set_position(struct store *s, struct str name,
	const struct log_position *p, struct err *err);

/**
 * store_commit - make everything that was added durable, events.db first
 * @s    store
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err: see the top of this file.  Of a batch that
 * failed, the events may be stored, nothing of control.db is.
 */
int store_commit(struct store *s, struct err *err);

/**
 * store_is_broken - has events.db turned out to be corrupt?
 * @s  store
 *
 * Returns true when an error said so: store_reset_events() mends it.
 */
bool store_is_broken(const struct store *s);

/**
 * store_reset_events - move a corrupt events.db aside and begin a new one
 * @s    store; what isn't committed is rolled back in both files
 * @err  when no new one can be made; events can't be added then, and the
 *       call may be repeated
 *
 * The hash key stays.  Readers still see the old file: open them anew.
 * Returns 0, or -1 with @err.
 */
int store_reset_events(struct store *s, struct err *err);

/**
 * store_add_block - an entry of the block list
 * @s    store
 * @b    entry
 * @why  automatic: weights, counts, threshold; the newest 200 events that
 *       count are copied from the event log, those that were added since
 *       the last commit included; or NULL
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_add_block(struct store *s, const struct store_block *b,
	const struct explanation *why, struct err *err);

/**
 * store_change_block - an entry ends at another time, or its note changed
 * @s         store
 * @b         its number, end and note
 * @has_note  whether the note is another one
 * @err       when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_change_block(struct store *s, const struct store_block *b,
	bool has_note, struct err *err);

/**
 * store_end_block - an entry was removed; its events are marked forgiven
 * @s        store
 * @b        entry as it was
 * @removed  wall time [s]
 * @by       who
 * @err      when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_end_block(struct store *s, const struct block *b, int64_t removed,
	struct str by, struct err *err);

/**
 * store_add_lock - an account was locked
 * @s    store
 * @l    row; without an account it is that of the event that locked it
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_add_lock(
	struct store *s, const struct store_lock *l, struct err *err);

/**
 * store_end_lock - a lock should not have been, or its account logged in
 * @s    store
 * @l    lock.cause says which; gets its lock.until and removed
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_end_lock(
	struct store *s, const struct store_lock *l, struct err *err);

/**
 * store_unlock - an administrator ends locks that are live
 * @s    store
 * @u    which
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_unlock(
	struct store *s, const struct store_unlock *u, struct err *err);

/**
 * store_load_locks - locks that ended after some time, oldest first
 * @s      store
 * @since  wall time [s]: live ones and those that began later than this
 * @fn     called for each, texts borrowed
 * @ctx    for @fn
 * @err    when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_locks(struct store *s, int64_t since, store_on_lock *fn,
	void *ctx, struct err *err);

/* Which locks: every member that isn't empty narrows. */
struct store_lock_query {
	struct str account; /* whatever the case of its letters */
	int64_t live_at;    /* wall time [s]; 0: also those that are over */
	uint64_t before;    /* only causes below this, 0: all */
	unsigned limit;
};

/**
 * store_find_locks - locks with their history, newest first
 * @s    store
 * @q    which
 * @fn   called for each, texts borrowed
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_locks(struct store *s, const struct store_lock_query *q,
	store_on_lock *fn, void *ctx, struct err *err);

/**
 * store_add_trust - an account logged in from an address
 * @s    store
 * @t    pair and day; belongs to the same transaction as its event
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_add_trust(struct store *s, const struct trust *t, struct err *err);

/**
 * store_load_trust - who logged in from where, longest ago first
 * @s    store
 * @fn   called for each
 * @ctx  for @fn
 * @err  when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_trust(
	struct store *s, store_on_trust *fn, void *ctx, struct err *err);

/**
 * store_forgive - acts of an address count no more; its events are marked
 * @s    store
 * @f    which, up to when
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_forgive(struct store *s, const struct forgiven *f, struct err *err);

/**
 * store_load_forgiven - what was forgiven without ending a block
 * @s    store
 * @fn   called for each
 * @ctx  for @fn
 * @err  when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_load_forgiven(
	struct store *s, store_on_forgiven *fn, void *ctx, struct err *err);

/**
 * store_add_never - a never-block entry
 * @s    store
 * @n    entry; @n->id is ignored.  The same prefix once more keeps its
 *       number and gets the new note
 * @ret_id  its number
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_add_never(struct store *s, const struct store_never *n,
	uint64_t *ret_id, struct err *err);

/**
 * store_remove_never - take the entry with exactly this prefix out
 * @s    store
 * @p    prefix
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_remove_never(
	struct store *s, const struct prefix *p, struct err *err);

/**
 * store_set_setting - a changed setting with its history
 * @s    store
 * @c    change; an empty @c->after goes back to the default
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_set_setting(
	struct store *s, const struct store_change *c, struct err *err);

/**
 * store_trim - drop what is too old or too much, a small slice a call,
 * and commit; between two batches
 * @s         store
 * @settings  retention
 * @now       wall time [s]
 * @ret_more  true when there is more to do
 * @err       when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_trim(struct store *s, const struct settings *settings, int64_t now,
	bool *ret_more, struct err *err);

/* Which events: every member that isn't empty narrows. */
struct store_query {
	const struct prefix *prefix;
	int kind;			     /* -1: all */
	struct str account, service, source; /* exactly so */
	int64_t since, until;		     /* until 0: no end */
	uint64_t before; /* only numbers below this, 0: all */
	uint64_t after;	 /* only numbers above this */
	bool is_oldest_first;
	unsigned limit;		   /* 0: 1000 */
	const struct query *query; /* what else must hold, or NULL */
	unsigned limit_ms;	   /* 0: 2 s */
	/* Where to put the number up to which all was looked at, or NULL. */
	uint64_t *seen;
};

/* What store_find_events() returns when the time was up and q->seen says
 * where to go on. */
enum {
	STORE_LATE = 0x10000,
};

/**
 * store_reader_open - a second connection that only reads the event log
 * @folder  as in struct store_config
 * @err     what is wrong
 *
 * Returns a reader for store_reader_close(), or NULL with @err.  Needs a
 * store that is open; on a nearly full file system nobody else may read.
 */
struct store_reader *store_reader_open(const char *folder, struct err *err);

/**
 * store_reader_close - end a reader
 * @r  reader, or NULL
 */
void store_reader_close(struct store_reader *r);

/**
 * store_reader_none - a reader that answers nothing
 * @why  what its errors say; constant
 *
 * Returns it for store_reader_close().
 */
struct store_reader *store_reader_none(const char *why);

/**
 * store_find_events - look events up, newest first unless asked otherwise
 * @r    reader; NULL: an error, the event log can't be read now
 * @q    which
 * @fn   called for each, texts borrowed
 * @ctx  for @fn
 * @err  when it can't be read, or takes longer than q->limit_ms
 *
 * Returns 0, -1 with @err, STORE_LATE, or what @fn returned.
 */
int store_find_events(struct store_reader *r, const struct store_query *q,
	store_on_event *fn, void *ctx, struct err *err);

/* A stretch of the event log. */
struct store_stretch {
	int64_t since, until; /* both included */
	int64_t step;	      /* of a bucket [s], ≥ 1 */
};

/* How many events of a kind a bucket has. */
struct store_count {
	int64_t from; /* when the bucket begins */
	enum event_kind kind;
	uint64_t n;
};

/* Who comes often: @addr or @account. */
struct store_top {
	struct addr addr;
	struct str account;
	uint64_t n, points;
};

typedef int store_on_count(void *ctx, const struct store_count *c);
typedef int store_on_top(void *ctx, const struct store_top *t);

/**
 * store_count_kinds - count events by time and kind
 * @r        reader; NULL: an error
 * @stretch  from when to when, in which steps
 * @fn       called for each count that isn't 0, in order
 * @ctx      for @fn
 * @err      when it can't be read, or takes longer than 2 s
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_count_kinds(struct store_reader *r,
	const struct store_stretch *stretch, store_on_count *fn, void *ctx,
	struct err *err);

/* How many events an address has, in a stretch of the log. */
typedef int store_on_neighbour(void *ctx, const struct addr *addr, uint64_t n);

/**
 * store_find_neighbours - which addresses of a prefix are in the log
 * @r       reader; NULL: an error
 * @prefix  IPv4, or IPv6 of at least 64 bits
 * @since   wall time [s]; what is a little older may be counted, too
 * @fn      called for each, maybe more than once
 * @ctx     for @fn
 * @err     when it can't be read, or takes longer than 2 s
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_neighbours(struct store_reader *r, const struct prefix *prefix,
	int64_t since, store_on_neighbour *fn, void *ctx, struct err *err);

enum store_top_by {
	STORE_TOP_ADDRESS,
	STORE_TOP_ACCOUNT,
};

/* What store_find_tops() looks for. */
struct store_tops {
	enum store_top_by by;
	int64_t since, until; /* both included */
	unsigned limit;
};

/**
 * store_find_tops - who has the most events, most first
 * @r    reader; NULL: an error
 * @q    what is asked
 * @fn   called for each, texts borrowed
 * @ctx  for @fn
 * @err  when it can't be read, or takes longer than 2 s
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_tops(struct store_reader *r, const struct store_tops *q,
	store_on_top *fn, void *ctx, struct err *err);

/* An account that failed to log in. */
struct store_account {
	struct str account;
	uint64_t failed, ok;
	int64_t last; /* time of its newest event */
};

typedef int store_on_account(void *ctx, const struct store_account *row);

/* Which of them. */
struct store_account_query {
	int64_t since, until; /* both included */
	unsigned limit;
	bool is_unknown; /* only those that never logged in meanwhile */
};

/**
 * store_find_accounts - accounts with failed logins, most first
 * @r    reader; NULL: an error
 * @q    which
 * @fn   called for each, texts borrowed
 * @ctx  for @fn
 * @err  when it can't be read, or takes longer than 2 s
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_accounts(struct store_reader *r,
	const struct store_account_query *q, store_on_account *fn, void *ctx,
	struct err *err);

enum store_facet_by {
	STORE_FACET_KIND,
	STORE_FACET_SERVICE,
	STORE_FACET_SOURCE,
	STORE_FACET_ACCOUNT,
	STORE_FACET_OUTCOME,
	STORE_FACETS,
};

/* What store_count_facets() counts. */
struct store_facets {
	enum store_facet_by by;
	const struct query *query;
};

/* How often a value comes in a stretch of the log. */
struct store_facet {
	int64_t number;	 /* kind or outcome, else 0 */
	struct str text; /* of the others */
	uint64_t n;
};

typedef int store_on_facet(void *ctx, const struct store_facet *f);

/**
 * store_count_facets - how often each value of a field comes
 * @r    reader; NULL: an error
 * @q    what is counted
 * @fn   called for each value of each stretch, newest first; add them up
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, STORE_LATE when only the newest were counted, or
 * what @fn returned.
 */
int store_count_facets(struct store_reader *r, const struct store_facets *q,
	store_on_facet *fn, void *ctx, struct err *err);

/**
 * store_find_blocks - the block list with its history, newest first
 * @s       store (control.db has one connection only)
 * @prefix  only entries that cover or lie inside this, or NULL
 * @before  only numbers below this, 0: all
 * @limit   rows
 * @fn      called for each
 * @ctx     for @fn
 * @err     when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_blocks(struct store *s, const struct prefix *prefix,
	uint64_t before, unsigned limit, store_on_block *fn, void *ctx,
	struct err *err);

/* Which of the live blocks with hints. */
struct store_hinted {
	uint64_t hints;	 /* bits of enum hint_kind: any of them */
	int64_t live_at; /* wall time [s] */
};

/**
 * store_find_hinted - live blocks that have hints, newest first
 * @s    store
 * @q    which
 * @fn   called for each
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_hinted(struct store *s, const struct store_hinted *q,
	store_on_block *fn, void *ctx, struct err *err);

/* Why a block came, as it was stored with it. */
struct store_why {
	struct explanation why; /* rows are in @events, not in why.rows */
	bool is_found;
};

/**
 * store_block_why - the stored explanation of a block
 * @s    store
 * @id   number of the block
 * @ret  weights, counts, threshold as they were
 * @fn   called for each of its events, oldest first
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_block_why(struct store *s, uint64_t id, struct store_why *ret,
	store_on_event *fn, void *ctx, struct err *err);

/* Which changes of settings. */
struct store_change_query {
	struct str name; /* of one setting, or empty */
	uint64_t before; /* only numbers below this, 0: all */
	unsigned limit;
};

/**
 * store_find_changes - history of settings, newest first
 * @s      store
 * @q      which
 * @fn     called for each
 * @ctx    for @fn
 * @err    when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int store_find_changes(struct store *s, const struct store_change_query *q,
	store_on_change *fn, void *ctx, struct err *err);

/* What the files take up, with what waits beside them [bytes]. */
struct store_sizes {
	int64_t control, events;
};

/**
 * store_sizes - how large the files are
 * @s    store
 * @ret  filled; 0 for what isn't there
 */
void store_sizes(const struct store *s, struct store_sizes *ret);

/**
 * store_backup - control.db as it is now
 * @s    store, between two batches
 * @ret  the bytes of a database file are appended
 * @err  when it can't be read, or has more than STORE_BACKUP_MAX bytes
 *
 * Returns 0, or -1 with @err.
 */
int store_backup(struct store *s, struct buf *ret, struct err *err);

/**
 * store_restore - put a backup in the place of control.db, all or nothing
 * @s      store, between two batches
 * @bytes  from store_backup(), of this schema or an older one
 * @ret    as from store_open(): numbers go on, the key stays
 * @err    what is wrong: corrupt, newer schema, not ours, a row that can't
 *         be read, or it can't be written
 *
 * Returns 0 when it is durable, or -1 with @err and nothing changed.  What
 * was loaded before must be loaded anew.
 */
int store_restore(struct store *s, struct str bytes, struct store_opened *ret,
	struct err *err);
