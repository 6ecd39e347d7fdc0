/* SPDX-License-Identifier: ISC */

#include "base/mem.h"

#include <stdlib.h>

void *
mem_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *
mem_grow(void *p, size_t count, size_t size)
{
	void *q = reallocarray(p, count ? count : 1, size ? size : 1);

	if (!q)
		abort();
	return q;
}

void
mem_freep(void *p)
{
	free(*(void **)p);
}
