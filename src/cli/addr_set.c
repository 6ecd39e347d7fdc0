/* SPDX-License-Identifier: ISC */

#include "cli/addr_set.h"

#include <stdlib.h>

#include "base/mem.h"

static struct addr *
find(const struct addr_set *s, const struct addr *a)
{
	static const struct addr none;
	size_t i = addr_hash(&s->key, a) & (s->slots_n - 1);

	while (!addr_eq(&s->slots[i], a) && !addr_eq(&s->slots[i], &none))
		i = (i + 1) & (s->slots_n - 1);
	return &s->slots[i];
}

static void
grow(struct addr_set *s)
{
	static const struct addr none;
	struct addr_set old = *s;

	s->slots_n = old.slots_n ? old.slots_n * 2 : 1024;
	s->slots = mem_alloc(s->slots_n, sizeof(*s->slots));
	for (size_t i = 0; i < old.slots_n; i++) {
		if (!addr_eq(&old.slots[i], &none))
			*find(s, &old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

void
addr_set_add(struct addr_set *s, const struct addr *a)
{
	if (addr_eq(a, &s->last))
		return;
	s->last = *a;
	if (s->n * 2 >= s->slots_n)
		grow(s);
	struct addr *slot = find(s, a);
	if (addr_eq(slot, a))
		return;
	*slot = *a;
	s->n++;
}

void
addr_set_free(struct addr_set *s)
{
	free(s->slots);
	*s = (struct addr_set){ .key = s->key };
}
