/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Accounts and their failed logins in a row: a table by a hash of account
 * and address.  A hash has eight places; when they are taken, one whose
 * failures are forgotten goes, otherwise the one that failed longest ago,
 * and one that is locked only when all are: the lock that ends first.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"

/* An account as it is seen from an address, or from anywhere. */
struct lockout {
	uint64_t cause;	      /* number of the event that locked it last */
	uint32_t account;     /* hash */
	uint32_t since;	      /* failures before this don't count */
	uint32_t from, until; /* of the lock; until 0: none */
	uint32_t times[SETTINGS_FAILURES_MAX]; /* newest failures; 0: free */
};

_Static_assert(sizeof(struct lockout) == 64, "one cache line");

struct locks {
	uint64_t *who; /* hash of a row, 0: free */
	struct lockout *rows;
	uint32_t mask; /* rows - 1 */
};

/* When failures lock. */
struct lock_rule {
	unsigned failures; /* in a row, 1 … SETTINGS_FAILURES_MAX */
	uint32_t time_s;   /* how long they count, and lock */
};

/* What a failure does. */
enum lock_failure {
	LOCK_IGNORED, /* it doesn't count */
	LOCK_COUNTED,
	LOCK_LOCKED, /* it counts, and locks */
};

/**
 * locks_init - an empty table
 * @l     filled
 * @size  rows, a power of two, ≥ 8
 */
void locks_init(struct locks *l, uint32_t size);

/**
 * locks_free - give the memory back
 * @l  table
 */
void locks_free(struct locks *l);

/**
 * locks_find - the row of an account and address
 * @l    table
 * @who  their hash, not 0
 *
 * Returns it, or NULL.
 */
struct lockout *locks_find(const struct locks *l, uint64_t who);

/**
 * locks_get - the row of an account and address, made when there is none
 * @l        table
 * @who      their hash, not 0
 * @account  hash of the account alone
 * @now      wall time [s], for the choice of who goes
 *
 * Returns it.
 */
struct lockout *locks_get(
	struct locks *l, uint64_t who, uint32_t account, int64_t now);

/**
 * locks_unlock - end all locks of an account, and forget its failures
 * @l        table
 * @account  hash
 * @now      wall time [s]
 *
 * Looks at all rows.  Returns how many were locked.
 */
unsigned locks_unlock(struct locks *l, uint32_t account, int64_t now);

/**
 * lock_unlock - end a lock, and forget the failures
 * @k    row
 * @now  wall time [s]
 *
 * Returns true when it was locked.
 */
bool lock_unlock(struct lockout *k, int64_t now);

/**
 * lock_forget - forget the failures before a time, and the lock
 * @k       row
 * @before  what is told later of the time before this doesn't count
 */
void lock_forget(struct lockout *k, int64_t before);

/**
 * lock_fail - count a failure
 * @k     row
 * @time  of the failure
 * @now   wall time [s]
 * @rule  in force
 *
 * While it is locked only failures that came before the lock count.
 * Returns what it did.
 */
enum lock_failure lock_fail(struct lockout *k, uint32_t time, int64_t now,
	const struct lock_rule *rule);

/**
 * lock_restore - count a failure of which it is known that it counted
 * @k     row
 * @time  of the failure
 */
void lock_restore(struct lockout *k, uint32_t time);

/**
 * lock_begin - lock
 * @k     row
 * @from  time
 * @until  time
 */
void lock_begin(struct lockout *k, int64_t from, int64_t until);

/**
 * lock_newest - the newest failure
 * @k  row
 *
 * Returns its time, or 0.
 */
uint32_t lock_newest(const struct lockout *k);

/**
 * lock_take - a failure turns out not to have been one
 * @k     row
 * @time  of the failure
 * @rule  in force
 *
 * Returns true when those that remain don't make the lock: it should be
 * lifted.
 */
bool lock_take(struct lockout *k, uint32_t time, const struct lock_rule *rule);

/**
 * lock_succeed - forget the failures before a successful login
 * @k     row
 * @time  of the success
 * @rule  in force
 *
 * Returns true when it came after the lock, or the failures that remain
 * don't make it: it should be lifted.
 */
bool lock_succeed(
	struct lockout *k, uint32_t time, const struct lock_rule *rule);

/**
 * lock_is_live - is it locked?
 * @k    row
 * @now  wall time [s]
 *
 * Returns true while it is.
 */
static inline bool
lock_is_live(const struct lockout *k, int64_t now)
{
	return k->until > now;
}

/**
 * locks_bytes - memory of the table
 * @l  table
 *
 * Returns bytes.
 */
size_t locks_bytes(const struct locks *l);

/* The table is going to be asked about this hash. */
static inline void
locks_prefetch(const struct locks *l, uint64_t who)
{
	__builtin_prefetch(&l->who[who & l->mask & ~UINT32_C(7)]);
}
