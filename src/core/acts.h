/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Who an act is: several sources may tell the same one.  The newest acts
 * are remembered in a ring, found by address and class of kind (0 and 32
 * are one class) in chains from the newest to the oldest.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "core/event.h"

enum {
	ACTS_WALK_MAX = 256,	/* acts of one address and class looked at */
	ACTS_SOURCES_MAX = 254, /* the last one stands for all others */
	ACTS_TELLERS_MAX = 6,	/* of one act that are remembered */
	ACTS_NAME_MAX = 31,	/* bytes of a source's name that matter */
	ACTS_NEAR_S = 10,	/* how far apart without a session [s] */
	ACTS_PER_HEAD = 2,	/* acts in a chain, strangers included */
	ACTS_SPAN_S = 600,	/* of a summary that doesn't say [s] */
};

enum act_flags {
	ACT_IS_SCORED = 1,  /* it has a count in its address' window */
	ACT_HAS_TAG = 2,    /* its credential tag was told */
	ACT_IS_CLOSED = 4,  /* a summary has counted it */
	ACT_IS_TRUSTED = 8, /* it counts as one of a trusted account */
	ACT_IS_FAILED = 16, /* it counts against its account */
};

struct act {
	uint64_t who;		   /* keyed hash of address and class */
	uint32_t session, account; /* 0: not told */
	uint32_t time;
	uint32_t older; /* number of the next in the chain, or 0 */
	uint8_t kind;	/* the most specific told */
	uint8_t flags;	/* enum act_flags */
	uint8_t tellers[ACTS_TELLERS_MAX]; /* numbers of the sources that
					      told it, the first ones first;
					      0 behind them */
};

_Static_assert(sizeof(struct act) == 32, "two in a cache line");

struct acts {
	struct act *ring;
	uint32_t *heads; /* by @who: number of the newest act; few, so that
			    they stay in the cache */
	uint32_t heads_mask;
	uint32_t mask; /* acts in the ring - 1 */
	uint32_t next; /* number of the act to come; place is & @mask */
	uint8_t tellers[EVENT_KINDS]; /* by class: the only source that told
					 one; UINT8_MAX: several */
	unsigned sources_n;
	unsigned source_last;
	struct act_source {
		uint8_t n;
		char name[ACTS_NAME_MAX];
	} sources[ACTS_SOURCES_MAX];
};

/* One source's word of an act. */
struct telling {
	uint64_t who;
	uint32_t session, account;
	uint32_t time;
	uint8_t source; /* number, not 0 */
	enum event_kind kind;
	int64_t horizon; /* acts that aren't newer are forgotten */
};

/**
 * acts_init - an empty ring
 * @a     filled
 * @size  acts, a power of two
 */
void acts_init(struct acts *a, uint32_t size);

/**
 * acts_free - give the memory back
 * @a  ring
 */
void acts_free(struct acts *a);

/**
 * acts_source - the number of a source
 * @a     ring
 * @name  of the source
 *
 * Returns 1 … ACTS_SOURCES_MAX; names beyond that many share the last.
 */
uint8_t acts_source(struct acts *a, struct str name);

/**
 * acts_who - address and class as one number
 * @addr_hash  keyed hash of the address
 * @kind       kind of the event
 *
 * Returns a hash for struct telling.
 */
uint64_t acts_who(uint64_t addr_hash, enum event_kind kind);

/**
 * acts_find - the act that an event joins
 * @a  ring
 * @t  event
 *
 * Returns the oldest act that fits and that this source hasn't told yet,
 * or NULL.
 */
struct act *acts_find(struct acts *a, const struct telling *t);

/**
 * acts_cover - the acts that a summary tells once more
 * @a       ring
 * @t       summary
 * @span_s  how long before @t->time it began [s], 0: not told
 * @count   acts that it tells
 * @ret     acts of its session, then others that fit, @count at most when
 *          there are others
 *
 * Returns how many.
 */
unsigned acts_cover(struct acts *a, const struct telling *t, uint32_t span_s,
	uint32_t count, struct act *ret[static ACTS_WALK_MAX]);

/**
 * acts_join - a source tells an act that is there
 * @act  gets the source, session and account that were missing
 * @t    event
 */
void acts_join(struct act *act, const struct telling *t);

/**
 * acts_begin - an act that nobody has told before
 * @a      ring
 * @t      event
 * @flags  enum act_flags
 */
void acts_begin(struct acts *a, const struct telling *t, unsigned flags);

/* The index is going to be asked about this number. */
static inline void
acts_prefetch(const struct acts *a, uint64_t who)
{
	__builtin_prefetch(&a->heads[who >> 32 & a->heads_mask], 1);
}
