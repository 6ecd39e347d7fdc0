/* SPDX-License-Identifier: ISC */

/* The table while it grows and shrinks: who is in it is found, others not. */

#include "core/table.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"

enum {
	KEYS = 60000,
	STEPS = 400000,
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

static struct addr
key_of(uint32_t i)
{
	struct addr a = { { [10] = 0xff, [11] = 0xff } };

	memcpy(a.b + 12, &i, sizeof(i));
	return a;
}

/* Few hashes, and runs of equal ones, so that slots crowd. */
static uint32_t
hash_of(uint32_t i)
{
	return i / 3 * 0x9e3779b1;
}

static struct entry *
find(const struct table *t, uint32_t i)
{
	struct addr key = key_of(i);

	return table_find(t, &key, hash_of(i));
}

static void
test_entries_are_found_while_the_index_moves(void **state)
{
	static uint32_t number[KEYS]; /* of its entry, 0: not in it */
	struct table t;

	(void)state;
	table_init(&t);
	for (int i = 0; i < STEPS; i++) {
		uint32_t k = random_next() % KEYS;
		struct addr key = key_of(k);

		if (number[k] == 0) {
			/* The number that comes is known beforehand. */
			number[k] = t.entries.free  ? t.entries.free
				    : t.entries.end ? t.entries.end
						    : 1;
			struct entry *e = table_add(&t, &key, hash_of(k));

			assert_ptr_equal(e, table_at(&t, number[k]));
		} else if (random_next() % 3 == 0) {
			table_del(&t, number[k], hash_of(k));
			number[k] = 0;
		}
		k = random_next() % KEYS;
		struct entry *e = find(&t, k);
		assert_int_equal(e != NULL, number[k] != 0);
		if (e)
			assert_ptr_equal(e, table_at(&t, number[k]));
	}
	table_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_are_found_while_the_index_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
