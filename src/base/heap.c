/* SPDX-License-Identifier: ISC */

#include "base/heap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
place(struct heap *h, uint32_t at, struct heap_item item)
{
	h->items[at] = item;
	h->at[item.value] = at + 1;
}

static void
sift_up(struct heap *h, uint32_t at, struct heap_item item)
{
	while (at) {
		uint32_t parent = (at - 1) / 2;

		if (h->items[parent].key <= item.key)
			break;
		place(h, at, h->items[parent]);
		at = parent;
	}
	place(h, at, item);
}

static void
sift_down(struct heap *h, uint32_t at, struct heap_item item)
{
	for (uint32_t kid = 2 * at + 1; kid < h->n; kid = 2 * at + 1) {
		if (kid + 1 < h->n && h->items[kid + 1].key < h->items[kid].key)
			kid++;
		if (h->items[kid].key >= item.key)
			break;
		place(h, at, h->items[kid]);
		at = kid;
	}
	place(h, at, item);
}

static void
make_room(struct heap *h, uint32_t value)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 64;
		h->items = mem_grow(h->items, h->cap, sizeof(*h->items));
	}
	if (value >= h->at_cap) {
		uint32_t old = h->at_cap, cap = old ? old : 64;

		while (cap <= value)
			cap *= 2;
		h->at = mem_grow(h->at, cap, sizeof(*h->at));
		memset(h->at + old, 0, (cap - old) * sizeof(*h->at));
		h->at_cap = cap;
	}
}

void
heap_add(struct heap *h, int64_t key, uint32_t value)
{
	make_room(h, value);
	sift_up(h, h->n++, (struct heap_item){ key, value });
}

void
heap_del(struct heap *h, uint32_t value)
{
	if (value >= h->at_cap || h->at[value] == 0)
		return;
	uint32_t at = h->at[value] - 1;
	struct heap_item last = h->items[--h->n];

	h->at[value] = 0;
	if (at == h->n)
		return;
	if (at && h->items[(at - 1) / 2].key > last.key)
		sift_up(h, at, last);
	else
		sift_down(h, at, last);
}

void
heap_free(struct heap *h)
{
	if (!h)
		return;
	free(h->items);
	free(h->at);
	*h = (struct heap){ 0 };
}

size_t
heap_bytes(const struct heap *h)
{
	return h->cap * sizeof(*h->items) + h->at_cap * sizeof(*h->at);
}
