/* SPDX-License-Identifier: ISC */

#include "cli/addr_set.h"

#include <stdlib.h>

#include "base/mem.h"

static uint64_t *
find(const struct addr_set *s, uint64_t hash)
{
	size_t i = hash & (s->slots_n - 1);

	while (s->slots[i] != hash && s->slots[i])
		i = (i + 1) & (s->slots_n - 1);
	return &s->slots[i];
}

static void
grow(struct addr_set *s)
{
	struct addr_set old = *s;

	s->slots_n = old.slots_n ? old.slots_n * 2 : 1024;
	s->slots = mem_alloc(s->slots_n, sizeof(*s->slots));
	for (size_t i = 0; i < old.slots_n; i++) {
		if (old.slots[i])
			*find(s, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

uint64_t
addr_set_ready(const struct addr_set *s, const struct addr *a)
{
	uint64_t hash = addr_hash(&s->key, a);

	if (s->slots_n)
		__builtin_prefetch(&s->slots[hash & (s->slots_n - 1)]);
	return hash ? hash : 1;
}

void
addr_set_add(struct addr_set *s, uint64_t hash)
{
	if (s->n * 2 >= s->slots_n)
		grow(s);
	uint64_t *slot = find(s, hash);
	if (*slot)
		return;
	*slot = hash;
	s->n++;
}

void
addr_set_free(struct addr_set *s)
{
	free(s->slots);
	*s = (struct addr_set){ .key = s->key };
}
