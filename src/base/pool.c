/* SPDX-License-Identifier: ISC */

#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Zeroed and aligned, with the pointer for free() in front of it.  Not
 * aligned_alloc(): memory that calloc() takes from the system is zero
 * without being touched. */
static char *
chunk_new(size_t size)
{
	char *raw = mem_alloc(1, size + POOL_ALIGN);
	char *chunk = raw + POOL_ALIGN - (uintptr_t)raw % POOL_ALIGN;

	memcpy(chunk - sizeof(raw), &raw, sizeof(raw));
	return chunk;
}

static void
chunk_free(char *chunk)
{
	char *raw;

	memcpy(&raw, chunk - sizeof(raw), sizeof(raw));
	free(raw);
}

/* Powers of two of chunks have room in the array of them. */
static void
pool_grow(struct pool *p)
{
	uint32_t n = p->chunks_n;

	if ((n & (n - 1)) == 0)
		p->chunks = mem_grow(
			p->chunks, n ? 2 * (size_t)n : 1, sizeof(*p->chunks));
	p->chunks[n] = chunk_new((size_t)p->size * POOL_CHUNK);
	p->chunks_n++;
}

uint32_t
pool_take(struct pool *p)
{
	uint32_t i = p->free;

	p->live++;
	if (i) {
		char *record = pool_at(p, i, p->size);

		memcpy(&p->free, record, sizeof(p->free));
		memset(record, 0, p->size);
		return i;
	}
	i = p->end ? p->end : 1;
	if (i >> POOL_SHIFT >= p->chunks_n)
		pool_grow(p);
	p->end = i + 1;
	return i;
}

void
pool_put(struct pool *p, uint32_t i)
{
	char *record = pool_at(p, i, p->size);

	memset(record, 0, p->size);
	memcpy(record, &p->free, sizeof(p->free));
	p->free = i;
	p->live--;
}

void
pool_free(struct pool *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->chunks_n; i++)
		chunk_free(p->chunks[i]);
	free(p->chunks);
	*p = (struct pool){ .size = p->size };
}

size_t
pool_bytes(const struct pool *p)
{
	return ((size_t)p->size * POOL_CHUNK + POOL_ALIGN + sizeof(char *)) *
	       p->chunks_n;
}
