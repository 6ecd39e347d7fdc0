/* SPDX-License-Identifier: ISC */

#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK_BYTES 65536

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

static struct arena_chunk *
chunk_with(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->head;

	if (c && c->size - c->used >= n)
		return c;
	size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;
	c = malloc(sizeof(*c) + size);
	if (!c)
		abort();
	*c = (struct arena_chunk){ a->head, 0, size };
	a->head = c;
	return c;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	const size_t step = alignof(max_align_t);

	n = (n + step - 1) / step * step;
	struct arena_chunk *c = chunk_with(a, n);
	void *p = c->bytes + c->used;

	c->used += n;
	a->bytes += n;
	memset(p, 0, n);
	return p;
}

struct str
arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

void
arena_free(struct arena *a)
{
	while (a->head) {
		struct arena_chunk *next = a->head->next;

		free(a->head);
		a->head = next;
	}
	*a = (struct arena){ 0 };
}
