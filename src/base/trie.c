/* SPDX-License-Identifier: ISC */

#include "base/trie.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/trie_node.h"

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
