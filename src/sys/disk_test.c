/* SPDX-License-Identifier: ISC */

#include "sys/disk.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/test.h"
#include "sys/notify.h"

static char folder[] = "/tmp/brattice-disk-XXXXXX";
static char path[64], link_path[64];

static int
set_up(void **state)
{
	FILE *f;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(link_path, sizeof(link_path), "%s/link", folder);
	f = fopen(path, "w");
	if (!f)
		return -1;
	fputs("one\ntwo\n", f);
	return fclose(f);
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(link_path);
	return rmdir(folder);
}

static void
test_reads_a_whole_file_up_to_a_limit(void **state)
{
	struct buf b = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(disk_read(path, 8, &b, &err), 0);
	assert_true(str_eq(buf_str(&b), S("one\ntwo\n")));
	assert_int_equal(disk_read(path, 7, &b, &err), -1);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(b.n, 8);
	assert_int_equal(disk_read("/nonexistent/x", 7, &b, &err), -1);
	assert_non_null(strstr(err.text, "/nonexistent/x"));
	buf_free(&b);
}

static void
test_a_log_is_a_regular_file_and_no_link(void **state)
{
	struct disk_state st;
	int fd = disk_open_log(path, &st);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(st.size, 8);
	assert_true(st.is_linked);
	close(fd);
	assert_int_equal(symlink(path, link_path), 0);
	assert_int_equal(disk_open_log(link_path, &st), -ELOOP);
	assert_int_equal(disk_look_path(link_path, &st), -ELOOP);
	unlink(link_path);
	assert_int_equal(mkfifo(link_path, 0600), 0);
	assert_int_equal(disk_open_log(link_path, &st), -EINVAL);
	assert_int_equal(disk_open_log("/dev/null", &st), -EINVAL);
}

static void
test_notifies_the_service_manager(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char got[64] = "";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_false(notify_send("READY=1"));
	unlink(link_path);
	memcpy(at.sun_path, link_path, strlen(link_path));
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	setenv("NOTIFY_SOCKET", link_path, 1);
	assert_true(notify_send("READY=%d", 1));
	assert_int_equal(recv(fd, got, sizeof(got) - 1, 0), 7);
	assert_string_equal(got, "READY=1");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_a_whole_file_up_to_a_limit),
		cmocka_unit_test(test_a_log_is_a_regular_file_and_no_link),
		cmocka_unit_test(test_notifies_the_service_manager),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
