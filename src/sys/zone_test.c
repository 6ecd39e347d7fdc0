/* SPDX-License-Identifier: ISC */

#include "sys/zone.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/stamp.h"
#include "base/test.h"

#define NOVEMBER_2026 INT64_C(1795502855)

static int64_t
local(int year, int month, int day, int hour)
{
	return stamp_of(&(struct civil){ year, month, day, hour, 0, 0 });
}

/* As a dialect does it. */
static int32_t
offset_of(const struct zone *z, int64_t at_local)
{
	int32_t offset = z->n ? z->steps[0].offset_s : 0;

	for (unsigned i = 0; i < z->n && z->steps[i].from_local <= at_local;
		i++)
		offset = z->steps[i].offset_s;
	return offset;
}

/* A rule in TZ itself needs no zone files on the machine. */
static void
test_summer_time_comes_and_goes(void **state)
{
	struct zone z;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	zone_local(&z, NOVEMBER_2026);
	assert_true(z.n >= 10 && z.n <= ZONE_STEPS_MAX);
	assert_int_equal(offset_of(&z, local(2026, 11, 24, 12)), 3600);
	assert_int_equal(offset_of(&z, local(2026, 7, 1, 12)), 7200);
	assert_int_equal(offset_of(&z, local(2026, 3, 29, 1)), 3600);
	assert_int_equal(offset_of(&z, local(2026, 3, 29, 3)), 7200);
	assert_int_equal(offset_of(&z, local(2028, 7, 1, 12)), 7200);
	assert_int_equal(offset_of(&z, local(2024, 12, 31, 12)), 3600);
}

static void
test_the_hour_that_exists_twice_is_its_second_time(void **state)
{
	struct zone z;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	zone_local(&z, NOVEMBER_2026);
	assert_int_equal(offset_of(&z, local(2026, 10, 25, 2) + 1800), 3600);
	assert_int_equal(offset_of(&z, local(2026, 10, 25, 1) + 3599), 7200);
}

static void
test_a_zone_without_changes_is_one_step(void **state)
{
	struct zone z;

	(void)state;
	setenv("TZ", "UTC0", 1);
	zone_local(&z, NOVEMBER_2026);
	assert_int_equal(z.n, 1);
	assert_int_equal(z.steps[0].offset_s, 0);
	setenv("TZ", "IST-5:30", 1);
	zone_local(&z, NOVEMBER_2026);
	assert_int_equal(offset_of(&z, local(2026, 1, 1, 0)), 19800);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_summer_time_comes_and_goes),
		cmocka_unit_test(
			test_the_hour_that_exists_twice_is_its_second_time),
		cmocka_unit_test(test_a_zone_without_changes_is_one_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
