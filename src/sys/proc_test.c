/* SPDX-License-Identifier: ISC */

#include "sys/proc.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/def.h"
#include "base/test.h"

/* The child is this program again: it writes a byte to descriptor 3, then
 * dies ("die") or waits ("stay"). */
struct run {
	uv_loop_t loop;
	struct proc proc;
	const char *role;
	int pipe[2];
	int waits[4];
	unsigned ends, ends_wanted;
	int last_wait, last_signal;
};

static void
on_plan(void *ctx, struct proc_plan *ret)
{
	struct run *r = ctx;

	ret->args[0] = "proc_test";
	ret->args[1] = strcmp(r->role, "stay") == 0 ? "stay" : "die";
	ret->fds[0] = r->pipe[1];
	ret->fds_n = 1;
}

static void
on_started(void *ctx, int pid)
{
	struct run *r = ctx;
	char byte;

	assert_true(pid > 1);
	assert_int_equal(read(r->pipe[0], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	if (strcmp(r->role, "stay") == 0)
		proc_stop(&r->proc);
}

static void
on_ended(void *ctx, int64_t status, int signal, int wait_ms)
{
	struct run *r = ctx;

	(void)status;
	r->last_wait = wait_ms;
	r->last_signal = signal;
	if (wait_ms < 0) {
		proc_close(&r->proc);
		return;
	}
	r->waits[r->ends++ & 3] = wait_ms;
	if (r->ends == r->ends_wanted)
		proc_stop(&r->proc);
}

static const struct proc_ops ops = { on_plan, on_started, on_ended };

static void
run_child(struct run *r)
{
	assert_int_equal(pipe(r->pipe), 0);
	assert_int_equal(uv_loop_init(&r->loop), 0);
	r->proc.loop = &r->loop;
	r->proc.ops = &ops;
	r->proc.ctx = r;
	proc_open(&r->proc);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&r->loop), 0);
	close(r->pipe[0]);
	close(r->pipe[1]);
}

static void
test_a_dying_child_is_started_again_ever_later(void **state)
{
	struct run r = { .role = "die", .ends_wanted = 3 };

	(void)state;
	run_child(&r);
	assert_int_equal(r.waits[0], 0);
	assert_int_equal(r.waits[1], PROC_WAIT_FIRST_MS);
	assert_int_equal(r.waits[2], 2 * PROC_WAIT_FIRST_MS);
	assert_int_equal(r.last_wait, -1);
	assert_int_equal(r.proc.starts, 3);
}

static void
test_a_stopped_child_gets_a_signal_and_stays_away(void **state)
{
	struct run r = { .role = "stay" };

	(void)state;
	run_child(&r);
	assert_int_equal(r.last_signal, SIGTERM);
	assert_int_equal(r.last_wait, -1);
	assert_int_equal(r.proc.starts, 1);
}

static int
be_child(const char *role)
{
	if (write(3, "x", 1) != 1)
		return 1;
	while (strcmp(role, "stay") == 0)
		pause();
	return 3;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_dying_child_is_started_again_ever_later),
		cmocka_unit_test(
			test_a_stopped_child_gets_a_signal_and_stays_away),
	};

	if (argc > 1)
		return be_child(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
