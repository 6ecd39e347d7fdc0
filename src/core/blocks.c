/* SPDX-License-Identifier: ISC */

#include "core/blocks.h"

#include "base/def.h"

enum {
	RECORD_MASK = 0x7fffffff, /* what fits in struct lease */
};

struct record {
	struct block block;
	struct lease *lease; /* never moves; outlives its blocks */
	uint32_t older;	     /* of the same prefix, or 0 */
};

struct span {
	struct prefix prefix;
	bool is_used;
	bool is_narrow;
	struct lease lease;
};

static struct record *
record_at(const struct blocks *b, uint32_t i)
{
	return pool_at(&b->records, i, sizeof(struct record));
}

static struct span *
span_at(const struct blocks *b, uint32_t i)
{
	return pool_at(&b->spans, i, sizeof(struct span));
}

static uint32_t
clamp_u32(int64_t v)
{
	if (v < 0)
		return 0;
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

void
blocks_init(struct blocks *b, uint64_t last_id)
{
	*b = (struct blocks){
		.records.size = sizeof(struct record),
		.spans.size = sizeof(struct span),
		.last_id = last_id,
	};
}

void
blocks_free(struct blocks *b)
{
	pool_free(&b->records);
	pool_free(&b->spans);
	order_free(&b->ids);
	heap_free(&b->deadlines);
	trie_free(&b->trie);
}

struct lease *
blocks_span(struct blocks *b, const struct prefix *p, unsigned key_len)
{
	uint32_t i = trie_find(&b->trie, p);

	if (i == 0) {
		i = pool_take(&b->spans);
		*span_at(b, i) = (struct span){ .prefix = *p,
			.is_used = true,
			.is_narrow = p->len > key_len };
		b->narrow += p->len > key_len;
		trie_set(&b->trie, p, i);
	}
	return &span_at(b, i)->lease;
}

const struct block *
blocks_add(struct blocks *b, const struct block *block, struct lease *lease,
	int64_t now)
{
	uint32_t i = pool_take(&b->records), until = clamp_u32(block->until);
	struct record *r = record_at(b, i);

	*r = (struct record){ *block, lease, lease->block };
	if (r->block.id == 0)
		r->block.id = b->last_id + 1;
	if (r->block.id > b->last_id)
		b->last_id = r->block.id;
	order_add(&b->ids, r->block.id, i);
	heap_add(&b->deadlines, r->block.until, i);
	/* The clock was put back: an end in the future is none. */
	if (lease->block == 0 && lease->until > now)
		lease->until = 0;
	if (lease->until < until) {
		lease->until = until;
		lease->is_lifted = false;
	}
	lease->block = i & RECORD_MASK;
	return &r->block;
}

static void
record_del(struct blocks *b, uint32_t i)
{
	struct record *r = record_at(b, i);
	uint32_t newer = r->lease->block;

	if (newer == i) {
		r->lease->block = r->older & RECORD_MASK;
	} else {
		while (record_at(b, newer)->older != i)
			newer = record_at(b, newer)->older;
		record_at(b, newer)->older = r->older;
	}
	order_del(&b->ids, r->block.id);
	heap_del(&b->deadlines, i);
	pool_put(&b->records, i);
}

/* When the entries of a lease end that are still there. */
static uint32_t
last_end(const struct blocks *b, const struct lease *l, uint32_t until)
{
	for (uint32_t i = l->block; i; i = record_at(b, i)->older) {
		uint32_t other = clamp_u32(record_at(b, i)->block.until);

		if (other > until)
			until = other;
	}
	return until;
}

bool
blocks_end(struct blocks *b, uint64_t id, int64_t now, struct block *ret)
{
	uint32_t i;

	if (!order_find(&b->ids, id, &i) || record_at(b, i)->block.until <= now)
		return false;
	struct lease *lease = record_at(b, i)->lease;

	*ret = record_at(b, i)->block;
	ret->until = now;
	ret->is_lifted = true;
	record_del(b, i);
	lease->until = last_end(b, lease, clamp_u32(now));
	lease->is_lifted = lease->until <= now;
	return true;
}

bool
blocks_extend(struct blocks *b, const struct block *given, int64_t now,
	struct block *ret)
{
	struct record *r;
	uint32_t i;

	if (given->until <= now || !order_find(&b->ids, given->id, &i) ||
		record_at(b, i)->block.until <= now)
		return false;
	r = record_at(b, i);
	r->block.until = given->until;
	heap_del(&b->deadlines, i);
	heap_add(&b->deadlines, given->until, i);
	r->lease->until = last_end(b, r->lease, 0);
	r->lease->is_lifted = false;
	*ret = r->block;
	return true;
}

bool
blocks_expire(struct blocks *b, int64_t now, struct block *ret)
{
	const struct heap_item *first = heap_first(&b->deadlines);

	if (!first || first->key > now)
		return false;
	*ret = record_at(b, first->value)->block;
	record_del(b, first->value);
	return true;
}

const struct block *
blocks_find(const struct blocks *b, uint64_t id)
{
	uint32_t i;

	return order_find(&b->ids, id, &i) ? &record_at(b, i)->block : NULL;
}

const struct block *
blocks_next(const struct blocks *b, uint64_t after)
{
	uint32_t i;

	return order_next(&b->ids, after, &i) ? &record_at(b, i)->block : NULL;
}

void
blocks_cover(const struct lease *l, int64_t now, struct cover *ret)
{
	if (l->until > now && l->block == 0)
		return;
	if (l->until > now)
		ret->is_live = true;
	if (ret->since < lease_since(l))
		ret->since = lease_since(l);
}

void
blocks_cover_all(const struct blocks *b, const struct addr *addr, int64_t now,
	struct cover *ret)
{
	uint32_t spans[TRIE_COVERING_MAX];
	struct prefix p = { *addr, ADDR_BITS };

	unsigned n = trie_covering(&b->trie, &p, spans);

	for (unsigned i = 0; i < n; i++)
		blocks_cover(&span_at(b, spans[i])->lease, now, ret);
}

unsigned
blocks_leases(const struct blocks *b, const struct prefix *p,
	const struct lease *ret[static TRIE_COVERING_MAX],
	unsigned ret_lens[static TRIE_COVERING_MAX])
{
	uint32_t spans[TRIE_COVERING_MAX];
	unsigned n = trie_covering(&b->trie, p, spans);

	for (unsigned i = 0; i < n; i++) {
		ret[i] = &span_at(b, spans[i])->lease;
		ret_lens[i] = span_at(b, spans[i])->prefix.len;
	}
	return n;
}

const struct block *
blocks_last(
	const struct blocks *b, const struct lease *l, const struct block *best)
{
	for (uint32_t i = l->block; i; i = record_at(b, i)->older) {
		const struct block *block = &record_at(b, i)->block;

		if (!best || block->until > best->until ||
			(block->until == best->until && block->id > best->id))
			best = block;
	}
	return best;
}

void
lease_end(struct lease *l, const struct block *b)
{
	uint32_t until = clamp_u32(b->until);

	if (l->until < until) {
		l->until = until;
		l->is_lifted = b->is_lifted;
	} else if (l->until == until) {
		l->is_lifted |= b->is_lifted;
	}
}

unsigned
blocks_of(const struct blocks *b, const struct lease *l, int64_t now,
	struct block *ret, unsigned max)
{
	unsigned n = 0;

	for (uint32_t i = l->block; i; i = record_at(b, i)->older) {
		const struct block *block = &record_at(b, i)->block;

		if (block->until <= now)
			continue;
		if (n < max)
			ret[n] = *block;
		n++;
	}
	return n;
}

void
blocks_sweep(struct blocks *b, int64_t before, unsigned steps)
{
	for (; steps && b->spans.live; steps--) {
		b->hand = b->hand + 1 < b->spans.end ? b->hand + 1 : 1;
		struct span *s = span_at(b, b->hand);

		if (!s->is_used || s->lease.block || s->lease.until > before)
			continue;
		b->narrow -= s->is_narrow;
		trie_del(&b->trie, &s->prefix);
		pool_put(&b->spans, b->hand);
	}
}

size_t
blocks_bytes(const struct blocks *b)
{
	return pool_bytes(&b->records) + pool_bytes(&b->spans) +
	       order_bytes(&b->ids) + heap_bytes(&b->deadlines) + b->trie.bytes;
}
