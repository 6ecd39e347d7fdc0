/* SPDX-License-Identifier: ISC */
#include "dialect/slots.h"

#include "base/test.h"

/* Keys whose upper half is the same share eight entries. */
static uint64_t
neighbour(unsigned i)
{
	return UINT64_C(7) << 32 | (i + 1);
}

static void
test_finds_what_was_taken(void **state)
{
	struct slots s = { 0 };
	int i;

	(void)state;
	slots_open(&s, 64);
	assert_int_equal(slots_find(&s, 5), -1);
	i = slots_take(&s, 5);
	assert_int_equal(slots_find(&s, 5), i);
	assert_int_equal(slots_take(&s, 5), i);
	slots_drop(&s, slots_find(&s, 5));
	assert_int_equal(slots_find(&s, 5), -1);
	slots_close(&s);
}

static void
test_the_key_zero_is_a_key(void **state)
{
	struct slots s = { 0 };
	int i;

	(void)state;
	slots_open(&s, 8);
	assert_int_equal(slots_find(&s, 0), -1);
	i = slots_take(&s, 0);
	assert_int_equal(slots_find(&s, 0), i);
	slots_close(&s);
}

static void
test_the_one_quiet_longest_goes(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_open(&s, 64);
	for (unsigned i = 0; i < 8; i++)
		slots_take(&s, neighbour(i));
	slots_find(&s, neighbour(0));
	slots_take(&s, neighbour(8));
	assert_true(slots_find(&s, neighbour(0)) >= 0);
	assert_int_equal(slots_find(&s, neighbour(1)), -1);
	assert_true(slots_find(&s, neighbour(8)) >= 0);
	slots_close(&s);
}

static void
test_age_outlives_the_clock(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_open(&s, 8);
	s.clock = UINT32_MAX - 4;
	for (unsigned i = 0; i < 9; i++)
		slots_take(&s, neighbour(i));
	assert_int_equal(slots_find(&s, neighbour(0)), -1);
	assert_true(slots_find(&s, neighbour(8)) >= 0);
	slots_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_was_taken),
		cmocka_unit_test(test_the_key_zero_is_a_key),
		cmocka_unit_test(test_the_one_quiet_longest_goes),
		cmocka_unit_test(test_age_outlives_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
