/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A map from large numbers to small ones that can be walked in order: two
 * levels of sorted arrays.  Made for numbers that mostly grow, but any
 * order does.  A zeroed struct is an empty map.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order_run;

struct order {
	struct order_run **runs; /* in order, none empty */
	uint32_t n, cap;
};

/**
 * order_add - put a pair in
 * @o      map
 * @key    number
 * @value  what it maps to
 *
 * Returns false, and changes nothing, when @key is there.
 */
bool order_add(struct order *o, uint64_t key, uint32_t value);

/**
 * order_del - take a pair out
 * @o    map
 * @key  number
 *
 * Returns false when it isn't there.
 */
bool order_del(struct order *o, uint64_t key);

/**
 * order_find - what a number maps to
 * @o    map
 * @key  number
 * @ret  value
 *
 * Returns false when it isn't there.
 */
bool order_find(const struct order *o, uint64_t key, uint32_t *ret);

/**
 * order_next - the pair that follows a number
 * @o      map
 * @after  number; needn't be there
 * @ret    value
 *
 * Returns false when no greater number is there.
 */
bool order_next(const struct order *o, uint64_t after, uint32_t *ret);

/**
 * order_free - give the memory back
 * @o  map, empty and usable afterwards; or NULL
 */
void order_free(struct order *o);

/**
 * order_bytes - memory of a map
 * @o  map
 *
 * Returns bytes.
 */
size_t order_bytes(const struct order *o);
