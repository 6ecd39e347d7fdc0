/* SPDX-License-Identifier: ISC */

#include "core/locks.h"

#include "base/test.h"

#define NOW 1800000000

static const struct lock_rule three = { .failures = 3, .time_s = 600 };

static void
test_the_third_failure_within_the_lock_time_locks(void **state)
{
	struct lockout k = { 0 };

	(void)state;
	assert_int_equal(lock_fail(&k, NOW - 600, NOW - 600, &three), 1);
	assert_int_equal(lock_fail(&k, NOW - 1, NOW - 1, &three), 1);
	/* The first is forgotten by now. */
	assert_int_equal(lock_fail(&k, NOW, NOW, &three), LOCK_COUNTED);
	assert_false(lock_is_live(&k, NOW));
	assert_int_equal(lock_fail(&k, NOW + 1, NOW + 1, &three), LOCK_LOCKED);
	assert_true(lock_is_live(&k, NOW + 600));
	assert_false(lock_is_live(&k, NOW + 601));
}

static void
test_what_comes_while_it_is_locked_extends_nothing(void **state)
{
	struct lockout k = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		(void)lock_fail(&k, NOW + i, NOW + i, &three);
	assert_int_equal(
		lock_fail(&k, NOW + 300, NOW + 300, &three), LOCK_IGNORED);
	assert_int_equal(k.until, NOW + 602);
	/* Afterwards it starts from nothing. */
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(
			lock_fail(&k, NOW + 602 + i, NOW + 602 + i, &three),
			LOCK_COUNTED);
	assert_int_equal(
		lock_fail(&k, NOW + 604, NOW + 604, &three), LOCK_LOCKED);
}

static void
test_a_failure_that_is_taken_back_may_lift_the_lock(void **state)
{
	struct lockout k = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		(void)lock_fail(&k, NOW + i, NOW + 2, &three);
	assert_false(lock_take(&k, NOW + 9, &three));
	assert_true(lock_take(&k, NOW + 1, &three));
}

static void
test_a_failure_long_before_a_lock_does_not_hold_it(void **state)
{
	static const struct lock_rule one = { .failures = 1, .time_s = 600 };
	struct lockout k = { 0 };

	(void)state;
	(void)lock_fail(&k, NOW - 600, NOW - 600, &three);
	assert_int_equal(lock_fail(&k, NOW, NOW, &one), LOCK_LOCKED);
	assert_true(lock_take(&k, NOW, &one));
}

static void
test_a_success_forgets_what_came_before_it(void **state)
{
	struct lockout k = { 0 };

	(void)state;
	(void)lock_fail(&k, NOW, NOW, &three);
	(void)lock_fail(&k, NOW + 1, NOW + 1, &three);
	(void)lock_succeed(&k, NOW + 2, &three);
	assert_int_equal(lock_newest(&k), 0);
	/* One that is told late came before it, too. */
	assert_int_equal(lock_fail(&k, NOW + 1, NOW + 3, &three), LOCK_IGNORED);
}

/* Accounts whose rows stand in the same set. */
static struct lockout *
row(struct locks *l, uint64_t i)
{
	return locks_get(l, (i + 1) << 32, (uint32_t)i + 1, NOW);
}

static void
test_a_lock_is_the_last_to_go(void **state)
{
	struct locks l;

	(void)state;
	locks_init(&l, 8);
	for (uint32_t i = 0; i < 8; i++)
		lock_begin(row(&l, i), NOW, NOW + 100 + i);
	row(&l, 3)->until = 0;
	(void)lock_fail(row(&l, 3), NOW, NOW, &three);
	row(&l, 8);
	assert_null(locks_find(&l, UINT64_C(4) << 32));
	assert_non_null(locks_find(&l, UINT64_C(9) << 32));
	/* All are locked: the one that ends first. */
	lock_begin(row(&l, 8), NOW, NOW + 500);
	row(&l, 9);
	assert_null(locks_find(&l, UINT64_C(1) << 32));
	assert_int_equal(locks_unlock(&l, 3, NOW), 1);
	assert_int_equal(locks_unlock(&l, 3, NOW), 0);
	locks_free(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_third_failure_within_the_lock_time_locks),
		cmocka_unit_test(
			test_what_comes_while_it_is_locked_extends_nothing),
		cmocka_unit_test(
			test_a_failure_that_is_taken_back_may_lift_the_lock),
		cmocka_unit_test(
			test_a_failure_long_before_a_lock_does_not_hold_it),
		cmocka_unit_test(test_a_success_forgets_what_came_before_it),
		cmocka_unit_test(test_a_lock_is_the_last_to_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
