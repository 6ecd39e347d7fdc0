/* SPDX-License-Identifier: ISC */

#include "sys/listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/def.h"
#include "base/test.h"

static const struct listen_access access_0660 = { 0660, (gid_t)-1 };

struct row {
	const char *text;
	int is_good;
};

static void
knows_an_address(void **state)
{
	static const struct row rows[] = {
		{ "127.0.0.1:10031", 1 },
		{ "0.0.0.0:0", 1 },
		{ "[::1]:10031", 1 },
		{ "[::]:65535", 1 },
		{ "unix:/run/x", 1 },
		{ "unix:run/x", 0 },
		{ "unix:", 0 },
		{ "/run/x", 0 },
		{ "127.0.0.1", 0 },
		{ "127.0.0.1:", 0 },
		{ "127.0.0.1:65536", 0 },
		{ "::1:10031", 0 },
		{ "[::1:10031", 0 },
		{ "[127.0.0.1]:1", 0 },
		{ "localhost:25", 0 },
		{ "", 0 },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("%s\n", rows[i].text);
		assert_int_equal(listen_check(rows[i].text, &err),
			rows[i].is_good ? 0 : -1);
	}
}

static void
path_of(char *to, size_t n)
{
	snprintf(to, n, "unix:/tmp/listen-%d.sock", (int)getpid());
}

static void
gives_the_socket_its_mode_at_once(void **state)
{
	char text[64];
	struct stat st;
	struct err err;
	int fd;

	(void)state;
	path_of(text, sizeof(text));
	fd = listen_bind(text, &access_0660, &err);
	assert_true(fd >= 0);
	assert_int_equal(lstat(text + 5, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0660);
	close(fd);
	unlink(text + 5);
}

static void
replaces_only_a_socket_that_nobody_answers(void **state)
{
	char text[64];
	struct err err;
	int first, second;
	FILE *f;

	(void)state;
	path_of(text, sizeof(text));
	first = listen_bind(text, &access_0660, &err);
	assert_true(first >= 0);
	assert_int_equal(listen_bind(text, &access_0660, &err), -1);
	assert_non_null(strstr(err.text, "another process"));
	close(first);
	second = listen_bind(text, &access_0660, &err);
	assert_true(second >= 0);
	close(second);
	unlink(text + 5);
	f = fopen(text + 5, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(listen_bind(text, &access_0660, &err), -1);
	assert_non_null(strstr(err.text, "expected a socket"));
	unlink(text + 5);
}

static void
names_the_address_that_is_taken(void **state)
{
	struct err err;
	char text[64];
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	int fd;

	(void)state;
	fd = listen_bind("127.0.0.1:0", &access_0660, &err);
	assert_true(fd >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	snprintf(text, sizeof(text), "127.0.0.1:%u",
		(unsigned)(((unsigned char *)&at)[2] << 8 |
			   ((unsigned char *)&at)[3]));
	assert_int_equal(listen_bind(text, &access_0660, &err), -1);
	assert_non_null(strstr(err.text, text));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_an_address),
		cmocka_unit_test(gives_the_socket_its_mode_at_once),
		cmocka_unit_test(replaces_only_a_socket_that_nobody_answers),
		cmocka_unit_test(names_the_address_that_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
