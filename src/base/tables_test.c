/* SPDX-License-Identifier: ISC */

/* Heap, ordered map and pool against plain arrays. */

#include "base/def.h"
#include "base/heap.h"
#include "base/order.h"
#include "base/pool.h"
#include "base/test.h"

enum {
	KEYS = 3000,
	STEPS = 200000,
};

static uint32_t
random_next(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 16);
}

static void
test_a_heap_gives_the_least_key_first(void **state)
{
	static int64_t keys[KEYS]; /* 0: not in it */
	struct heap h = { 0 };

	(void)state;
	for (int i = 0; i < STEPS / 10; i++) {
		uint32_t v = random_next() % KEYS;
		int64_t least = INT64_MAX;

		if (keys[v])
			heap_del(&h, v);
		else
			heap_add(&h, 1 + random_next() % 1000, v);
		keys[v] = keys[v] ? 0 : h.items[h.at[v] - 1].key;
		for (int k = 0; k < KEYS; k++) {
			if (keys[k] && keys[k] < least)
				least = keys[k];
		}
		if (least == INT64_MAX)
			assert_null(heap_first(&h));
		else
			assert_int_equal(heap_first(&h)->key, least);
	}
	heap_free(&h);
}

static void
order_compare(const struct order *o, const uint32_t *values)
{
	uint32_t got, key = 0;

	for (uint32_t k = 1; k < KEYS; k++) {
		assert_int_equal(order_find(o, k, &got), values[k] != 0);
		if (!values[k])
			continue;
		assert_int_equal(got, values[k]);
		assert_true(order_next(o, key, &got));
		assert_int_equal(got, values[k]);
		key = k;
	}
	assert_false(order_next(o, key, &got));
}

static void
test_an_ordered_map_is_walked_in_order(void **state)
{
	static uint32_t values[KEYS];
	struct order o = { 0 };

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		uint32_t k = 1 + random_next() % (KEYS - 1);
		bool add = random_next() % (i / 20000 % 2 ? 4 : 2) == 0;

		if (add) {
			assert_int_equal(
				order_add(&o, k, k * 7), values[k] == 0);
			values[k] = k * 7;
		} else {
			assert_int_equal(order_del(&o, k), values[k] != 0);
			values[k] = 0;
		}
		if (i % 10000 == 0)
			order_compare(&o, values);
	}
	order_free(&o);
}

static void
test_growing_numbers_fill_their_runs(void **state)
{
	struct order o = { 0 };

	(void)state;
	for (uint64_t k = 1; k <= 100000; k++)
		assert_true(order_add(&o, k, 1));
	assert_true(order_bytes(&o) < 100000 * 14);
	order_free(&o);
}

static void
test_a_pool_gives_zeroed_records_that_dont_move(void **state)
{
	struct pool p = { .size = 64 };
	uint32_t first = pool_take(&p);
	char *at = pool_at(&p, first, 64);

	(void)state;
	assert_int_not_equal(first, 0);
	at[63] = 'x';
	for (int i = 0; i < 3 * POOL_CHUNK; i++)
		assert_int_equal(*(char *)pool_at(&p, pool_take(&p), 64), 0);
	assert_ptr_equal(pool_at(&p, first, 64), at);
	assert_int_equal((uintptr_t)at % 64, 0);
	assert_int_equal(at[63], 'x');
	pool_put(&p, first);
	assert_int_equal(pool_take(&p), first);
	assert_int_equal(at[63], 0);
	assert_int_equal(at[0], 0);
	pool_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_heap_gives_the_least_key_first),
		cmocka_unit_test(test_an_ordered_map_is_walked_in_order),
		cmocka_unit_test(test_growing_numbers_fill_their_runs),
		cmocka_unit_test(
			test_a_pool_gives_zeroed_records_that_dont_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
