/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * When a password was last tried: by a hash of address, account and
 * credential tag.  A hash has eight places; when they are taken, the one
 * seen longest ago goes.
 */

#include <stdint.h>

struct repeats {
	struct repeat {
		uint32_t tag, time;
	} * rows;
	uint32_t mask; /* rows - 1 */
};

/**
 * repeats_init - an empty table
 * @r     filled
 * @size  rows, a power of two, ≥ 8
 */
void repeats_init(struct repeats *r, uint32_t size);

/**
 * repeats_free - give the memory back
 * @r  table
 */
void repeats_free(struct repeats *r);

/**
 * repeats_get - when was it seen last?
 * @r     table
 * @hash  of address, account and tag
 *
 * Returns the time [s], or 0.
 */
uint32_t repeats_get(const struct repeats *r, uint64_t hash);

/**
 * repeats_note - it is seen
 * @r     table
 * @hash  of address, account and tag
 * @time  when; an earlier time than the one kept changes nothing [s]
 */
void repeats_note(struct repeats *r, uint64_t hash, uint32_t time);

/* The table is going to be asked about this hash. */
static inline void
repeats_prefetch(const struct repeats *r, uint64_t hash)
{
	__builtin_prefetch(&r->rows[hash & r->mask & ~UINT32_C(7)]);
}
