/* SPDX-License-Identifier: ISC */

/*
 * Clients and their entries: finding, making, and choosing who goes when
 * the table is full.
 */

#include "base/def.h"
#include "core/engine_state.h"

enum {
	SAMPLE = 16,	/* entries looked at when one must go */
	SWEEP_STEP = 2, /* entries looked at when one comes */
};

unsigned
engine_key_len(const struct engine *e, bool is_v4)
{
	return is_v4 ? ADDR_BITS : e->config.v6_len;
}

int64_t
engine_horizon_s(const struct settings *s)
{
	int64_t longest = s->account_failures ? s->account_lock_s : 0;

	for (int i = 0; i < COMPONENTS; i++) {
		if (s->limits[i].period_s > longest)
			longest = s->limits[i].period_s;
	}
	return longest;
}

int64_t
engine_horizon(const struct engine *e, int64_t now)
{
	int64_t horizon = now - engine_horizon_s(&e->settings);

	/* A floor in the future is one of a clock that was put back. */
	return e->floor > horizon && e->floor <= now ? e->floor : horizon;
}

void
engine_client_begin(const struct engine *e, const struct addr *addr,
	int64_t now, struct client *c)
{
	c->addr = c->key = *addr;
	c->now = now;
	c->is_v4 = addr_is_v4(addr);
	c->addr_hash = c->key_hash = addr_hash(&e->config.key, addr);
	if (!c->is_v4 && e->config.v6_len < ADDR_BITS) {
		c->key = addr_prefix(addr, e->config.v6_len).addr;
		c->key_hash = addr_hash(&e->config.key, &c->key);
	}
	table_prefetch(&e->tables[c->is_v4], (uint32_t)c->key_hash);
}

void
engine_client_end(const struct engine *e, struct client *c)
{
	const struct table *t = &e->tables[c->is_v4];

	c->horizon = engine_horizon(e, c->now);
	c->is_never = trie_match(&e->never, &c->addr) != 0;
	c->cover = (struct cover){ 0 };
	if (e->blocks.trie.n)
		blocks_cover_all(&e->blocks, &c->addr, c->now, &c->cover);
	c->entry = table_find(t, &c->key, (uint32_t)c->key_hash);
	if (c->entry)
		blocks_cover(&c->entry->lease, c->now, &c->cover);
}

void
engine_client(const struct engine *e, const struct addr *addr, int64_t now,
	struct client *ret)
{
	engine_client_begin(e, addr, now, ret);
	engine_client_end(e, ret);
}

/* The slot of this address, and the entry of one told before, whose slot has
 * come by now. */
void
engine_prefetch(struct engine *e, const struct addr *addr)
{
	struct ahead *a = &e->ahead[e->ahead_at++ % AHEAD];
	struct client c UNFILLED;

	table_prefetch_entry(&e->tables[a->is_v4], a->key_hash);
	engine_client_begin(e, addr, 0, &c);
	*a = (struct ahead){ (uint32_t)c.key_hash, c.is_v4 };
}

struct window_span
engine_span_by(const struct settings *s, const struct client *c, int64_t at)
{
	struct window_span span = { .until = at };
	int64_t least = c->cover.since - 1;

	if (least < c->horizon)
		least = c->horizon;
	for (int i = 0; i < COMPONENTS; i++) {
		int64_t begin = at - s->limits[i].period_s;

		span.after[i] = begin > least ? begin : least;
	}
	return span;
}

struct window_span
engine_span(const struct engine *e, const struct client *c, int64_t at)
{
	return engine_span_by(&e->settings, c, at);
}

/* An entry of which nothing matters any more. */
static bool
is_dead(const struct engine *e, const struct entry *entry, int64_t horizon)
{
	return !entry->lease.block && entry->lease.until <= horizon &&
	       window_newest(&e->windows, &entry->window) <= horizon;
}

static void
entry_del(struct engine *e, struct table *t, uint32_t i)
{
	struct entry *entry = table_at(t, i);
	uint64_t hash = addr_hash(&e->config.key, &entry->key);

	window_clear(&e->windows, &entry->window);
	table_del(t, i, (uint32_t)hash);
}

static void
sweep(struct engine *e, struct table *t, int64_t horizon, unsigned steps)
{
	for (; steps && t->entries.live; steps--) {
		t->hand = t->hand + 1 < t->entries.end ? t->hand + 1 : 1;
		struct entry *entry = table_at(t, t->hand);

		if (entry->is_used && is_dead(e, entry, horizon))
			entry_del(e, t, t->hand);
	}
}

void
engine_sweep(struct engine *e, int64_t now, unsigned steps)
{
	int64_t horizon = engine_horizon(e, now);

	sweep(e, &e->tables[0], horizon, steps);
	sweep(e, &e->tables[1], horizon, steps);
	blocks_sweep(&e->blocks, horizon, steps);
}

/* How near to a block an entry is, in millionths of a threshold; half a
 * threshold and what is blocked must stay. */
static uint64_t
standing_of(const struct engine *e, const struct entry *entry,
	const struct client *newcomer)
{
	struct client c = { .horizon = newcomer->horizon };
	uint64_t most = 0;

	if (entry->lease.block)
		return UINT64_MAX;
	blocks_cover(&entry->lease, newcomer->now, &c.cover);
	struct window_span span = engine_span(e, &c, newcomer->now);
	struct scores s = window_sum(
		&e->windows, &entry->window, &span, &e->weights);

	for (int i = 0; i < COMPONENTS; i++) {
		uint64_t limit = engine_limit(e, i);

		if (s.of[i] >= (limit + 1) / 2)
			return UINT64_MAX;
		if (s.of[i] * 1000000 / limit > most)
			most = s.of[i] * 1000000 / limit;
	}
	return most;
}

/* Make room: of some entries taken at random the one that stands least
 * near to a block goes, a dead one before all. */
static bool
evict(struct engine *e, struct table *t, const struct client *c)
{
	uint64_t r = hash_pair(&e->config.key, e->sample++, 0);
	uint64_t least = UINT64_MAX;
	uint32_t victim = 0;

	for (int i = 0; i < SAMPLE && least; i++) {
		r = r * 6364136223846793005 + 1442695040888963407;
		uint32_t at = 1 + (uint32_t)((r >> 33) % (t->entries.end - 1));
		const struct entry *entry = table_at(t, at);

		if (!entry->is_used)
			continue;
		uint64_t standing = is_dead(e, entry, c->horizon)
					    ? 0
					    : standing_of(e, entry, c);
		if (standing < least) {
			least = standing;
			victim = at;
		}
	}
	if (!victim)
		return false;
	entry_del(e, t, victim);
	e->evicted++;
	return true;
}

bool
engine_track(struct engine *e, struct client *c)
{
	struct table *t = &e->tables[c->is_v4];
	uint32_t max = c->is_v4 ? e->config.max_v4 : e->config.max_v6;

	if (c->entry)
		return true;
	sweep(e, t, c->horizon, SWEEP_STEP);
	if (t->entries.live >= max && !evict(e, t, c)) {
		e->untracked++;
		return false;
	}
	c->entry = table_add(t, &c->key, (uint32_t)c->key_hash);
	c->entry->generation = e->generation;
	return true;
}

struct lease *
engine_lease(struct engine *e, const struct prefix *p, int64_t now)
{
	bool is_v4 = p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
	unsigned key_len = engine_key_len(e, is_v4);
	struct client c;

	if (p->len == key_len) {
		engine_client(e, &p->addr, now, &c);
		if (engine_track(e, &c))
			return &c.entry->lease;
	}
	return blocks_span(&e->blocks, p, key_len);
}
