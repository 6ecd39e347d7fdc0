/* SPDX-License-Identifier: ISC */

#include "node/record.h"

#include <stdlib.h>

#include "base/mem.h"

struct batch *
batch_new(void)
{
	struct batch *b = mem_alloc(1, sizeof(*b));

	b->last = &b->first;
	return b;
}

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	arena_free(&b->arena);
	free(b);
}

struct record *
batch_add(struct batch *b, enum record_type type)
{
	struct record *r = arena_alloc(&b->arena, sizeof(*r));

	r->type = type;
	*b->last = r;
	b->last = &r->next;
	b->n++;
	b->events += type == RECORD_EVENT;
	return r;
}
