/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How many different addresses?  A set of their keyed hashes, 64 bits, that
 * grows: of ten million, two share one with a chance of 3 in a million.
 * Zeroed it is empty but for its key.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct addr_set {
	struct hash_key key;
	uint64_t *slots; /* 0: free */
	size_t slots_n;	 /* a power of two, or 0 */
	size_t n;
};

/**
 * addr_set_ready - fetch what addr_set_add() will look at
 * @s  set
 * @a  address
 *
 * Returns its hash, for addr_set_add(): between the two there is time for
 * other work while memory answers.
 */
uint64_t addr_set_ready(const struct addr_set *s, const struct addr *a);

/**
 * addr_set_add - put an address in
 * @s     set
 * @hash  of the address
 */
void addr_set_add(struct addr_set *s, uint64_t hash);

/**
 * addr_set_free - give the memory back
 * @s  set, empty and usable afterwards
 */
void addr_set_free(struct addr_set *s);
