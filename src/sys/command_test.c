/* SPDX-License-Identifier: ISC */

#include "sys/command.h"

#include <string.h>

#include "base/test.h"
#include "sys/clock.h"

static void
test_runs_without_a_shell(void **state)
{
	struct buf out CLEANUP(buf_free) = { 0 };
	struct err err;
	const char *argv[] = { NULL, "%s|%s\n", "$HOME", "; a", NULL };
	struct buf path CLEANUP(buf_free) = { 0 };

	(void)state;
	assert_true(command_find("printf", &path));
	argv[0] = buf_text(&path);
	assert_int_equal(command_run(argv, &out, &err), 0);
	assert_string_equal(buf_text(&out), "$HOME|; a\n");
	assert_false(command_find("no such program", &path));
}

static void
test_tells_how_it_ended(void **state)
{
	struct buf out CLEANUP(buf_free) = { 0 };
	struct err err;
	const char *fails[] = { "/bin/sh", "-c", "echo no >&2; exit 3", NULL };
	const char *absent[] = { "/nowhere/at/all", NULL };

	(void)state;
	assert_int_equal(command_run(fails, &out, &err), 3);
	assert_string_equal(buf_text(&out), "no\n");
	assert_int_equal(command_run(absent, &out, &err), -1);
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

static void
test_ends_what_takes_too_long(void **state)
{
	struct buf out CLEANUP(buf_free) = { 0 };
	const char *argv[] = { "/bin/sleep", "60", NULL };
	int64_t begin = clock_mono_ns();
	struct err err;

	(void)state;
	assert_int_equal(command_run(argv, &out, &err), -1);
	assert_non_null(strstr(err.text, "longer than"));
	assert_true(clock_mono_ns() - begin < INT64_C(20000000000));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs_without_a_shell),
		cmocka_unit_test(test_tells_how_it_ended),
		cmocka_unit_test(test_ends_what_takes_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
