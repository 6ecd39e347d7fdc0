/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The engine once more, as plainly as it can be said: every act is kept in
 * an array, every question is a loop over all of them.  It shares no code
 * with the engine but struct definitions; tests compare the two.
 */

#include "core/engine.h"

enum {
	MODEL_ACTS = 40000,
	MODEL_BLOCKS = 4000,
	MODEL_NEVER = 64,
	MODEL_SEEN = 4000,
	MODEL_LOCKS = 64,
	MODEL_FAILURES = 8000,
	MODEL_WALK = 256, /* acts of an address and class looked at */
};

/* An event with its texts as small numbers, 0: none. */
struct model_event {
	struct addr addr;
	int64_t time;
	enum event_kind kind;
	bool is_smtp; /* service smtp or submission */
	bool is_summary;
	uint32_t count, span_s;
	int source, session, account, tag;
	uint64_t id;
};

struct model_act {
	struct addr addr;
	enum event_kind kind;	   /* the most specific told */
	enum event_kind cell_kind; /* under which it counts */
	int64_t time;
	uint32_t count; /* how often it counts: 0 or 1 */
	int session, account;
	uint32_t sources;
	bool has_tag, is_closed;
	bool is_trusted, is_failed;
};

/* An account from an address. */
struct model_lock {
	struct addr key; /* not if anywhere */
	int account;
	int64_t since, from, until; /* until 0: not locked */
	uint64_t cause;
};

struct model_failure {
	const struct model_lock *of;
	int64_t time;
};

struct model_login {
	struct addr key;
	int account;
	int64_t day;
};

struct model_block {
	struct block block;
	bool is_over; /* ended at block.until, effect told */
};

struct model_seen {
	struct addr key;
	int account, tag;
	int64_t time;
};

struct model {
	struct settings settings;
	unsigned v6_len;
	int64_t floor;
	uint64_t last_id;

	struct model_act acts[MODEL_ACTS];
	unsigned acts_n;
	struct model_block blocks[MODEL_BLOCKS];
	unsigned blocks_n;
	struct prefix never[MODEL_NEVER];
	unsigned never_n;
	struct model_seen seen[MODEL_SEEN];
	unsigned seen_n;
	struct model_lock locks[MODEL_LOCKS];
	unsigned locks_n;
	struct model_failure failures[MODEL_FAILURES];
	unsigned failures_n;
	struct model_login logins[MODEL_LOCKS];
	unsigned logins_n;
	int64_t missed_at; /* of a lock that was over when it was found */

	/* Joins of acts with another time: a replay that begins between
	 * the two can't be exact. */
	int64_t blurred_from, blurred_to;
};

/* What is compared of an event's outcome. */
struct model_told {
	enum outcome outcome;
	enum event_kind kind;
	uint32_t count, points;
	uint8_t marks;
	enum effect_type lock_effect; /* EFFECT_LOCK, _UNLOCK or none */
	struct model_lock lock;
	int64_t trust_day; /* 0: none */
};

/**
 * model_event - an event
 * @m    model
 * @ev   event, time not in the future
 * @now  wall time [s]
 * @ret  what became of it
 */
void model_event(struct model *m, const struct model_event *ev, int64_t now,
	struct model_told *ret);

/**
 * model_refused - a login was refused because its account is locked
 * @m   model
 * @ev  addr, time, source, session, account
 */
void model_refused(struct model *m, const struct model_event *ev);

/**
 * model_lock_find - what is known of an account from an address
 * @m        model
 * @addr     address
 * @account  number, not 0
 *
 * Returns it, or NULL.
 */
struct model_lock *model_lock_find(
	struct model *m, const struct addr *addr, int account);

/**
 * model_fail - a failure counts against an account
 * @m     model
 * @ev    event with an account
 * @time  of the act
 * @now   wall time [s]
 * @ret   marks and lock
 *
 * Returns true when it counts.
 */
bool model_fail(struct model *m, const struct model_event *ev, int64_t time,
	int64_t now, struct model_told *ret);

/**
 * model_take - take a failure back
 * @m    model
 * @act  that counted
 * @now  wall time [s]
 * @ret  lock
 */
void model_take(struct model *m, const struct model_act *act, int64_t now,
	struct model_told *ret);

/**
 * model_succeed - a successful login
 * @m    model
 * @ev   event with an account
 * @now  wall time [s]
 * @ret  lock and trust
 */
void model_succeed(struct model *m, const struct model_event *ev, int64_t now,
	struct model_told *ret);

/**
 * model_unlock - end a lock by hand
 * @m    model
 * @l    what is known
 * @now  wall time [s]
 *
 * Returns true when it was locked.
 */
bool model_unlock(struct model *m, struct model_lock *l, int64_t now);

/**
 * model_trusts - has the account of an event logged in of late?
 * @m   model
 * @ev  event
 *
 * Returns true when it has, from the same address.
 */
bool model_trusts(const struct model *m, const struct model_event *ev);

/**
 * model_same_key - are two addresses scored as one?
 * @m  model
 * @a  address
 * @b  address
 *
 * Returns true when they are.
 */
bool model_same_key(
	const struct model *m, const struct addr *a, const struct addr *b);

/**
 * model_judge - ask thresholds
 * @m     model
 * @addr  client
 * @at    time of the fact [s]
 * @now   wall time [s]
 * @is_connect  the fact is a connection
 *
 * Returns the block it makes, also one that is missed, or NULL.
 */
const struct block *model_judge(struct model *m, const struct addr *addr,
	int64_t at, int64_t now, bool is_connect);

/**
 * model_settings - change settings
 * @m    model
 * @s    settings
 * @now  wall time [s]
 */
void model_settings(struct model *m, const struct settings *s, int64_t now);

/**
 * model_block - an entry of the block list
 * @m  model
 * @b  entry; number assigned when 0
 *
 * Returns it as it is kept.
 */
const struct block *model_block(struct model *m, const struct block *b);

/**
 * model_horizon - acts up to this are forgotten
 * @m    model
 * @now  wall time [s]
 *
 * Returns seconds since 1970.
 */
int64_t model_horizon(const struct model *m, int64_t now);

/**
 * model_covers - does a prefix cover another?
 * @outer  prefix
 * @inner  prefix
 *
 * Returns true when it does.
 */
bool model_covers(const struct prefix *outer, const struct prefix *inner);

/**
 * model_is_never - is an address or prefix inside a never-block entry?
 * @m  model
 * @p  prefix
 *
 * Returns true when it is.
 */
bool model_is_never(const struct model *m, const struct prefix *p);

/**
 * model_last - of the live blocks that cover an address the last
 * @m     model
 * @addr  address
 * @now   wall time [s]
 *
 * Returns it, or NULL.
 */
const struct block *model_last(
	const struct model *m, const struct addr *addr, int64_t now);

/**
 * model_explain - what stands against an address
 * @m     model
 * @addr  client
 * @at    when
 * @now   wall time [s]
 * @ret   component is given; score and tally are filled
 */
void model_explain(const struct model *m, const struct addr *addr, int64_t at,
	int64_t now, struct explanation *ret);

/**
 * model_forget - drop what can't matter any more
 * @m    model
 * @now  wall time [s]
 */
void model_forget(struct model *m, int64_t now);
