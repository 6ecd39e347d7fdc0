/* SPDX-License-Identifier: ISC */

/*
 * The questions to a trie.
 */

#include "base/trie_node.h"

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
