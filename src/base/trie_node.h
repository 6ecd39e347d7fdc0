/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a trie is made of; for trie*.c only.
 */

#include "base/trie.h"

/*
 * A node stands at a depth of whole bytes and holds the prefixes that are 1
 * to 8 bits longer.  One of n < 8 more bits is in @part at place 2^n plus
 * those bits (as in a heap: the parent of place i is i / 2); n = 0, place
 * 1, occurs at a root only.  One of 8 more bits is in @full at that byte.
 */
struct map {
	uint64_t w[4];
};

struct trie_node {
	struct addr key; /* bytes in front of @depth */
	uint8_t depth;	 /* [bytes] */
	uint16_t kids_n, values_n;
	struct map kid, part, full;
	struct trie_node **kids; /* by byte */
	uint32_t *values;	 /* @part's, then @full's */
};

/* Where a prefix is kept. */
struct home {
	uint8_t depth; /* of its node [bytes] */
	bool is_full;
	uint8_t at; /* place in @part or @full */
};

static inline unsigned
ones(uint64_t w)
{
	w -= w >> 1 & 0x5555555555555555;
	w = (w & 0x3333333333333333) + (w >> 2 & 0x3333333333333333);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (unsigned)(w * 0x0101010101010101 >> 56);
}

static inline bool
map_has(const struct map *m, unsigned i)
{
	return m->w[i / 64] >> i % 64 & 1;
}

static inline void
map_set(struct map *m, unsigned i)
{
	m->w[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void
map_clear(struct map *m, unsigned i)
{
	m->w[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* How many are set below place @i, 0 … 256. */
static inline unsigned
map_rank(const struct map *m, unsigned i)
{
	unsigned n = 0, word = i / 64;

	for (unsigned w = 0; w < word; w++)
		n += ones(m->w[w]);
	if (i % 64)
		n += ones(m->w[word] & ((UINT64_C(1) << i % 64) - 1));
	return n;
}

static inline unsigned
root_depth(unsigned family)
{
	return family ? ADDR_V4_BITS / 8 : 0;
}

/* 1: IPv4.  What is shorter than ::ffff:0:0/96 is none. */
static inline unsigned
family_of(const struct prefix *p)
{
	return p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
}

static inline struct home
home_of(const struct prefix *p)
{
	if (p->len == root_depth(family_of(p)) * 8)
		return (struct home){ (uint8_t)(p->len / 8), false, 1 };
	unsigned depth = (p->len - 1U) / 8, level = p->len - depth * 8;
	uint8_t byte = p->addr.b[depth];

	if (level == 8)
		return (struct home){ (uint8_t)depth, true, byte };
	return (struct home){ (uint8_t)depth, false,
		(uint8_t)(1U << level | byte >> (8 - level)) };
}

/* From @from on, the first byte before @to in which two keys differ. */
static inline unsigned
differ(const struct addr *a, const struct addr *b, unsigned from, unsigned to)
{
	while (from < to && a->b[from] == b->b[from])
		from++;
	return from;
}

static inline unsigned
value_rank(const struct trie_node *n, const struct home *h)
{
	if (!h->is_full)
		return map_rank(&n->part, h->at);
	return map_rank(&n->part, 256) + map_rank(&n->full, h->at);
}

static inline bool
value_has(const struct trie_node *n, const struct home *h)
{
	return map_has(h->is_full ? &n->full : &n->part, h->at);
}

/* The child of @n at a byte of @key, if it lies on the way to @to. */
static inline struct trie_node *
kid_on_way(const struct trie_node *n, const struct addr *key, unsigned to)
{
	unsigned byte = key->b[n->depth];

	if (!map_has(&n->kid, byte))
		return NULL;
	struct trie_node *kid = n->kids[map_rank(&n->kid, byte)];

	if (kid->depth > to ||
		differ(&kid->key, key, n->depth + 1U, kid->depth) < kid->depth)
		return NULL;
	return kid;
}
