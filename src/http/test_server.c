/* SPDX-License-Identifier: ISC */

#include "http/test_server.h"

#include <string.h>

#include "base/test.h"

void
test_server_start(struct test_server *t, struct http_config config)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct err err;

	*t = (struct test_server){ .at.sun_family = AF_UNIX,
		.at_n = sizeof(t->at) };
	config.name = "test";
	assert_int_equal(uv_loop_init(&t->loop), 0);
	assert_int_equal(
		bind(fd, (struct sockaddr *)&t->at, sizeof(sa_family_t)), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(
		getsockname(fd, (struct sockaddr *)&t->at, &t->at_n), 0);
	assert_int_equal(
		http_start(&t->loop, fd, &config, &t->server, &err), 0);
}

void
test_server_stop(struct test_server *t)
{
	http_stop(t->server);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&t->loop), 0);
}

void
test_server_turn(struct test_server *t)
{
	for (int i = 0; i < 8; i++)
		uv_run(&t->loop, UV_RUN_NOWAIT);
}

int
test_server_client(struct test_server *t)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&t->at, t->at_n), 0);
	test_server_turn(t);
	return fd;
}

void
test_server_say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
}

void
test_server_hear(struct test_server *t, int fd, struct buf *b, int *ret_end)
{
	ssize_t n;

	test_server_turn(t);
	while ((n = recv(fd, buf_room(b, 4096), 4096, 0)) > 0)
		b->n += (size_t)n;
	*ret_end = n == 0;
}
