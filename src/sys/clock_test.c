/* SPDX-License-Identifier: ISC */

#include "sys/clock.h"

#include <stdint.h>
#include <time.h>

#include "base/test.h"

#define S_NS INT64_C(1000000000)

static void
test_begins_with_the_systems_time(void **state)
{
	int64_t base = 0;

	(void)state;
	assert_int_equal(
		clock_follow(&base, 1000000 * S_NS, 50 * S_NS), 1000000 * S_NS);
	assert_true(clock_wall_s() - time(NULL) <= 1);
	assert_true(time(NULL) - clock_wall_s() <= 1);
}

static void
test_small_steps_of_the_wall_clock_do_not_show(void **state)
{
	int64_t base = 0;

	(void)state;
	clock_follow(&base, 1000000 * S_NS, 50 * S_NS);
	for (int step = -CLOCK_STEP_S + 1; step < CLOCK_STEP_S; step++)
		assert_int_equal(
			clock_follow(&base, (1000010 + step) * S_NS, 60 * S_NS),
			1000010 * S_NS);
}

static void
test_a_wrong_clock_put_right_is_followed(void **state)
{
	int64_t base = 0;

	(void)state;
	clock_follow(&base, 1000 * S_NS, 50 * S_NS);
	assert_int_equal(clock_follow(&base, 1764000000 * S_NS, 60 * S_NS),
		1764000000 * S_NS);
	assert_int_equal(
		clock_follow(&base, 2000 * S_NS, 70 * S_NS), 2000 * S_NS);
}

static void
test_time_passes(void **state)
{
	int64_t mono = clock_mono_ns(), cpu = clock_cpu_ns();

	(void)state;
	while (clock_cpu_ns() - cpu < 1000000)
		;
	assert_true(clock_mono_ns() - mono >= 500000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begins_with_the_systems_time),
		cmocka_unit_test(
			test_small_steps_of_the_wall_clock_do_not_show),
		cmocka_unit_test(test_a_wrong_clock_put_right_is_followed),
		cmocka_unit_test(test_time_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
