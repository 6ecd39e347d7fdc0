/* SPDX-License-Identifier: ISC */

/*
 * Questions to the engine.  None of them changes it.
 */

#include <string.h>

#include "base/def.h"
#include "core/engine_state.h"

/* Live blocks of a row of leases: of an address' entry, of the trie. */
struct search {
	const struct engine *e;
	int64_t now;
	struct block *ret;
	unsigned max, n;
};

static void
search_lease(struct search *s, const struct lease *l)
{
	unsigned room = s->n < s->max ? s->max - s->n : 0;

	s->n += blocks_of(
		&s->e->blocks, l, s->now, s->ret + s->max - room, room);
}

unsigned
engine_block_covering(const struct engine *e, const struct prefix *p,
	int64_t now, struct block *ret, unsigned max)
{
	struct search s = { e, now, ret, max, 0 };
	const struct lease *leases[TRIE_COVERING_MAX];
	unsigned lens[TRIE_COVERING_MAX];
	unsigned n = blocks_leases(&e->blocks, p, leases, lens);
	bool is_v4 = p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
	unsigned key_len = engine_key_len(e, is_v4);
	const struct entry *entry = NULL;

	if (p->len >= key_len) {
		struct client c;

		engine_client(e, &p->addr, now, &c);
		entry = c.entry;
	}
	while (n || entry) {
		if (entry && (n == 0 || lens[n - 1] <= key_len)) {
			search_lease(&s, &entry->lease);
			entry = NULL;
		} else {
			search_lease(&s, leases[--n]);
		}
	}
	return s.n;
}

/* Of the live blocks that cover a client the one that ends last; of those
 * the newest. */
static const struct block *
last_block(const struct engine *e, const struct client *c)
{
	struct prefix p = { c->addr, ADDR_BITS };
	const struct lease *leases[TRIE_COVERING_MAX];
	unsigned lens[TRIE_COVERING_MAX];
	unsigned n = blocks_leases(&e->blocks, &p, leases, lens);
	const struct block *best = NULL;

	if (c->entry)
		best = blocks_last(&e->blocks, &c->entry->lease, best);
	while (n)
		best = blocks_last(&e->blocks, leases[--n], best);
	return best;
}

struct verdict
engine_check(const struct engine *e, const struct addr *addr, int64_t now)
{
	struct verdict v = { .word = VERDICT_ALLOW };
	struct client c;

	engine_client(e, addr, now, &c);
	if (c.is_never) {
		v.is_never = true;
		return v;
	}
	if (!c.cover.is_live)
		return v;
	if (e->settings.mode == MODE_ENFORCE)
		v.word = VERDICT_REFUSE;
	else
		v.would_block = true;
	const struct block *last = last_block(e, &c);

	v.block_id = last->id;
	v.until = last->until;
	return v;
}

void
engine_explain(const struct engine *e, const struct addr *addr, int64_t now,
	enum component c, struct explanation *ret)
{
	struct client client;

	engine_client(e, addr, now, &client);
	engine_why(e, &client, now, c, ret);
}

int64_t
engine_since(const struct engine *e, const struct addr *addr, int64_t now)
{
	struct client c;

	engine_client(e, addr, now, &c);
	return c.cover.since;
}

bool
engine_block_get(const struct engine *e, uint64_t id, struct block *ret)
{
	const struct block *b = blocks_find(&e->blocks, id);

	if (b)
		*ret = *b;
	return b != NULL;
}

bool
engine_block_next(const struct engine *e, uint64_t after, struct block *ret)
{
	const struct block *b = blocks_next(&e->blocks, after);

	if (b)
		*ret = *b;
	return b != NULL;
}

struct prefix
engine_key(const struct engine *e, const struct addr *addr)
{
	return addr_prefix(addr, engine_key_len(e, addr_is_v4(addr)));
}

const struct settings *
engine_settings(const struct engine *e)
{
	return &e->settings;
}

void
engine_stats(const struct engine *e, struct engine_stats *ret)
{
	size_t acts = e->acts.mask + (size_t)1;
	size_t repeats = e->repeats.mask + (size_t)1 + e->trust.mask + 1;

	*ret = (struct engine_stats){
		.tracked_v4 = e->tables[1].entries.live,
		.tracked_v6 = e->tables[0].entries.live,
		.untracked = e->untracked,
		.evicted = e->evicted,
		.blocks_live = e->blocks.records.live,
		.never = e->never_n,
		.bytes = sizeof(*e) + table_bytes(&e->tables[0]) +
			 table_bytes(&e->tables[1]) +
			 pool_bytes(&e->windows.chunks) +
			 acts * sizeof(struct act) +
			 acts / ACTS_PER_HEAD * sizeof(uint32_t) +
			 repeats * sizeof(struct repeat) +
			 locks_bytes(&e->locks) + blocks_bytes(&e->blocks) +
			 e->never.bytes + order_bytes(&e->causes),
	};
	memcpy(ret->outcomes, e->outcomes, sizeof(ret->outcomes));
}
