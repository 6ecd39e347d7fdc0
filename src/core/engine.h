/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The engine: a fold over facts.  A fact and the time go in, effects come
 * out; both are plain values.  It has no clock, file, socket, thread or
 * random number.  The same fold is the daemon, its restart, `brattice
 * replay`, what-if, another node and the tests.
 *
 * Behaviour: spec.md section 3.  Times are seconds since 1970.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/event.h"
#include "core/settings.h"

struct engine;

enum {
	ENGINE_ROWS_MAX = 200, /* newest acts kept in an explanation */
	ENGINE_EFFECTS_MAX = 8,
};

/* A block without end: 999,999,999 minutes, shown as "no end". */
#define ENGINE_NO_END_S (INT64_C(999999999) * 60)

struct engine_config {
	struct hash_key key; /* secret; kept with the store, because act
				   identities are stored as its hashes */
	uint32_t max_v4;     /* tracked IPv4 addresses, ≥ 1024 */
	uint32_t max_v6;     /* tracked IPv6 prefixes, ≥ 1024 */
	uint32_t acts;	     /* acts whose identity is remembered, a power
				   of two */
	uint8_t v6_len;	     /* IPv6 clients are scored by this, 48 … 128 */
	uint64_t last_block; /* numbers of new blocks begin behind this */
};

/* Who an act is, in hashes of the engine's key; 0 means "not told". */
struct identity {
	uint32_t account;
	uint32_t session;
	uint32_t credential; /* of account and credential tag */
};

/* What became of an event.  Stored with it; numbers are part of the
 * schema. */
enum outcome {
	OUTCOME_SCORED = 0,  /* began an act that counts */
	OUTCOME_JOINED = 1,  /* another source had told this act */
	OUTCOME_REPEAT = 2,  /* the same wrong password again */
	OUTCOME_BLOCKED = 3, /* came while a block was live */
	OUTCOME_NEVER = 4,   /* never-block address */
	OUTCOME_NOTED = 5,   /* a kind that is never scored, or a summary that
				told nothing new */
	OUTCOME_LATE = 6,    /* older than the last block's end or the window */
	OUTCOME_UNTRACKED = 7, /* the table is full; counted */
};

/* What else is kept of an event: bits, part of the schema. */
enum event_marks {
	MARK_TRUSTED = 1, /* it made its act weigh as a trusted account's */
	MARK_FAILED = 2,  /* it counted against its account */
	MARK_LOCKS = 4,	  /* it locked its account */
};

enum origin {
	ORIGIN_AUTOMATIC,
	ORIGIN_MANUAL,
};

/* One entry of the Block List. */
struct block {
	uint64_t id; /* 1 …; assigned by the engine when 0 */
	struct prefix prefix;
	struct addr cause_addr; /* automatic: the address that caused it */
	int64_t from, until;	/* live while from ≤ now < until */
	enum origin origin;
	enum component component; /* automatic: which one */
	uint64_t cause;		  /* automatic: number of the event, or 0 */
	uint32_t score;		  /* automatic: when it reached */
	uint32_t threshold;
	bool is_observed; /* made in mode observe: "would block" */
	bool is_lifted;	  /* ended before its time: what came in that very
			     second is forgiven, too */
};

/* A locked account. */
struct lock {
	uint64_t cause;	     /* number of the event that locked it */
	struct str account;  /* FACT_LOCK: its name */
	struct prefix key;   /* locked for this address or prefix … */
	bool is_anywhere;    /* … or for all */
	bool is_observed;    /* made in mode observe */
	int64_t from, until; /* live while from ≤ now < until; a lock that
				should not have been ends when it begins */
};

/* A login: an account from an address. */
struct login {
	struct addr addr;
	struct str account;
	struct str session, source; /* FACT_REFUSED: as in struct event */
	bool is_everywhere;	    /* FACT_UNLOCK: whatever the address */
};

/* An account that logged in from an address. */
struct trust {
	uint64_t who; /* hash of both by the engine's key */
	uint32_t day; /* the last one, since 1970 */
};

/* Acts of what is scored together that an administrator has forgiven. */
struct forgiven {
	struct prefix key;
	int64_t time; /* and all before it */
};

/* Counts by kind. */
struct tally {
	uint32_t count[EVENT_KINDS];
};

/* Why: the acts in a component's window and what they weigh. */
struct explanation {
	struct prefix key; /* address or prefix that is scored */
	enum component component;
	int64_t at; /* the time it is true for */
	uint32_t score, threshold;
	int64_t period_s;
	int64_t weight[EVENT_KINDS]; /* as they were; login: 1 for 0 and 32 */
	struct tally tally;	     /* exact, acts in the window by kind */
	struct tally trusted;	     /* of them those of trusted accounts */
	int64_t trust_percent;	     /* of its weight that each of them has */
	uint32_t rows_n;	     /* 0 … ENGINE_ROWS_MAX, newest last */
	struct explanation_row {
		int64_t time;
		uint32_t count;
		enum event_kind kind;
	} rows[ENGINE_ROWS_MAX];
};

enum fact_type {
	FACT_EVENT,	   /* event, event_id */
	FACT_STORED,	   /* event from the store with what became of it */
	FACT_CONNECT,	   /* addr connected */
	FACT_BLOCK,	   /* block: by hand, or from the store */
	FACT_UNBLOCK,	   /* block_id ends now; its events are forgiven */
	FACT_EXTEND,	   /* block: the live one of this number gets its end */
	FACT_NEVER_ADD,	   /* prefix */
	FACT_NEVER_REMOVE, /* prefix */
	FACT_SETTINGS,	   /* settings, from now on */
	FACT_LOCK,	   /* lock, from the store */
	FACT_UNLOCK,	   /* login: its locks end, its failures are
			      forgotten */
	FACT_REFUSED,	   /* login, of a locked account, that was refused:
			      who tells of it as well tells nothing */
	FACT_TRUST,	   /* trust, from the store */
	FACT_FORGIVE,	   /* forgiven: acts up to its time count no more */
};

/* An event as the store kept it, for the replay at start. */
struct stored {
	uint64_t id;
	struct addr addr;
	int64_t time;
	struct identity identity;
	uint32_t count;	      /* acts that counted, 0 unless SCORED */
	enum event_kind kind; /* of the act as far as this event knew */
	enum outcome outcome;
	uint8_t marks;	 /* enum event_marks */
	bool is_cause;	 /* it made a block */
	bool is_summary; /* these three as they were told: they */
	uint32_t told;	 /* redo what a summary covered; without */
	uint32_t span_s; /* them it counts as a plain event */
	struct str source;
};

struct fact {
	enum fact_type type;
	union {
		struct {
			const struct event *event;
			uint64_t event_id;
		};
		const struct stored *stored;
		struct addr addr;
		const struct block *block;
		uint64_t block_id;
		struct prefix prefix;
		const struct settings *settings;
		const struct lock *lock;
		const struct login *login;
		struct trust trust;
		struct forgiven forgiven;
	};
};

enum effect_type {
	EFFECT_EVENT,  /* outcome of the event: one for each FACT_EVENT */
	EFFECT_BLOCK,  /* an entry began */
	EFFECT_EXTEND, /* an entry ends at another time */
	EFFECT_LIFT,   /* an entry ended before its time */
	EFFECT_EXPIRE, /* an entry's time is up */
	EFFECT_MISSED, /* a block that would already be over: log it */
	EFFECT_LOCK,   /* an account was locked */
	EFFECT_UNLOCK, /* and no longer is: it logged in, the failures were
			  repeats, or FACT_UNLOCK */
	EFFECT_TRUST,  /* an account logged in: first time that day */
};

struct effect {
	enum effect_type type;
	union {
		struct {
			struct identity identity;
			enum outcome outcome;
			enum event_kind kind; /* may be more specific */
			uint32_t count;	      /* acts that were added */
			uint32_t points;      /* that they weigh in SMTP */
			uint8_t marks;	      /* enum event_marks */
			bool is_cause; /* it makes the block that follows */
		} event;
		struct {
			struct block block;
			/* Automatic EFFECT_BLOCK and _MISSED: why; borrowed,
			 * good until the next engine_apply(); or NULL. */
			const struct explanation *why;
		};
		struct {
			struct lock lock;  /* without its account */
			unsigned unlocked; /* FACT_UNLOCK: how many were */
		};
		struct trust trust;
	};
};

/* What came of one fact.  More than fit: call engine_tick() for the rest
 * (a never-block entry may lift thousands). */
struct effects {
	unsigned n;
	bool has_more;
	struct effect list[ENGINE_EFFECTS_MAX];
};

enum verdict_word {
	VERDICT_ALLOW,
	VERDICT_REFUSE,
};

/* The answer for a connection. */
struct verdict {
	enum verdict_word word;
	bool is_never;	  /* a never-block entry covers it */
	bool would_block; /* a block is live, but mode is observe */
	uint64_t block_id;
	int64_t until; /* of the block that ends last */
};

/* The answer for a login. */
struct account_verdict {
	enum verdict_word word;
	bool would_lock; /* it is locked, but mode is observe */
	int64_t until;
};

/* What the engine holds, for status and metrics. */
struct engine_stats {
	uint64_t tracked_v4, tracked_v6; /* entries in the tables */
	uint64_t untracked;		 /* newcomers not taken */
	uint64_t evicted;
	uint64_t blocks_live;
	uint64_t never;
	uint64_t outcomes[8]; /* by enum outcome */
	uint64_t bytes;	      /* memory of all tables [bytes] */
};

/**
 * engine_new - an engine with nothing in it
 * @config    sizes and key; copied
 * @settings  copied
 *
 * Returns an engine for engine_free().  Never NULL.
 */
struct engine *engine_new(
	const struct engine_config *config, const struct settings *settings);

/**
 * engine_free - give an engine's memory back
 * @e  engine, or NULL
 */
void engine_free(struct engine *e);

/**
 * engine_apply - fold one fact in
 * @e    engine
 * @f    fact; what it points to is copied where it is kept
 * @now  wall time [s]; a fact's time behind it is clamped to it
 * @ret  effects in the order in which they came about
 *
 * An event's own effect comes first, a block that it caused behind it.
 * No allocation but the growth of tables in bounded steps.
 */
void engine_apply(struct engine *e, const struct fact *f, int64_t now,
	struct effects *ret);

/**
 * engine_prefetch - say whose event comes soon
 * @e     engine
 * @addr  client
 *
 * Only a hint: memory comes while the engine does something else.  Whoever
 * has events in a row calls it four events ahead.
 */
void engine_prefetch(struct engine *e, const struct addr *addr);

/**
 * engine_tick - let time pass
 * @e    engine
 * @now  wall time [s]
 * @ret  what has expired, and effects that did not fit before
 *
 * Call it again while ret->has_more.
 */
void engine_tick(struct engine *e, int64_t now, struct effects *ret);

/**
 * engine_next_deadline - when has engine_tick() something to do?
 * @e  engine
 *
 * Returns seconds since 1970, or INT64_MAX.
 */
int64_t engine_next_deadline(const struct engine *e);

/**
 * engine_check - may this address connect?
 * @e     engine
 * @addr  client
 * @now   wall time [s]
 *
 * Returns the answer: never-block entry, then live block, otherwise allow.
 * Pure, O(1), no allocation.
 */
struct verdict engine_check(
	const struct engine *e, const struct addr *addr, int64_t now);

/**
 * engine_check_account - may this account log in from this address?
 * @e        engine
 * @addr     client; whether it is blocked isn't asked
 * @account  as the client wrote it
 * @now      wall time [s]
 *
 * Returns the answer: refuse when the account is locked.
 * Pure, O(1), no allocation.
 */
struct account_verdict engine_check_account(const struct engine *e,
	const struct addr *addr, struct str account, int64_t now);

/**
 * engine_explain - what stands against an address now
 * @e     engine
 * @addr  client
 * @now   wall time [s]
 * @c     component
 * @ret   filled, all zero counts when nothing does
 */
void engine_explain(const struct engine *e, const struct addr *addr,
	int64_t now, enum component c, struct explanation *ret);

/**
 * engine_since - from when on acts of an address count
 * @e     engine
 * @addr  client
 * @now   wall time [s]
 *
 * Returns when its last block ended, or 0 when it is known of none.
 */
int64_t engine_since(
	const struct engine *e, const struct addr *addr, int64_t now);

/**
 * engine_block_get - a live block by its number
 * @e    engine
 * @id   number
 * @ret  copy
 *
 * Returns true when it is live or hasn't been ticked away yet.
 */
bool engine_block_get(const struct engine *e, uint64_t id, struct block *ret);

/**
 * engine_block_next - live blocks in the order of their numbers
 * @e      engine
 * @after  number of the one before, 0 to begin
 * @ret    copy
 *
 * Returns true while there is one.
 */
bool engine_block_next(
	const struct engine *e, uint64_t after, struct block *ret);

/**
 * engine_block_covering - live blocks that cover a prefix, longest first
 * @e    engine
 * @p    address or prefix
 * @now  wall time [s]
 * @ret  room for @max copies
 * @max  rows
 *
 * Returns how many cover it; at most @max are written.
 */
unsigned engine_block_covering(const struct engine *e, const struct prefix *p,
	int64_t now, struct block *ret, unsigned max);

/* An address or prefix that comes near a threshold. */
struct engine_near_row {
	struct prefix key;
	enum component component;
	uint32_t score, threshold;
};

/* A walk over the tracked addresses; those that are blocked already or
 * never are, are left out. */
struct engine_near {
	int64_t now;	  /* wall time [s] */
	unsigned percent; /* of the threshold that a row has at least, ≥ 1 */
	void (*found)(void *ctx, const struct engine_near_row *row);
	void *ctx;
	unsigned table; /* where the walk stands: 0 to begin */
	uint32_t at;	/* likewise */
};

/**
 * engine_near - look for addresses near a threshold
 * @e      engine; may change between two slices
 * @walk   goes on from here; its found() is called for each
 * @steps  entries looked at in this slice, ≥ 1
 *
 * Returns true when there are more to look at.
 */
bool engine_near(
	const struct engine *e, struct engine_near *walk, unsigned steps);

enum {
	ENGINE_IMPACT_ROWS = 8,
};

/* What other settings would mean for the addresses that are tracked now;
 * those that are blocked or never are, are left out. */
struct engine_impact {
	int64_t now; /* wall time [s] */
	const struct settings *trial;
	uint64_t looked;	/* addresses with acts that count */
	uint64_t over, over_by; /* at a threshold: now, by @trial */
	uint64_t more, fewer;	/* only by @trial, only now */
	unsigned rows_n;
	struct prefix rows[ENGINE_IMPACT_ROWS]; /* some of @more */
	unsigned table; /* where the walk stands: 0 to begin */
	uint32_t at;	/* likewise */
};

/**
 * engine_impact - what would other settings do?
 * @e     engine; may change between two slices
 * @i     goes on from here; counts
 * @steps  entries looked at in this slice, ≥ 1
 *
 * Acts that the longest period of now has let go are not known.  Returns
 * true when there are more to look at.
 */
bool engine_impact(
	const struct engine *e, struct engine_impact *i, unsigned steps);

/**
 * engine_horizon_s - how far back facts matter
 * @s  settings
 *
 * Returns the longest period, or how long a failure counts against its
 * account [s].
 */
int64_t engine_horizon_s(const struct settings *s);

/**
 * engine_key - the address or prefix under which an address is scored
 * @e     engine
 * @addr  client
 *
 * Returns the prefix: IPv4 /32, IPv6 /64 unless configured otherwise.
 */
struct prefix engine_key(const struct engine *e, const struct addr *addr);

/**
 * engine_settings - the settings in force
 * @e  engine
 *
 * Returns them; borrowed, changed by FACT_SETTINGS.
 */
const struct settings *engine_settings(const struct engine *e);

/**
 * engine_stats - what the engine holds
 * @e    engine
 * @ret  filled
 */
void engine_stats(const struct engine *e, struct engine_stats *ret);
