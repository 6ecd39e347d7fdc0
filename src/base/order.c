/* SPDX-License-Identifier: ISC */

#include "base/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	RUN_MAX = 256,
};

struct order_run {
	uint32_t n;
	uint32_t values[RUN_MAX];
	uint64_t keys[RUN_MAX];
};

/* The run in which @key is, or belongs; @o isn't empty. */
static uint32_t
run_find(const struct order *o, uint64_t key)
{
	uint32_t low = 0, high = o->n;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (o->runs[mid]->keys[0] <= key)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* How many keys of a run are below @key. */
static uint32_t
run_rank(const struct order_run *r, uint64_t key)
{
	uint32_t low = 0, high = r->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (r->keys[mid] < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct order_run *
run_insert(struct order *o, uint32_t at)
{
	if (o->n == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 16;
		o->runs = mem_grow(o->runs, o->cap, sizeof(*o->runs));
	}
	memmove(o->runs + at + 1, o->runs + at, (o->n - at) * sizeof(*o->runs));
	o->runs[at] = mem_alloc(1, sizeof(**o->runs));
	o->n++;
	return o->runs[at];
}

static void
run_put(struct order_run *r, uint32_t at, uint64_t key, uint32_t value)
{
	memmove(r->keys + at + 1, r->keys + at, (r->n - at) * sizeof(*r->keys));
	memmove(r->values + at + 1, r->values + at,
		(r->n - at) * sizeof(*r->values));
	r->keys[at] = key;
	r->values[at] = value;
	r->n++;
}

/* Move what stands at @from and behind into a new run. */
static void
run_split(struct order *o, uint32_t i, uint32_t from)
{
	struct order_run *next = run_insert(o, i + 1), *r = o->runs[i];

	next->n = r->n - from;
	memcpy(next->keys, r->keys + from, next->n * sizeof(*r->keys));
	memcpy(next->values, r->values + from, next->n * sizeof(*r->values));
	r->n = from;
}

bool
order_add(struct order *o, uint64_t key, uint32_t value)
{
	if (o->n == 0)
		run_insert(o, 0);
	uint32_t i = run_find(o, key);
	struct order_run *r = o->runs[i];
	uint32_t at = run_rank(r, key);

	if (at < r->n && r->keys[at] == key)
		return false;
	if (r->n == RUN_MAX) {
		/* Growing numbers fill their runs; others halve them. */
		run_split(o, i, at == RUN_MAX ? RUN_MAX : RUN_MAX / 2);
		if (at >= r->n) {
			at -= r->n;
			r = o->runs[i + 1];
		}
	}
	run_put(r, at, key, value);
	return true;
}

bool
order_del(struct order *o, uint64_t key)
{
	if (o->n == 0)
		return false;
	uint32_t i = run_find(o, key);
	struct order_run *r = o->runs[i];
	uint32_t at = run_rank(r, key);

	if (at == r->n || r->keys[at] != key)
		return false;
	r->n--;
	memmove(r->keys + at, r->keys + at + 1, (r->n - at) * sizeof(*r->keys));
	memmove(r->values + at, r->values + at + 1,
		(r->n - at) * sizeof(*r->values));
	if (r->n == 0) {
		free(r);
		o->n--;
		memmove(o->runs + i, o->runs + i + 1,
			(o->n - i) * sizeof(*o->runs));
	}
	return true;
}

bool
order_find(const struct order *o, uint64_t key, uint32_t *ret)
{
	if (o->n == 0)
		return false;
	const struct order_run *r = o->runs[run_find(o, key)];
	uint32_t at = run_rank(r, key);

	if (at == r->n || r->keys[at] != key)
		return false;
	*ret = r->values[at];
	return true;
}

bool
order_next(const struct order *o, uint64_t after, uint32_t *ret)
{
	if (o->n == 0 || after == UINT64_MAX)
		return false;
	uint32_t i = run_find(o, after);
	uint32_t at = run_rank(o->runs[i], after + 1);

	if (at == o->runs[i]->n) {
		if (++i == o->n)
			return false;
		at = 0;
	}
	*ret = o->runs[i]->values[at];
	return true;
}

void
order_free(struct order *o)
{
	if (!o)
		return;
	for (uint32_t i = 0; i < o->n; i++)
		free(o->runs[i]);
	free(o->runs);
	*o = (struct order){ 0 };
}

size_t
order_bytes(const struct order *o)
{
	return o->n * sizeof(**o->runs) + o->cap * sizeof(*o->runs);
}
