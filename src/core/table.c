/* SPDX-License-Identifier: ISC */

#include "core/table.h"

#include <stdlib.h>

#include "base/def.h"
#include "base/mem.h"

enum {
	SLOTS_MIN = 1024,
	MOVE_STEP = 16, /* slots of the old index that move at a time */
};

static struct slots
slots_new(uint32_t n)
{
	return (struct slots){ mem_alloc(n, sizeof(struct slot)), n - 1, 0 };
}

static void
slots_put(struct slots *s, struct slot slot)
{
	uint32_t i = slot.hash & s->mask;

	while (s->p[i].entry)
		i = (i + 1) & s->mask;
	s->p[i] = slot;
	s->n++;
}

/* Take a slot out; those behind it that would no longer be found from
 * their own place move up. */
static void
slots_take(struct slots *s, uint32_t hole)
{
	uint32_t i = hole;

	for (;;) {
		i = (i + 1) & s->mask;
		if (s->p[i].entry == 0)
			break;
		uint32_t home = s->p[i].hash & s->mask;

		if (((i - home) & s->mask) < ((i - hole) & s->mask))
			continue;
		s->p[hole] = s->p[i];
		hole = i;
	}
	s->p[hole].entry = 0;
	s->n--;
}

/* Where an entry's number stands.  It does stand there. */
static bool
slots_del(struct slots *s, uint32_t entry, uint32_t hash)
{
	if (!s->p)
		return false;
	for (uint32_t i = hash & s->mask; s->p[i].entry; i = (i + 1) & s->mask)
		if (s->p[i].entry == entry) {
			slots_take(s, i);
			return true;
		}
	return false;
}

static inline struct entry *
slots_find(const struct table *t, const struct slots *s, const struct addr *key,
	uint32_t hash)
{
	uint32_t i = hash & s->mask;

	for (; s->p[i].entry; i = (i + 1) & s->mask) {
		struct entry *e;

		if (s->p[i].hash != hash)
			continue;
		e = table_at(t, s->p[i].entry);
		if (addr_eq(&e->key, key))
			return e;
	}
	return NULL;
}

void
table_init(struct table *t)
{
	*t = (struct table){
		.entries.size = sizeof(struct entry),
		.now = slots_new(SLOTS_MIN),
	};
}

void
table_free(struct table *t)
{
	pool_free(&t->entries);
	free(t->now.p);
	free(t->old.p);
	*t = (struct table){ 0 };
}

struct entry *
table_find(const struct table *t, const struct addr *key, uint32_t hash)
{
	struct entry *e = slots_find(t, &t->now, key, hash);

	if (!e && UNLIKELY(t->old.p != NULL))
		e = slots_find(t, &t->old, key, hash);
	return e;
}

/* The first slot with this hash nearly always is the one. */
void
table_prefetch_entry(const struct table *t, uint32_t hash)
{
	const struct slots *s = &t->now;
	uint32_t i = hash & s->mask;

	while (s->p[i].entry && s->p[i].hash != hash)
		i = (i + 1) & s->mask;
	if (s->p[i].entry)
		__builtin_prefetch(table_at(t, s->p[i].entry), 1);
}

/* Begin to move to an index of twice the size.  The first slot to move is
 * one behind a free one, so that no run of slots is ever cut in two. */
static void
grow_begin(struct table *t)
{
	t->old = t->now;
	t->now = slots_new((t->old.mask + 1) * 2);
	t->old_at = 0;
	while (t->old.p[t->old_at].entry)
		t->old_at++;
	t->old_left = t->old.mask + 1;
}

/* Runs are moved whole: what is left behind stays findable. */
static void
grow_step(struct table *t)
{
	uint32_t moved = 0;

	while (t->old_left) {
		struct slot *s = &t->old.p[t->old_at];

		if (s->entry) {
			slots_put(&t->now, *s);
			s->entry = 0;
		} else if (moved >= MOVE_STEP) {
			return;
		}
		moved++;
		t->old_left--;
		t->old_at = (t->old_at + 1) & t->old.mask;
	}
	free(t->old.p);
	t->old = (struct slots){ 0 };
}

struct entry *
table_add(struct table *t, const struct addr *key, uint32_t hash)
{
	uint32_t i = pool_take(&t->entries);
	struct entry *e = table_at(t, i);

	if (t->old.p)
		grow_step(t);
	else if ((t->now.n + 1) / 3 >= (t->now.mask + 1) / 4)
		grow_begin(t);
	slots_put(&t->now, (struct slot){ hash, i });
	e->key = *key;
	e->is_used = true;
	return e;
}

void
table_del(struct table *t, uint32_t i, uint32_t hash)
{
	if (!slots_del(&t->now, i, hash))
		slots_del(&t->old, i, hash);
	pool_put(&t->entries, i);
}

size_t
table_bytes(const struct table *t)
{
	size_t slots = t->now.mask + (size_t)1;

	if (t->old.p)
		slots += t->old.mask + (size_t)1;
	return pool_bytes(&t->entries) + slots * sizeof(struct slot);
}
