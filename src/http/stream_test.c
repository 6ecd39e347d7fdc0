/* SPDX-License-Identifier: ISC */

#include "http/stream.h"

#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "http/test_server.h"

#define GET(path, version) "GET " path " HTTP/" version "\r\nHost: x\r\n\r\n"

struct fixture {
	struct test_server at;
	struct http_request *stream; /* the one that is open last */
	struct str text;	     /* what the source has … */
	int end;		     /* … and says behind it */
	size_t left;		     /* of /much */
	size_t pulled;
	unsigned freed;
	int fd;		  /* of the client … */
	struct buf heard; /* … what it got … */
	int is_closed;	  /* … and whether the server has hung up */
};

static ssize_t
fill(void *ctx, char *to, size_t cap)
{
	struct fixture *f = ctx;
	size_t n = f->text.n < cap ? f->text.n : cap;

	if (n == 0)
		return f->end;
	memcpy(to, f->text.p, n);
	f->text.p += n;
	f->text.n -= n;
	return (ssize_t)n;
}

static ssize_t
fill_much(void *ctx, char *to, size_t cap)
{
	struct fixture *f = ctx;
	size_t n = f->left < cap ? f->left : cap;

	if (n == 0)
		return HTTP_END;
	memset(to, 'x', n);
	f->left -= n;
	f->pulled += n;
	return (ssize_t)n;
}

static void
freed(void *ctx)
{
	struct fixture *f = ctx;

	f->stream = NULL;
	f->freed++;
}

static void
on_request(void *ctx, struct http_request *r)
{
	static const struct http_source text = { fill, freed };
	static const struct http_source much = { fill_much, freed };
	static const struct http_field field = { "X-Field", "yes" };
	const struct http_response response = { .status = 201,
		.type = "text/plain",
		.fields = &field,
		.fields_n = 1 };
	struct fixture *f = ctx;

	f->stream = r;
	if (!str_eq(http_path(r), S("/later")))
		http_stream_start(r, &response,
			str_eq(http_path(r), S("/much")) ? &much : &text, f);
}

static void
start(struct fixture *f, struct http_config config)
{
	*f = (struct fixture){ 0 };
	config.handler = on_request;
	config.ctx = f;
	test_server_start(&f->at, config);
}

static void
ask(struct fixture *f, const char *request)
{
	f->fd = test_server_client(&f->at);
	test_server_say(f->fd, request);
	test_server_turn(&f->at);
}

/* What has come since the last time. */
static struct str
hear(struct fixture *f)
{
	f->heard.n = 0;
	test_server_hear(&f->at, f->fd, &f->heard, &f->is_closed);
	return buf_str(&f->heard);
}

static void
stop(struct fixture *f)
{
	close(f->fd);
	test_server_stop(&f->at);
	buf_free(&f->heard);
}

static void
sends_pieces_as_they_come(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	f.text = S("one");
	ask(&f, GET("/", "1.1"));
	(void)hear(&f);
	assert_true(str_starts(buf_str(&f.heard), S("HTTP/1.1 201 ")));
	assert_true(str_find(buf_str(&f.heard), S("X-Field: yes\r\n")) > 0);
	assert_true(str_find(buf_str(&f.heard), S("chunked\r\n")) > 0);
	assert_true(str_ends(buf_str(&f.heard), S("\r\n\r\n3\r\none\r\n")));

	(void)hear(&f);
	assert_int_equal(f.heard.n, 0);
	f.text = S("two");
	http_stream_wake(f.stream);
	http_stream_wake(f.stream);
	(void)hear(&f);
	assert_string_equal(buf_text(&f.heard), "3\r\ntwo\r\n");

	f.end = HTTP_END;
	http_stream_wake(f.stream);
	(void)hear(&f);
	assert_string_equal(buf_text(&f.heard), "0\r\n\r\n");
	assert_int_equal(f.is_closed, 0);
	assert_int_equal(f.freed, 1);

	/* The connection goes on. */
	f.text = S("again");
	test_server_say(f.fd, GET("/", "1.1"));
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("5\r\nagain\r\n0\r\n\r\n")));
	assert_int_equal(f.freed, 2);
	stop(&f);
}

static void
an_old_client_reads_to_the_end(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	f.text = S("plain");
	f.end = HTTP_END;
	ask(&f, GET("/", "1.0"));
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("\r\n\r\nplain")));
	assert_int_equal(str_find(buf_str(&f.heard), S("chunked")), -1);
	assert_int_equal(f.is_closed, 1);
	assert_int_equal(f.freed, 1);
	stop(&f);
}

static void
head_has_no_body(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	f.text = S("unseen");
	ask(&f, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("\r\n\r\n")));
	assert_int_equal(f.freed, 1);
	stop(&f);
}

static void
what_breaks_is_seen_to_break(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	f.text = S("half");
	f.end = HTTP_BROKEN;
	ask(&f, GET("/", "1.1"));
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("4\r\nhalf\r\n")));
	assert_int_equal(f.is_closed, 1);
	assert_int_equal(f.freed, 1);
	stop(&f);
}

static void
a_slow_client_costs_one_buffer(void **state)
{
	enum {
		MUCH = 32 << 20
	};
	struct fixture f;
	size_t pulled;

	(void)state;
	start(&f, (struct http_config){ 0 });
	f.left = MUCH;
	ask(&f, GET("/much", "1.1"));
	for (int i = 0; i < 100; i++)
		test_server_turn(&f.at);
	pulled = f.pulled;
	assert_true(pulled > 0 && pulled < 1 << 20);
	for (int i = 0; i < 100000 && !f.freed; i++)
		(void)hear(&f);
	assert_int_equal(f.pulled, MUCH);
	assert_int_equal(f.freed, 1);
	stop(&f);
}

static void
a_client_that_has_gone_is_noticed(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	ask(&f, GET("/", "1.1"));
	close(f.fd);
	test_server_turn(&f.at);
	f.text = S("nobody hears");
	http_stream_wake(f.stream);
	test_server_turn(&f.at);
	assert_int_equal(f.freed, 1);
	assert_int_equal(f.text.n, 12);

	f.left = 32 << 20;
	ask(&f, GET("/much", "1.1"));
	close(f.fd);
	test_server_turn(&f.at);
	assert_int_equal(f.freed, 2);
	assert_true(f.left > 0);
	test_server_stop(&f.at);
}

static void
silence_of_the_source_is_no_idleness(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ .idle_s = 1, .connections_max = 1 });
	ask(&f, GET("/", "1.1"));
	for (int i = 0; i < 22; i++) {
		usleep(100000);
		test_server_turn(&f.at);
	}
	f.text = S("still");
	http_stream_wake(f.stream);
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("5\r\nstill\r\n")));
	assert_int_equal(f.is_closed, 0);
	stop(&f);
	assert_int_equal(f.freed, 1);
}

static void
a_stream_may_begin_later(void **state)
{
	static const struct http_source source = { fill, freed };
	const struct http_response response = { .status = 200 };
	struct fixture f;

	(void)state;
	start(&f, (struct http_config){ 0 });
	ask(&f, GET("/later", "1.1"));
	f.text = S("late");
	http_stream_start(f.stream, &response, &source, &f);
	(void)hear(&f);
	assert_true(str_ends(buf_str(&f.heard), S("4\r\nlate\r\n")));
	close(f.fd);

	/* The client, or the server, may be gone before. */
	http_stream_wake(f.stream);
	test_server_turn(&f.at);
	assert_int_equal(f.freed, 1);
	ask(&f, GET("/later", "1.1"));
	test_server_stop(&f.at);
	http_stream_start(f.stream, &response, &source, &f);
	assert_int_equal(f.freed, 2);
	buf_free(&f.heard);
	close(f.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_pieces_as_they_come),
		cmocka_unit_test(an_old_client_reads_to_the_end),
		cmocka_unit_test(head_has_no_body),
		cmocka_unit_test(what_breaks_is_seen_to_break),
		cmocka_unit_test(a_slow_client_costs_one_buffer),
		cmocka_unit_test(a_client_that_has_gone_is_noticed),
		cmocka_unit_test(silence_of_the_source_is_no_idleness),
		cmocka_unit_test(a_stream_may_begin_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
