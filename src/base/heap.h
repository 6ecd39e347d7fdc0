/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What comes first: small numbers (of records) in the order of a key (a
 * time).  Each number is in it at most once and can be taken out from the
 * middle.  A zeroed struct is an empty heap.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap {
	struct heap_item {
		int64_t key;
		uint32_t value;
	} * items;
	uint32_t n, cap;
	uint32_t *at; /* by value: its place + 1, or 0 */
	uint32_t at_cap;
};

/**
 * heap_add - put a number in
 * @h      heap
 * @key    smaller ones come first
 * @value  number that isn't in it; small, as an array is indexed by it
 */
void heap_add(struct heap *h, int64_t key, uint32_t value);

/**
 * heap_del - take a number out, wherever it is
 * @h      heap
 * @value  number; nothing happens when it isn't in it
 */
void heap_del(struct heap *h, uint32_t value);

/**
 * heap_free - give the memory back
 * @h  heap, empty and usable afterwards; or NULL
 */
void heap_free(struct heap *h);

/**
 * heap_bytes - memory of a heap
 * @h  heap
 *
 * Returns bytes.
 */
size_t heap_bytes(const struct heap *h);

/* The item that comes first, or NULL. */
static inline const struct heap_item *
heap_first(const struct heap *h)
{
	return h->n ? h->items : NULL;
}
