/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the files of the store share.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "store/db.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/word.h"

struct store {
	struct db events, control;
	struct hash_key key;
	/* Of the events added since the last commit. */
	struct {
		int64_t id, oldest, newest;
		bool is_changed;
	} era;
	struct word_cache words;
	bool is_exclusive; /* events.db too: see store_open() */
	char folder[DB_PATH_MAX];
};

struct store_reader {
	struct db events;
	const char *why_not; /* it answers nothing but this, or NULL */
};

/* A prefix as ranges of the two integers of an address. */
struct span {
	int64_t net_min, net_max, host_min, host_max;
};

/* An address as it stands in events.db. */
struct halves {
	int64_t net, host;
};

/**
 * halves_of - an address as two integers
 * @a  address
 *
 * Returns them; see sql.h.
 */
struct halves halves_of(const struct addr *a);

/**
 * halves_addr - the address of two integers
 * @h  from halves_of()
 *
 * Returns the address.
 */
struct addr halves_addr(const struct halves *h);

/**
 * span_of - the ranges that a prefix is
 * @p  prefix, or NULL for all addresses
 *
 * Returns them: one net, or all hosts.
 */
struct span span_of(const struct prefix *p);

/* An IPv4 prefix: IPv6 ones cover no IPv4 address. */
static inline bool
is_v4(const struct prefix *p)
{
	return p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
}

/**
 * event_begin - be in a transaction of events.db
 * @s    store
 * @err  when it can't
 *
 * Returns 0, or -1 with @err.
 */
int event_begin(struct store *s, struct err *err);

/**
 * event_flush - write what is kept in memory about the open transaction
 * @s    store
 * @err  when it can't
 *
 * Returns 0, or -1 with @err.
 */
int event_flush(struct store *s, struct err *err);

/**
 * event_what - the packed column of a row
 * @e  row
 *
 * Returns what stands in event.what.
 */
int64_t event_what(const struct store_event *e);

/**
 * event_set_what - unpack the column
 * @what  from event_what()
 * @ret   its members kind, outcome, is_cause and event.kind, .is_summary
 */
void event_set_what(int64_t what, struct store_event *ret);

/**
 * event_pardon - mark the events of a prefix up to now as forgiven
 * @s    store
 * @p    prefix
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int event_pardon(struct store *s, const struct prefix *p, struct err *err);

/**
 * reader_begin - begin to read, for a time
 * @r    reader, or NULL
 * @ms   how long at most [ms]
 * @err  why not
 *
 * Returns 0 when reader_end() must follow, or -1 with @err.
 */
int reader_begin(struct store_reader *r, int64_t ms, struct err *err);

/**
 * reader_end - end what reader_begin() has begun
 * @r  reader
 */
void reader_end(struct store_reader *r);

/**
 * find_each - walk through events
 * @db   events.db, of a reader or the writer
 * @q    which; an address comes era by era from the index
 * @fn   called for each
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int find_each(struct db *db, const struct store_query *q, store_on_event *fn,
	void *ctx, struct err *err);

/**
 * why_add - the explanation of a block with its events
 * @s    store; the open transaction of events.db is read, too
 * @b    entry
 * @why  explanation
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int why_add(struct store *s, const struct block *b,
	const struct explanation *why, struct err *err);

/**
 * why_hints - what the log tells of the address of a new block
 * @s    store; the open transaction of events.db is read, too
 * @why  explanation
 * @ret  bits of enum hint_kind
 * @err  when it can't be read
 *
 * Returns 0, or -1 with @err.
 */
int why_hints(struct store *s, const struct explanation *why, uint64_t *ret,
	struct err *err);

/**
 * block_read - an entry of the block list from its columns
 * @st   at a row; block_columns stand first
 * @ret  entry; borrowed until the next step
 *
 * Returns false for a row that a damaged file made up.
 */
bool block_read(sqlite3_stmt *st, struct store_block *ret);

/**
 * block_functions - what the statements of control.db call
 * @db   control.db
 * @err  when it fails
 *
 * Returns 0, or -1 with @err.
 */
int block_functions(struct db *db, struct err *err);

/**
 * store_meta - a number that control.db keeps
 * @s     store
 * @name  of the number
 * @ret   the number, 0 when there is none
 * @err   what can't be read
 *
 * Returns 0, or -1 with @err.
 */
int store_meta(
	struct store *s, struct str name, uint64_t *ret, struct err *err);

/**
 * store_raise - a number in control.db that must not come again
 * @s      store
 * @name   in table meta
 * @value  nothing is changed when it is larger already
 * @err    when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int store_raise(
	struct store *s, struct str name, uint64_t value, struct err *err);

/**
 * store_numbers - the largest numbers ever given
 * @s    store
 * @ret  its members last_event and last_block
 * @err  when they can't be read
 *
 * Returns 0, or -1 with @err.
 */
int store_numbers(struct store *s, struct store_opened *ret, struct err *err);

/**
 * store_undo - roll both files back after a failure
 * @s  store
 *
 * Returns -1.
 */
int store_undo(struct store *s);
