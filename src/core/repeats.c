/* SPDX-License-Identifier: ISC */

#include "core/repeats.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	WAYS = 8, /* a cache line */
};

void
repeats_init(struct repeats *r, uint32_t size)
{
	*r = (struct repeats){ mem_alloc(size, sizeof(*r->rows)), size - 1 };
}

void
repeats_free(struct repeats *r)
{
	free(r->rows);
	*r = (struct repeats){ 0 };
}

static struct repeat *
set_of(const struct repeats *r, uint64_t hash)
{
	return &r->rows[hash & r->mask & ~(uint32_t)(WAYS - 1)];
}

uint32_t
repeats_get(const struct repeats *r, uint64_t hash)
{
	const struct repeat *set = set_of(r, hash);

	for (int i = 0; i < WAYS; i++) {
		if (set[i].time && set[i].tag == hash >> 32)
			return set[i].time;
	}
	return 0;
}

void
repeats_note(struct repeats *r, uint64_t hash, uint32_t time)
{
	struct repeat *set = set_of(r, hash), *oldest = set;

	for (int i = 0; i < WAYS; i++) {
		if (set[i].time && set[i].tag == hash >> 32) {
			if (set[i].time < time)
				set[i].time = time;
			return;
		}
		if (set[i].time < oldest->time)
			oldest = &set[i];
	}
	*oldest = (struct repeat){ (uint32_t)(hash >> 32), time };
}
