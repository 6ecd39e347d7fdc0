/* SPDX-License-Identifier: ISC */

#include "sys/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/test.h"

/* A protocol: each 'x' is answered by a number of bytes, '!' is bad, 'q'
 * quits, '.' waits for more. */
struct fixture {
	uv_loop_t loop;
	struct stream_service *service;
	struct sockaddr_un at;
	socklen_t at_n;
	size_t answer_n;
};

static ptrdiff_t
on_bytes(void *ctx, struct stream *s, struct str in, enum stream_end end)
{
	struct fixture *f = ctx;
	unsigned *seen = stream_state(s);

	(void)end;
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '!')
			return STREAM_BAD;
		if (in.p[i] == 'q')
			return STREAM_QUIT;
		if (in.p[i] == '.')
			return (ptrdiff_t)i;
		memset(buf_room(stream_out(s), f->answer_n),
			(int)('a' + (*seen)++ % 26), f->answer_n);
		stream_out(s)->n += f->answer_n;
	}
	return (ptrdiff_t)in.n;
}

static void
start(struct fixture *f, uint32_t connections_max, uint32_t idle_s)
{
	struct stream_config config = { .connections_max = connections_max,
		.idle_s = idle_s,
		.in_max = 64,
		.state_size = sizeof(unsigned),
		.on_bytes = on_bytes,
		.ctx = f };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct err err;

	*f = (struct fixture){
		.answer_n = 1, .at.sun_family = AF_UNIX, .at_n = sizeof(f->at)
	};
	assert_int_equal(uv_loop_init(&f->loop), 0);
	/* The kernel chooses an abstract name. */
	assert_int_equal(
		bind(fd, (struct sockaddr *)&f->at, sizeof(sa_family_t)), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(
		getsockname(fd, (struct sockaddr *)&f->at, &f->at_n), 0);
	assert_int_equal(
		stream_start(&f->loop, fd, &config, &f->service, &err), 0);
}

static void
stop(struct fixture *f)
{
	stream_stop(f->service);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void
turn(struct fixture *f)
{
	for (int i = 0; i < 4; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
}

static int
open_client(struct fixture *f)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&f->at, f->at_n), 0);
	turn(f);
	return fd;
}

static void
say(struct fixture *f, int fd, const char *text)
{
	assert_int_equal(
		send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	turn(f);
}

static void
check_hears(int fd, const char *want)
{
	char text[64] = "";
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	if (!want[0]) {
		assert_int_equal(n, -1);
		assert_int_equal(errno, EAGAIN);
		return;
	}
	assert_string_equal(text, want);
}

static void
check_is_closed(int fd)
{
	char c;

	assert_int_equal(recv(fd, &c, 1, 0), 0);
	close(fd);
}

static void
answers_in_order_and_keeps_the_rest(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	start(&f, 4, 60);
	fd = open_client(&f);
	say(&f, fd, "xxx.");
	check_hears(fd, "abc");
	say(&f, fd, "x");
	check_hears(fd, "");
	close(fd);
	turn(&f);
	assert_int_equal(stream_stats(f.service)->accepted, 1);
	assert_int_equal(stream_stats(f.service)->closed, 1);
	stop(&f);
}

static void
closes_at_bad_input_after_what_was_good(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	start(&f, 4, 60);
	fd = open_client(&f);
	say(&f, fd, "x!x");
	check_hears(fd, "a");
	check_is_closed(fd);
	fd = open_client(&f);
	say(&f, fd, "xq");
	check_hears(fd, "a");
	check_is_closed(fd);
	assert_int_equal(stream_stats(f.service)->bad, 1);
	stop(&f);
}

static void
closes_when_a_request_doesnt_fit(void **state)
{
	char text[66];
	struct fixture f;
	int fd;

	(void)state;
	start(&f, 4, 60);
	fd = open_client(&f);
	memset(text, '.', sizeof(text));
	text[65] = '\0';
	say(&f, fd, text);
	assert_int_equal(stream_stats(f.service)->bad, 1);
	assert_int_equal(stream_stats(f.service)->closed, 1);
	close(fd);
	stop(&f);
}

static void
answers_who_has_finished_sending(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	start(&f, 4, 60);
	fd = open_client(&f);
	assert_int_equal(send(fd, "xx", 2, 0), 2);
	shutdown(fd, SHUT_WR);
	turn(&f);
	check_hears(fd, "ab");
	check_is_closed(fd);
	stop(&f);
}

static void
closes_the_one_that_is_silent_longest(void **state)
{
	struct fixture f;
	int a, b, c;

	(void)state;
	start(&f, 2, 60);
	a = open_client(&f);
	b = open_client(&f);
	say(&f, a, "x");
	check_hears(a, "a");
	c = open_client(&f);
	check_is_closed(b);
	say(&f, a, "x");
	check_hears(a, "b");
	assert_int_equal(stream_stats(f.service)->shed, 1);
	close(a);
	close(c);
	stop(&f);
}

/* A peer that doesn't read stops being read; what waits stays bounded, and
 * all of it arrives in the end. */
static void
waits_for_a_peer_that_does_not_read(void **state)
{
	static char sink[1 << 16];
	struct fixture f;
	size_t sent = 0, heard = 0;
	ssize_t n;
	int fd;

	(void)state;
	start(&f, 4, 60);
	f.answer_n = 10000;
	fd = open_client(&f);
	while ((n = send(fd, "xxxxxxxx", 8, MSG_NOSIGNAL)) > 0) {
		sent += (size_t)n;
		turn(&f);
		if (sent > 100000)
			fail_msg("it reads on");
	}
	while (heard < sent * f.answer_n) {
		n = recv(fd, sink, sizeof(sink), 0);
		if (n > 0)
			heard += (size_t)n;
		turn(&f);
	}
	assert_int_equal(heard, sent * f.answer_n);
	close(fd);
	stop(&f);
}

static void
closes_the_silent(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	start(&f, 4, 1);
	fd = open_client(&f);
	for (int i = 0; i < 30 && stream_stats(f.service)->idle == 0; i++) {
		usleep(100000);
		turn(&f);
	}
	assert_int_equal(stream_stats(f.service)->idle, 1);
	check_is_closed(fd);
	stop(&f);
}

/* No descriptor is left: the oldest goes, and the loop doesn't spin. */
static void
makes_room_when_descriptors_run_out(void **state)
{
	struct rlimit before, few;
	struct fixture f;
	int a, b;

	(void)state;
	start(&f, 100, 60);
	a = open_client(&f);
	b = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)b + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(connect(b, (struct sockaddr *)&f.at, f.at_n), 0);
	turn(&f);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	check_is_closed(a);
	say(&f, b, "x");
	check_hears(b, "a");
	assert_int_equal(stream_stats(f.service)->shed, 1);
	close(b);
	stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_in_order_and_keeps_the_rest),
		cmocka_unit_test(closes_at_bad_input_after_what_was_good),
		cmocka_unit_test(closes_when_a_request_doesnt_fit),
		cmocka_unit_test(answers_who_has_finished_sending),
		cmocka_unit_test(closes_the_one_that_is_silent_longest),
		cmocka_unit_test(waits_for_a_peer_that_does_not_read),
		cmocka_unit_test(closes_the_silent),
		cmocka_unit_test(makes_room_when_descriptors_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
