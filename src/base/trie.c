/* SPDX-License-Identifier: ISC */

#include "base/trie.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

static unsigned
ones(uint64_t w)
{
	w -= w >> 1 & 0x5555555555555555;
	w = (w & 0x3333333333333333) + (w >> 2 & 0x3333333333333333);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (unsigned)(w * 0x0101010101010101 >> 56);
}

static bool
map_has(const struct map *m, unsigned i)
{
	return m->w[i / 64] >> i % 64 & 1;
}

static void
map_set(struct map *m, unsigned i)
{
	m->w[i / 64] |= UINT64_C(1) << i % 64;
}

static void
map_clear(struct map *m, unsigned i)
{
	m->w[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* How many are set below place @i, 0 … 256. */
static unsigned
map_rank(const struct map *m, unsigned i)
{
	unsigned n = 0, word = i / 64;

	for (unsigned w = 0; w < word; w++)
		n += ones(m->w[w]);
	if (i % 64)
		n += ones(m->w[word] & ((UINT64_C(1) << i % 64) - 1));
	return n;
}

static bool
map_has_any(const struct map *m, unsigned from, unsigned n)
{
	for (unsigned i = from; i < from + n; i++) {
		if (m->w[i / 64] == 0)
			i |= 63;
		else if (map_has(m, i))
			return true;
	}
	return false;
}

static unsigned
root_depth(unsigned family)
{
	return family ? ADDR_V4_BITS / 8 : 0;
}

/* 1: IPv4.  What is shorter than ::ffff:0:0/96 is none. */
static unsigned
family_of(const struct prefix *p)
{
	return p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
}

static struct home
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
static unsigned
differ(const struct addr *a, const struct addr *b, unsigned from, unsigned to)
{
	while (from < to && a->b[from] == b->b[from])
		from++;
	return from;
}

static struct trie_node *
node_new(struct trie *t, const struct addr *key, unsigned depth)
{
	struct trie_node *n = mem_alloc(1, sizeof(*n));

	memcpy(n->key.b, key->b, depth);
	n->depth = (uint8_t)depth;
	t->bytes += sizeof(*n);
	return n;
}

static void
node_free(struct trie *t, struct trie_node *n)
{
	t->bytes -= sizeof(*n) + n->kids_n * sizeof(*n->kids) +
		    n->values_n * sizeof(*n->values);
	free(n->kids);
	free(n->values);
	free(n);
}

static void
kid_add(struct trie *t, struct trie_node *n, struct trie_node *kid)
{
	unsigned byte = kid->key.b[n->depth], at = map_rank(&n->kid, byte);

	n->kids = mem_grow(n->kids, n->kids_n + 1U, sizeof(struct trie_node *));
	memmove(n->kids + at + 1, n->kids + at,
		(n->kids_n - at) * sizeof(struct trie_node *));
	n->kids[at] = kid;
	n->kids_n++;
	map_set(&n->kid, byte);
	t->bytes += sizeof(struct trie_node *);
}

static void
kid_del(struct trie *t, struct trie_node *n, unsigned byte)
{
	unsigned at = map_rank(&n->kid, byte);

	n->kids_n--;
	memmove(n->kids + at, n->kids + at + 1,
		(n->kids_n - at) * sizeof(struct trie_node *));
	map_clear(&n->kid, byte);
	t->bytes -= sizeof(struct trie_node *);
}

static unsigned
value_rank(const struct trie_node *n, const struct home *h)
{
	if (!h->is_full)
		return map_rank(&n->part, h->at);
	return map_rank(&n->part, 256) + map_rank(&n->full, h->at);
}

static bool
value_has(const struct trie_node *n, const struct home *h)
{
	return map_has(h->is_full ? &n->full : &n->part, h->at);
}

/* The child of @n at a byte of @key, if it lies on the way to @to. */
static struct trie_node *
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

/* The node at exactly this depth under @n, made when it isn't there. */
static struct trie_node *
node_get(struct trie *t, struct trie_node *n, const struct addr *key,
	unsigned depth)
{
	while (n->depth < depth) {
		unsigned byte = key->b[n->depth];
		struct trie_node *kid, *fork;

		if (!map_has(&n->kid, byte)) {
			kid = node_new(t, key, depth);
			kid_add(t, n, kid);
			return kid;
		}
		unsigned at = map_rank(&n->kid, byte);
		kid = n->kids[at];
		unsigned end = kid->depth < depth ? kid->depth : depth;
		unsigned same = differ(&kid->key, key, n->depth + 1U, end);

		if (same < kid->depth) {
			fork = node_new(t, key, same);
			kid_add(t, fork, kid);
			n->kids[at] = fork;
			kid = fork;
		}
		n = kid;
	}
	return n;
}

static void
value_add(struct trie *t, struct trie_node *n, const struct home *h,
	uint32_t value)
{
	unsigned at = value_rank(n, h);

	n->values = mem_grow(n->values, n->values_n + 1U, sizeof(*n->values));
	memmove(n->values + at + 1, n->values + at,
		(n->values_n - at) * sizeof(*n->values));
	n->values[at] = value;
	n->values_n++;
	map_set(h->is_full ? &n->full : &n->part, h->at);
	t->bytes += sizeof(*n->values);
	t->n++;
}

void
trie_set(struct trie *t, const struct prefix *p, uint32_t value)
{
	unsigned family = family_of(p);
	struct home h = home_of(p);

	if (!t->roots[family])
		t->roots[family] = node_new(t, &p->addr, root_depth(family));
	struct trie_node *n = node_get(t, t->roots[family], &p->addr, h.depth);

	if (value_has(n, &h))
		n->values[value_rank(n, &h)] = value;
	else
		value_add(t, n, &h, value);
}

static void
value_del(struct trie *t, struct trie_node *n, const struct home *h)
{
	unsigned at = value_rank(n, h);

	n->values_n--;
	memmove(n->values + at, n->values + at + 1,
		(n->values_n - at) * sizeof(*n->values));
	map_clear(h->is_full ? &n->full : &n->part, h->at);
	t->bytes -= sizeof(*n->values);
	t->n--;
}

/* A node without prefixes and with less than two children goes. */
static void
node_tidy(struct trie *t, struct trie_node *parent, struct trie_node *n)
{
	unsigned byte = n->key.b[parent->depth];

	if (n->values_n || n->kids_n > 1)
		return;
	if (n->kids_n == 1)
		parent->kids[map_rank(&parent->kid, byte)] = n->kids[0];
	else
		kid_del(t, parent, byte);
	node_free(t, n);
}

bool
trie_del(struct trie *t, const struct prefix *p)
{
	struct home h = home_of(p);
	struct trie_node **root = &t->roots[family_of(p)];
	struct trie_node *way[2] = { NULL, NULL }, *n = *root;

	while (n && n->depth < h.depth) {
		way[0] = way[1];
		way[1] = n;
		n = kid_on_way(n, &p->addr, h.depth);
	}
	if (!n || !value_has(n, &h))
		return false;
	value_del(t, n, &h);
	/* The parent can be left with one child, its parent can't. */
	if (way[1])
		node_tidy(t, way[1], n);
	if (way[0])
		node_tidy(t, way[0], way[1]);
	if ((*root)->values_n == 0 && (*root)->kids_n == 0) {
		node_free(t, *root);
		*root = NULL;
	}
	return true;
}

uint32_t
trie_find(const struct trie *t, const struct prefix *p)
{
	struct home h = home_of(p);
	const struct trie_node *n = t->roots[family_of(p)];

	while (n && n->depth < h.depth)
		n = kid_on_way(n, &p->addr, h.depth);
	return n && value_has(n, &h) ? n->values[value_rank(n, &h)] : 0;
}

/* The longest of a node's prefixes that covers a byte. */
static bool
node_match(const struct trie_node *n, unsigned byte, struct home *ret)
{
	if (map_has(&n->full, byte)) {
		*ret = (struct home){ n->depth, true, (uint8_t)byte };
		return true;
	}
	if (!(n->part.w[0] | n->part.w[1] | n->part.w[2] | n->part.w[3]))
		return false;
	for (unsigned i = 128 | byte >> 1; i; i >>= 1) {
		if (map_has(&n->part, i)) {
			*ret = (struct home){ n->depth, false, (uint8_t)i };
			return true;
		}
	}
	return false;
}

uint32_t
trie_match(const struct trie *t, const struct addr *a)
{
	const struct trie_node *best = NULL, *n;
	struct home home;

	if (t->n == 0)
		return 0;
	for (n = t->roots[addr_is_v4(a)]; n;
		n = kid_on_way(n, a, sizeof(a->b) - 1)) {
		if (node_match(n, a->b[n->depth], &home))
			best = n;
	}
	return best ? best->values[value_rank(best, &home)] : 0;
}

/* Those of a node's prefixes with up to @level more bits that cover. */
static unsigned
node_covering(
	const struct trie_node *n, unsigned byte, unsigned level, uint32_t *ret)
{
	unsigned found = 0;

	for (unsigned l = 0; l <= level; l++) {
		struct home h = { n->depth, l == 8,
			(uint8_t)(l == 8 ? byte : 1U << l | byte >> (8 - l)) };

		if (value_has(n, &h))
			ret[found++] = n->values[value_rank(n, &h)];
	}
	return found;
}

unsigned
trie_covering(const struct trie *t, const struct prefix *p,
	uint32_t ret[static TRIE_COVERING_MAX])
{
	unsigned found = 0, family = family_of(p);
	const struct trie_node *n = t->roots[family];

	while (n && n->depth * 8U <= p->len) {
		unsigned more = p->len - n->depth * 8U;
		unsigned byte = more ? p->addr.b[n->depth] : 0;

		found += node_covering(
			n, byte, more < 8 ? more : 8, ret + found);
		if (more <= 8)
			break;
		n = kid_on_way(n, &p->addr, sizeof(p->addr.b) - 1);
	}
	return found;
}

/* Is there anything under @n, which stands in front of @p's last bits? */
static bool
node_has_inside(const struct trie_node *n, const struct prefix *p)
{
	unsigned level = p->len - n->depth * 8U, span = 1U << (8 - level);
	unsigned byte = level ? p->addr.b[n->depth] : 0;

	if (level == 0)
		return true; /* a root is there because something is */
	for (unsigned l = level; l < 8; l++) {
		if (map_has_any(&n->part, 1U << l | byte >> (8 - l),
			    1U << (l - level)))
			return true;
	}
	return map_has_any(&n->full, byte, span) ||
	       map_has_any(&n->kid, byte, span);
}

bool
trie_has_inside(const struct trie *t, const struct prefix *p)
{
	const struct trie_node *n = t->roots[family_of(p)];

	while (n && p->len > n->depth * 8U + 8) {
		unsigned byte = p->addr.b[n->depth];

		if (!map_has(&n->kid, byte))
			return false;
		n = n->kids[map_rank(&n->kid, byte)];
		if (n->depth * 8U >= p->len) {
			struct prefix cut = addr_prefix(&n->key, p->len);

			return addr_eq(&cut.addr, &p->addr);
		}
		if (differ(&n->key, &p->addr, 0, n->depth) < n->depth)
			return false;
	}
	return n && node_has_inside(n, p);
}

/* At most 16 deep. */
static void
free_all(struct trie *t, struct trie_node *n)
{
	for (unsigned i = 0; n && i < n->kids_n; i++)
		free_all(t, n->kids[i]);
	if (n)
		node_free(t, n);
}

void
trie_free(struct trie *t)
{
	if (!t)
		return;
	free_all(t, t->roots[0]);
	free_all(t, t->roots[1]);
	*t = (struct trie){ 0 };
}
