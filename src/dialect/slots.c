/* SPDX-License-Identifier: ISC */
#include "dialect/slots.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	WAYS = 8
};

static inline uint64_t
key_of(uint64_t key)
{
	return key ? key : 1;
}

static inline uint32_t
first_of(const struct slots *s, uint64_t key)
{
	return (uint32_t)(key >> 32) & s->mask & ~(uint32_t)(WAYS - 1);
}

void
slots_open(struct slots *s, uint32_t n)
{
	s->keys = mem_alloc(n, sizeof(*s->keys));
	s->used = mem_alloc(n, sizeof(*s->used));
	s->mask = n - 1;
	s->clock = 0;
}

void
slots_close(struct slots *s)
{
	free(s->keys);
	free(s->used);
	*s = (struct slots){ 0 };
}

int
slots_find(struct slots *s, uint64_t key)
{
	uint32_t at = first_of(s, key);

	key = key_of(key);
	for (uint32_t i = at; i < at + WAYS; i++)
		if (s->keys[i] == key) {
			s->used[i] = ++s->clock;
			return (int)i;
		}
	return -1;
}

/* A free entry, or the one that was used longest ago. */
static uint32_t
victim_of(const struct slots *s, uint32_t at)
{
	uint32_t oldest = at;

	for (uint32_t i = at; i < at + WAYS; i++) {
		if (!s->keys[i])
			return i;
		if (s->clock - s->used[i] > s->clock - s->used[oldest])
			oldest = i;
	}
	return oldest;
}

int
slots_take(struct slots *s, uint64_t key)
{
	int found = slots_find(s, key);
	uint32_t i;

	if (found >= 0)
		return found;
	i = victim_of(s, first_of(s, key));
	s->keys[i] = key_of(key);
	s->used[i] = ++s->clock;
	return (int)i;
}

void
slots_drop(struct slots *s, int i)
{
	if (i >= 0)
		s->keys[i] = 0;
}
