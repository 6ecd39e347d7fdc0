/* SPDX-License-Identifier: ISC */

#include "sys/guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

/* A child that dies over an input, unless that is put aside. */
static bool
dies_over(struct guard *g, struct str input)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct guard *mine = guard_open(dup(guard_fd(g)));
		struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		if (mine && guard_enter(mine, S("harmless")))
			guard_leave(mine);
		if (mine && !guard_enter(mine, input))
			_exit(0);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void
test_what_killed_twice_is_put_aside(void **state)
{
	struct guard *g = guard_new();
	struct str input;

	(void)state;
	assert_non_null(g);
	assert_int_equal(guard_blame(g, &input), 0);
	for (unsigned n = 1; n <= GUARD_DEATHS; n++) {
		assert_true(dies_over(g, S("deadly")));
		assert_int_equal(guard_blame(g, &input), n);
		assert_true(str_eq(input, S("deadly")));
	}
	assert_false(dies_over(g, S("deadly")));
	assert_int_equal(guard_blame(g, &input), 0);
	assert_true(dies_over(g, S("deadly too")));
	guard_free(g);
}

static void
test_long_inputs_differ_by_their_length(void **state)
{
	char text[GUARD_INPUT_MAX * 2] = { 'x' };
	struct str a = { text, sizeof(text) }, b = { text, sizeof(text) - 1 };
	struct guard *g = guard_new();
	struct str input;

	(void)state;
	for (unsigned n = 0; n < GUARD_DEATHS; n++) {
		assert_true(guard_enter(g, a));
		assert_int_equal(guard_blame(g, &input), n + 1);
		assert_int_equal(input.n, GUARD_INPUT_MAX);
	}
	assert_false(guard_enter(g, a));
	assert_true(guard_enter(g, b));
	guard_free(g);
}

static void
test_without_a_page_everything_is_taken(void **state)
{
	(void)state;
	assert_true(guard_enter(NULL, S("x")));
	guard_leave(NULL);
	guard_free(NULL);
	assert_null(guard_open(open("/dev/null", O_RDWR | O_CLOEXEC)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_killed_twice_is_put_aside),
		cmocka_unit_test(test_long_inputs_differ_by_their_length),
		cmocka_unit_test(test_without_a_page_everything_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
