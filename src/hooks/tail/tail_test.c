/* SPDX-License-Identifier: ISC */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/def.h"
#include "base/test.h"
#include "hooks/tail/fake_node.h"

static void
test_a_new_log_is_read_from_its_end(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "n 5\nn 6\nhalf a li");
	fake_start(&f);
	fake_append(&f, "log", "ne\nn 0\nn 1\n");
	assert_true(fake_wait(&f, 2, 1000));
	assert_int_equal(f.node.seen[5] + f.node.seen[6], 0);
	assert_int_equal(f.node.lines, 5); /* two for their sessions */
	fake_close(&f);
}

static void
test_a_new_log_is_read_from_its_beginning_when_asked(void **state)
{
	struct fake f = { .start = "beginning" };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "n 0\nn 1\n");
	fake_start(&f);
	fake_append(&f, "log", "n 2\n");
	assert_true(fake_wait(&f, 3, 1000));
	fake_close(&f);
}

static void
test_a_log_made_later_is_read_from_its_beginning(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_start(&f);
	fake_append(&f, "log", "n 0\n");
	fake_append(&f, "log", "n 1\n");
	assert_true(fake_wait(&f, 2, 1000));
	fake_close(&f);
}

static void
test_a_log_made_while_we_were_down_is_read_from_its_beginning(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_start(&f);
	fake_commit(&f);
	fake_kill(&f);
	fake_append(&f, "log", "n 0\nn 1\n");
	fake_start(&f);
	assert_true(fake_wait(&f, 2, 1000));
	fake_close(&f);
}

static void
test_half_a_line_waits_for_the_rest(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", "n ");
	fake_run(&f, 10);
	fake_append(&f, "log", "0");
	fake_run(&f, 10);
	assert_int_equal(f.node.lines, 0);
	fake_commit(&f);
	fake_kill(&f);
	fake_append(&f, "log", "\nn 1");
	fake_start(&f);
	fake_append(&f, "log", "\n");
	assert_true(fake_wait(&f, 2, 1000));
	assert_int_equal(f.node.lines, 2);
	fake_close(&f);
}

static void
test_a_renamed_log_is_read_to_its_end_first(void **state)
{
	struct fake f = { 0 };
	char path[128];

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	int fd = open(fake_path(&f, "log", path), O_WRONLY | O_APPEND);

	assert_int_equal(write(fd, "n 0\n", 4), 4);
	fake_move(&f, "log", "log.1");
	assert_int_equal(write(fd, "n 1\n", 4), 4);
	fake_run(&f, 20);
	fake_append(&f, "log", ""); /* made, but its writer isn't told yet */
	fake_run(&f, 20);
	assert_int_equal(write(fd, "n 2\n", 4), 4);
	fake_run(&f, 20);
	fake_append(&f, "log", "n 3\n");
	fake_run(&f, 20);
	assert_int_equal(write(fd, "n 4\n", 4), 4); /* a slow writer */
	close(fd);
	fake_append(&f, "log", "n 5\n");
	assert_true(fake_wait(&f, 6, 1000));
	assert_int_equal(fake_status(&f, "rotations"), 1);
	fake_close(&f);
}

static void
copy_and_cut(struct fake *f)
{
	char a[128], b[128], bytes[65536];
	int from = open(fake_path(f, "log", a), O_RDWR);
	int to = open(
		fake_path(f, "log.1", b), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		assert_int_equal(write(to, bytes, (size_t)n), n);
	assert_int_equal(ftruncate(from, 0), 0);
	close(from);
	close(to);
}

static void
test_a_log_that_is_cut_begins_anew(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", "n 0\nn 1\n");
	fake_run(&f, 20);
	copy_and_cut(&f);
	fake_run(&f, 20);
	fake_append(&f, "log", "n 2\n");
	assert_true(fake_wait(&f, 3, 1000));
	assert_int_equal(fake_status(&f, "truncations"), 1);
	/* and when it has grown beyond the old size before we look */
	copy_and_cut(&f);
	fake_append(&f, "log", "n 3\nn 4\nn 5\nn 6\n");
	assert_true(fake_wait(&f, 7, 1000));
	fake_close(&f);
}

static void
test_what_a_cut_log_held_is_read_from_its_copy(void **state)
{
	struct fake f = { 0 };
	char words[300];

	(void)state;
	memset(words, 'w', sizeof(words));
	words[298] = '\n';
	words[299] = '\0';
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", words);
	fake_run(&f, 20);
	fake_commit(&f);
	fake_kill(&f);
	fake_append(&f, "log", "n 0\nn 1\n");
	copy_and_cut(&f);
	fake_append(&f, "log", "n 2\n");
	fake_start(&f);
	assert_true(fake_wait(&f, 3, 1000));
	fake_append(&f, "log", words);
	fake_run(&f, 20);
	fake_append(&f, "log", "n 3\n"); /* not read before it is copied */
	copy_and_cut(&f);
	fake_append(&f, "log", "n 4\n");
	assert_true(fake_wait(&f, 5, 1000));
	fake_close(&f);
}

static void
test_a_replaced_log_is_gone_on_with(void **state)
{
	struct fake f = { 0 };
	char words[300];

	(void)state;
	memset(words, 'w', sizeof(words));
	words[298] = '\n';
	words[299] = '\0';
	fake_open(&f);
	fake_append(&f, "log", "x to be edited away\n");
	fake_start(&f);
	fake_append(&f, "log", "n 0\n");
	fake_append(&f, "log", words);
	fake_run(&f, 20);
	fake_append(&f, "new", "n 0\n");
	fake_append(&f, "new", words);
	fake_append(&f, "new", "n 1\n");
	fake_move(&f, "new", "log");
	fake_append(&f, "log", "n 2\n");
	assert_true(fake_wait(&f, 3, 1000));
	fake_close(&f);
}

static void
test_a_rotated_log_is_found_after_a_restart(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", "n 0\n");
	fake_run(&f, 20);
	fake_commit(&f);
	fake_kill(&f);
	fake_append(&f, "log", "n 1\n");
	fake_move(&f, "log", "log.1");
	fake_append(&f, "log", "n 2\n");
	fake_move(&f, "log.1", "log.2");
	fake_move(&f, "log", "log.1");
	fake_append(&f, "log", "n 3\n");
	fake_append(&f, "log.old", "n 3\n"); /* somebody's copy: no heir */
	fake_start(&f);
	assert_true(fake_wait(&f, 4, 1000));
	fake_append(&f, "log", "n 4\n");
	assert_true(fake_wait(&f, 5, 1000));
	assert_int_equal(fake_status(&f, "lost_files"), 0);
	fake_close(&f);
}

static void
test_a_compressed_log_is_counted_as_lost(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", "n 0\n");
	fake_run(&f, 20);
	fake_commit(&f);
	fake_kill(&f);
	fake_move(&f, "log", "log.1");
	fake_append(&f, "log", "n 1\n");
	fake_append(&f, "log.1.gz", "x");
	unlink(fake_path(&f, "log.1", (char[128]){ 0 }));
	fake_start(&f);
	assert_true(fake_wait(&f, 2, 1000));
	assert_int_equal(fake_status(&f, "lost_files"), 1);
	fake_close(&f);
}

static void
test_sessions_begun_before_a_restart_are_known(void **state)
{
	struct fake f = { 0 };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	fake_append(&f, "log", "open A\nfail A 0\n");
	fake_run(&f, 20);
	fake_move(&f, "log", "log.1");
	fake_append(&f, "log", "open B\n");
	fake_run(&f, 20);
	fake_commit(&f);
	fake_kill(&f);
	fake_append(&f, "log", "fail A 1\nfail B 2\nfail C 9\n");
	fake_start(&f);
	assert_true(fake_wait(&f, 3, 1000));
	assert_int_equal(f.node.seen[9], 0);
	fake_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_log_is_read_from_its_end),
		cmocka_unit_test(
			test_a_new_log_is_read_from_its_beginning_when_asked),
		cmocka_unit_test(
			test_a_log_made_later_is_read_from_its_beginning),
		cmocka_unit_test(
			test_a_log_made_while_we_were_down_is_read_from_its_beginning),
		cmocka_unit_test(test_half_a_line_waits_for_the_rest),
		cmocka_unit_test(test_a_renamed_log_is_read_to_its_end_first),
		cmocka_unit_test(test_a_log_that_is_cut_begins_anew),
		cmocka_unit_test(
			test_what_a_cut_log_held_is_read_from_its_copy),
		cmocka_unit_test(test_a_replaced_log_is_gone_on_with),
		cmocka_unit_test(test_a_rotated_log_is_found_after_a_restart),
		cmocka_unit_test(test_a_compressed_log_is_counted_as_lost),
		cmocka_unit_test(
			test_sessions_begun_before_a_restart_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
