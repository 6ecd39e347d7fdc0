/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the parts of the engine share: its state, and a client as the state
 * sees it.  Only engine*.c include it.
 */

#include "core/acts.h"
#include "core/blocks.h"
#include "core/engine.h"
#include "core/locks.h"
#include "core/repeats.h"
#include "core/table.h"
#include "core/window.h"

/* Values in @never: two flags, and above them when the entry was added. */
enum {
	NEVER_BUILT_IN = 1, /* loopback */
	NEVER_LISTED = 2,   /* an entry of the list */
	NEVER_SHIFT = 2,
};

enum {
	AHEAD = 2, /* told events from the index to the entry */
};

/* An address whose slot is being fetched. */
struct ahead {
	uint32_t key_hash;
	bool is_v4;
};

/* Who is told of every count that comes and goes: engine_course.c. */
struct watch {
	void (*changed)(struct watch *w, struct cell cell, bool is_taken);
};

struct engine {
	struct engine_config config;
	struct watch *watch; /* or NULL */
	struct settings settings;
	struct cell_weights weights;
	uint16_t generation; /* grows with each change of settings */
	int64_t floor; /* acts up to this were forgotten before the longest
			  period was made longer */

	struct table tables[2]; /* IPv6, IPv4 */
	struct window_pool windows;
	struct acts acts;
	struct repeats repeats;
	struct repeats trust; /* account and key → day of last success */
	struct locks locks;
	struct blocks blocks;
	struct trie never;
	uint64_t never_n;
	uint32_t never_last; /* entries added ever */

	struct order causes; /* events whose blocks the store had */
	bool is_lifting;     /* blocks inside new never-block entries remain */
	uint32_t lift_after; /* entries added later than this are new */
	uint64_t lift_at;    /* number of the block looked at last */
	uint64_t sample;     /* counts evictions, for their choice */

	struct ahead ahead[AHEAD]; /* engine_prefetch()'s last ones */
	unsigned ahead_at;	   /* the oldest of them */

	uint64_t untracked, evicted, outcomes[8];
	struct explanation why;
};

/* An address, and what is known of it now. */
struct client {
	struct addr addr, key;
	uint64_t addr_hash, key_hash;
	struct entry *entry; /* or NULL */
	bool is_v4;
	bool is_never;
	struct cover cover;
	int64_t now;	 /* wall time [s] */
	int64_t horizon; /* acts that aren't newer are forgotten [s] */
};

/* Where and when a block is made. */
struct cause {
	enum component component;
	int64_t at;	   /* when the threshold was reached [s] */
	uint64_t event_id; /* or 0 */
	uint64_t score;
};

/**
 * engine_client - what is known of an address
 * @e     engine
 * @addr  client
 * @now   wall time [s]
 * @ret   filled
 */
void engine_client(const struct engine *e, const struct addr *addr, int64_t now,
	struct client *ret);

/**
 * engine_client_begin - the first half of engine_client()
 * @e     engine
 * @addr  client
 * @now   wall time [s]
 * @c     gets what needs no memory but the address
 *
 * Memory that the other half needs is fetched meanwhile.
 */
void engine_client_begin(const struct engine *e, const struct addr *addr,
	int64_t now, struct client *c);

/**
 * engine_client_end - the second half of engine_client()
 * @e  engine
 * @c  client, begun
 */
void engine_client_end(const struct engine *e, struct client *c);

/**
 * engine_key_len - bits of the prefix by which an address is scored
 * @e     engine
 * @is_v4  family
 *
 * Returns bits.
 */
unsigned engine_key_len(const struct engine *e, bool is_v4);

/**
 * engine_horizon - the time up to which all acts are forgotten
 * @e    engine
 * @now  wall time [s]
 *
 * Returns seconds since 1970; may be negative.
 */
int64_t engine_horizon(const struct engine *e, int64_t now);

/**
 * engine_track - the entry of a client, made when there is none
 * @e  engine
 * @c  client; gets the entry
 *
 * Returns false when the table is full of addresses that must stay.
 */
bool engine_track(struct engine *e, struct client *c);

/**
 * engine_sweep - look for dead entries
 * @e      engine
 * @now    wall time [s]
 * @steps  entries to look at in each table
 */
void engine_sweep(struct engine *e, int64_t now, unsigned steps);

/**
 * engine_lease - what a block of a prefix goes by
 * @e    engine
 * @p    prefix
 * @now  wall time [s]
 *
 * Returns its lease, made when it wasn't there.
 */
struct lease *engine_lease(
	struct engine *e, const struct prefix *p, int64_t now);

/**
 * engine_span - which acts of a client count at a time
 * @e   engine
 * @c   client
 * @at  time [s]
 *
 * Returns the span of each component.
 */
struct window_span engine_span(
	const struct engine *e, const struct client *c, int64_t at);

/**
 * engine_span_by - the same by other settings
 * @s   settings
 * @c   client
 * @at  time [s]
 *
 * Returns the span of each component.
 */
struct window_span engine_span_by(
	const struct settings *s, const struct client *c, int64_t at);

/**
 * engine_weigh - what acts weigh
 * @s    settings
 * @ret  of each class
 */
void engine_weigh(const struct settings *s, struct cell_weights *ret);

/**
 * engine_judge - block a client whose score has reached a threshold
 * @e         engine
 * @c         client with an entry, not blocked
 * @cause     at: when; event_id
 * @consider  bits of the components that are asked
 * @ret       effects; a block is appended
 *
 * Returns true when it did.
 */
bool engine_judge(struct engine *e, const struct client *c, struct cause cause,
	unsigned consider, struct effects *ret);

/**
 * engine_block - make an automatic block
 * @e      engine
 * @c      client with an entry
 * @cause  why and when
 * @ret    effects; the block is appended, or that it is missed
 */
void engine_block(struct engine *e, const struct client *c,
	const struct cause *cause, struct effects *ret);

/**
 * engine_why - the acts in a component's window
 * @e    engine
 * @c    client
 * @at   time [s]
 * @of   component
 * @ret  filled
 */
void engine_why(const struct engine *e, const struct client *c, int64_t at,
	enum component of, struct explanation *ret);

/**
 * engine_event - FACT_EVENT
 * @e    engine
 * @f    fact
 * @now  wall time [s]
 * @ret  effects
 */
void engine_event(struct engine *e, const struct fact *f, int64_t now,
	struct effects *ret);

/**
 * engine_stored - FACT_STORED
 * @e    engine
 * @s    event of the store
 * @now  wall time [s]
 * @ret  effects
 */
void engine_stored(struct engine *e, const struct stored *s, int64_t now,
	struct effects *ret);

/* Might a client be over a threshold although nothing was added?  When
 * settings were changed; when addresses of one key aren't forgiven alike. */
static inline bool
engine_is_due(const struct engine *e, const struct client *c)
{
	return c->entry->generation != e->generation ||
	       (!c->is_v4 && e->blocks.narrow);
}

/* The threshold of a component, in hundredths of a point. */
static inline uint64_t
engine_limit(const struct engine *e, int component)
{
	return (uint64_t)e->settings.limits[component].threshold * 100;
}

/* Room for one effect more; there always is while a fact has at most an
 * outcome, a block, a lock and trust. */
static inline struct effect *
effect_add(struct effects *ret, enum effect_type type)
{
	struct effect *effect = &ret->list[ret->n++];

	effect->type = type;
	return effect;
}
