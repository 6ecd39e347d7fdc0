/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Records of one size that never move: they live in chunks, are known by a
 * number, and freed ones are handed out again.  Number 0 is nobody's, so
 * that it can mean "none".  A zeroed struct but for @size is an empty pool.
 */

#include <stddef.h>
#include <stdint.h>

enum {
	POOL_SHIFT = 12, /* records in a chunk: 2 to this */
	POOL_CHUNK = 1 << POOL_SHIFT,
	POOL_ALIGN = 64, /* of each chunk [bytes] */
};

struct pool {
	uint32_t size; /* of a record [bytes], ≥ 4 */
	uint32_t chunks_n;
	char **chunks;
	uint32_t end;  /* numbers 1 … end - 1 were handed out once */
	uint32_t live; /* records in use */
	uint32_t free; /* the freed record to be used next, or 0 */
};

/**
 * pool_take - a record
 * @p  pool
 *
 * Returns its number; the record is zeroed.
 */
uint32_t pool_take(struct pool *p);

/**
 * pool_put - give a record back
 * @p  pool
 * @i  its number, from pool_take()
 */
void pool_put(struct pool *p, uint32_t i);

/**
 * pool_free - give all memory back
 * @p  pool, empty and usable afterwards; or NULL
 */
void pool_free(struct pool *p);

/**
 * pool_bytes - memory of a pool
 * @p  pool
 *
 * Returns bytes.
 */
size_t pool_bytes(const struct pool *p);

/* The record of a number; cast it to what the pool holds.  @size is the
 * pool's, given again so that it is known to the compiler. */
static inline void *
pool_at(const struct pool *p, uint32_t i, size_t size)
{
	return p->chunks[i >> POOL_SHIFT] + (i & (POOL_CHUNK - 1)) * size;
}
