/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Accounts: who is locked, and which addresses are trusted with whom.
 * Only engine*.c include it.
 */

#include "core/engine_report.h"

/**
 * account_hash - an account as events' identities have it
 * @e     engine
 * @name  as the client wrote it
 *
 * Returns a hash, the same for "Ann" and "ann"; 0 for no name.
 */
uint32_t account_hash(const struct engine *e, struct str name);

/**
 * account_is_exempt - does nothing from this address lock an account?
 * @e  engine
 * @c  client
 *
 * Returns true for never-block entries, and for loopback unless a setting
 * says otherwise.
 */
bool account_is_exempt(const struct engine *e, const struct client *c);

/**
 * account_prefetch - an account is going to be asked for
 * @e        engine
 * @c        client
 * @account  hash
 */
void account_prefetch(
	const struct engine *e, const struct client *c, uint32_t account);

/**
 * account_is_trusted - has it logged in from there of late?
 * @e  engine
 * @c  client
 * @r  report of a failed login
 *
 * Returns true when it has; of a stored event, when it had.
 */
bool account_is_trusted(
	const struct engine *e, const struct client *c, const struct report *r);

/**
 * account_fail - a failed login counts against its account
 * @e     engine
 * @c     client
 * @r     report with an account; gets marks, and a lock that it makes
 * @time  of the act
 *
 * Returns true when it counts.
 */
bool account_fail(struct engine *e, const struct client *c, struct report *r,
	uint32_t time);

/**
 * account_take - a failed login turns out to have been a repeat
 * @e    engine
 * @c    client
 * @r    report; gets a lock that is lifted
 * @act  that counted
 */
void account_take(struct engine *e, const struct client *c, struct report *r,
	const struct act *act);

/**
 * account_succeed - a successful login
 * @e  engine
 * @c  client
 * @r  report with an account; gets a lock that is lifted, and new trust
 */
void account_succeed(struct engine *e, struct client *c, struct report *r);

/**
 * account_effects - append what a report came to
 * @r    report
 * @now  wall time [s]
 * @ret  effects
 */
void account_effects(const struct report *r, int64_t now, struct effects *ret);

/**
 * account_load - FACT_LOCK
 * @e     engine
 * @lock  of the store
 * @now   wall time [s]
 */
void account_load(struct engine *e, const struct lock *lock, int64_t now);

/**
 * account_unlock - FACT_UNLOCK
 * @e      engine
 * @login  whose locks end
 * @now    wall time [s]
 * @ret    effects
 */
void account_unlock(struct engine *e, const struct login *login, int64_t now,
	struct effects *ret);

/**
 * account_refused - FACT_REFUSED
 * @e      engine
 * @login  what was refused
 * @now    wall time [s]
 */
void account_refused(struct engine *e, const struct login *login, int64_t now);
