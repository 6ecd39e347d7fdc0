/* SPDX-License-Identifier: ISC */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "hooks/tail/fake_node.h"

static void
test_strange_bytes_do_no_harm(void **state)
{
	struct fake f = { 0 };
	char path[128], *big = malloc(700000);

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "");
	fake_start(&f);
	int fd = open(fake_path(&f, "log", path), O_WRONLY | O_APPEND);

	memset(big, 'n', 700000);
	big[99999] = '\n'; /* too long, within a block */
	assert_int_equal(write(fd, big, 100000), 100000);
	assert_int_equal(write(fd, "n 0\n", 4), 4);
	big[99999] = 'n';
	assert_int_equal(write(fd, big, 700000), 700000);
	fake_run(&f, 20);
	assert_int_equal(f.node.lines, 2);
	assert_int_equal(write(fd, "\nn 1\n\n\xff\xfe\n", 9), 9);
	memset(big, 0, 700000); /* the hole of a writer who doesn't append */
	assert_int_equal(write(fd, big, 700000), 700000);
	assert_int_equal(write(fd, "n 2\n\0\0n 3\n", 10), 10);
	assert_true(fake_wait(&f, 4, 2000));
	assert_int_equal(f.node.longest, 65536);
	assert_int_equal(fake_status(&f, "cut_lines"), 2);
	close(fd);
	free(big);
	fake_close(&f);
}

static void
test_a_pattern_finds_new_logs_and_no_rotated_ones(void **state)
{
	struct fake f = { .file = "mail*" };

	(void)state;
	fake_open(&f);
	fake_append(&f, "mail.log", "n 7\n");
	fake_append(&f, "mail.log.1", "n 7\n");
	fake_start(&f);
	fake_append(&f, "mail.err", "n 0\n");
	fake_append(&f, "mail.log", "n 1\n");
	fake_append(&f, "other", "n 7\n");
	fake_run(&f, 20);
	fake_move(&f, "mail.log", "mail.log.1");
	fake_append(&f, "mail.log", "n 2\n");
	fake_run(&f, 20);
	fake_move(&f, "mail.err", "mail.err-old");
	fake_append(&f, "mail.err", "n 3\n");
	assert_true(fake_wait(&f, 4, 1000));
	assert_int_equal(f.node.seen[7], 0);
	fake_close(&f);
}

static void
test_a_link_is_refused(void **state)
{
	struct fake f = { .start = "beginning" };
	char a[128], b[128];

	(void)state;
	fake_open(&f);
	fake_append(&f, "secret", "n 0\n");
	assert_int_equal(
		symlink(fake_path(&f, "secret", a), fake_path(&f, "log", b)),
		0);
	fake_start(&f);
	fake_run(&f, 20);
	assert_int_equal(f.node.lines, 0);
	fake_close(&f);
}

static void
test_waits_while_the_node_is_busy_or_loading(void **state)
{
	struct fake f = { .start = "beginning" };

	(void)state;
	fake_open(&f);
	fake_append(&f, "log", "n 0\n");
	f.node.is_loading = true;
	fake_start(&f);
	fake_run(&f, 20);
	assert_int_equal(f.node.lines, 0);
	f.node.is_loading = false;
	f.node.is_busy = true;
	fake_run(&f, 50);
	assert_int_equal(f.node.lines, 0);
	f.node.is_busy = false;
	assert_true(fake_wait(&f, 1, 1000));
	fake_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strange_bytes_do_no_harm),
		cmocka_unit_test(
			test_a_pattern_finds_new_logs_and_no_rotated_ones),
		cmocka_unit_test(test_a_link_is_refused),
		cmocka_unit_test(test_waits_while_the_node_is_busy_or_loading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
