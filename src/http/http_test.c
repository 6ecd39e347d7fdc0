/* SPDX-License-Identifier: ISC */

#include "http/http.h"

#include <unistd.h>

#include "base/def.h"
#include "base/test.h"
#include "http/test_server.h"

struct fixture {
	struct test_server at;
	struct http_request *held; /* by the handler, for /later */
	struct buf seen;	   /* what the handler saw last */
};

static void
reply(struct http_request *r, struct str body)
{
	static const struct http_field field = { "X-Field", "yes" };

	http_reply(r, &(struct http_response){ .status = 200,
			      .type = "text/plain",
			      .fields = &field,
			      .fields_n = 1,
			      .body = body });
}

static void
on_request(void *ctx, struct http_request *r)
{
	struct fixture *f = ctx;
	struct http_peer peer;
	struct str path = http_path(r), q = S("");

	assert_true(http_peer(r, &peer));
	assert_true(peer.is_unix);
	assert_int_equal(peer.uid, geteuid());
	assert_int_equal(peer.pid, getpid());
	http_query(r, "q", &q);
	f->seen.n = 0;
	buf_printf(&f->seen, "%d %.*s q=%.*s %zu %s", (int)http_method(r),
		(int)path.n, path.p, (int)q.n, q.p, http_body(r).n,
		http_is_type(r, "application/json") ? "json" : "-");
	if (str_eq(path, S("/later")))
		f->held = r;
	else
		reply(r, S("hello"));
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
stop(struct fixture *f)
{
	test_server_stop(&f->at);
	buf_free(&f->seen);
}

#define POST "POST / HTTP/1.1\r\nHost: x\r\n"
#define GET  "GET / HTTP/1.1\r\nHost: x\r\n"

struct row {
	const char *name, *request;
	const char *want; /* the answer begins so */
	int is_closed;
};

static const struct row rows[] = {
	{ "plain", GET "\r\n", "HTTP/1.1 200 ", 0 },
	{ "body", POST "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 200 ", 0 },
	{ "chunks",
		POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"HTTP/1.1 200 ", 0 },
	{ "two lengths",
		POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 400 ", 1 },
	{ "two lengths in one", POST "Content-Length: 3, 3\r\n\r\nabc",
		"HTTP/1.1 400 ", 1 },
	{ "length and chunks",
		POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
		     "3\r\nabc\r\n0\r\n\r\n",
		"HTTP/1.1 400 ", 1 },
	{ "chunks of HTTP/1.0",
		"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
		"\r\n3\r\nabc\r\n0\r\n\r\n",
		"HTTP/1.1 400 ", 1 },
	{ "another coding", POST "Transfer-Encoding: xchunked\r\n\r\n",
		"HTTP/1.1 501 ", 1 },
	{ "signed length", POST "Content-Length: +3\r\n\r\nabc",
		"HTTP/1.1 400 ", 1 },
	{ "hexadecimal length", POST "Content-Length: 0x3\r\n\r\nabc",
		"HTTP/1.1 400 ", 1 },
	{ "blank before the colon", POST "Content-Length : 3\r\n\r\nabc",
		"HTTP/1.1 400 ", 1 },
	{ "two hosts", GET "Host: y\r\n\r\n", "HTTP/1.1 400 ", 1 },
	{ "no host", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", 1 },
	{ "a whole URI", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"HTTP/1.1 400 ", 1 },
	{ "too much", POST "Content-Length: 1001\r\n\r\n", "HTTP/1.1 413 ", 1 },
	{ "unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
		"HTTP/1.1 501 ", 0 },
	{ "method that isn't served", "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n",
		"HTTP/1.1 405 ", 0 },
	{ "HTTP/2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", "HTTP/1.1 505 ", 1 },
};

static void
refuses_heads_that_can_be_read_two_ways(void **state)
{
	struct fixture f;
	struct http_stats stats;

	(void)state;
	start(&f, (struct http_config){ .body_max = 1000,
			  .methods = 1U << HTTP_GET | 1U << HTTP_POST });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = { 0 };
		int is_closed, fd = test_server_client(&f.at);

		print_message("%s\n", rows[i].name);
		test_server_say(fd, rows[i].request);
		test_server_hear(&f.at, fd, &b, &is_closed);
		assert_true(str_starts(buf_str(&b), str_of(rows[i].want)));
		assert_int_equal(is_closed, rows[i].is_closed);
		buf_free(&b);
		close(fd);
	}
	http_stats(f.at.server, &stats);
	assert_int_equal(stats.requests, 3);
	assert_true(stats.refused >= 7);
	stop(&f);
}

static void
shows_the_request_decoded(void **state)
{
	static const char request[] =
		"PUT /a%20b%2Fc%00?p=1&q=%41+b&q=2 HTTP/1.1\r\nHost: x\r\n"
		"Content-Type: Application/JSON; charset=utf-8\r\n"
		"Content-Length: 2\r\n\r\n{}";
	struct buf b = { 0 };
	struct fixture f;
	int is_closed, fd;

	(void)state;
	start(&f, (struct http_config){ 0 });
	fd = test_server_client(&f.at);
	test_server_say(fd, request);
	test_server_hear(&f.at, fd, &b, &is_closed);
	assert_string_equal(buf_text(&f.seen), "3 /a b/c%00 q=A b 2 json");
	assert_true(str_find(buf_str(&b), S("X-Field: yes\r\n")) > 0);
	assert_true(str_ends(buf_str(&b), S("\r\n\r\nhello")));
	buf_free(&b);
	close(fd);
	stop(&f);
}

static void
answers_later(void **state)
{
	static const char request[] =
		"GET /later HTTP/1.1\r\nHost: x\r\n\r\n" GET "\r\n";
	struct buf b = { 0 };
	struct fixture f;
	int is_closed, fd;

	(void)state;
	start(&f, (struct http_config){ 0 });
	fd = test_server_client(&f.at);
	test_server_say(fd, request);
	test_server_hear(&f.at, fd, &b, &is_closed);
	assert_int_equal(b.n, 0);
	assert_non_null(f.held);
	reply(f.held, S("late"));
	test_server_hear(&f.at, fd, &b, &is_closed);
	assert_true(str_find(buf_str(&b), S("\r\n\r\nlateHTTP/1.1 200")) > 0);
	assert_int_equal(is_closed, 0);
	buf_free(&b);
	close(fd);
	stop(&f);
}

static void
a_request_outlives_its_server(void **state)
{
	static const char request[] = "POST /later HTTP/1.1\r\nHost: x\r\n"
				      "Content-Length: 2\r\n\r\n{}";
	struct fixture f;
	struct str value;
	int fd;

	(void)state;
	start(&f, (struct http_config){ 0 });
	fd = test_server_client(&f.at);
	test_server_say(fd, request);
	test_server_turn(&f.at);
	assert_non_null(f.held);
	stop(&f);
	assert_false(http_head(f.held, "Host", &value));
	assert_true(str_eq(http_body(f.held), S("{}")));
	reply(f.held, S("nobody hears"));
	close(fd);
}

static void
makes_room_for_the_next(void **state)
{
	struct fixture f;
	struct buf b = { 0 };
	struct http_stats stats;
	int is_closed, a, c, d;

	(void)state;
	start(&f, (struct http_config){ .connections_max = 2 });
	a = test_server_client(&f.at);
	c = test_server_client(&f.at);
	test_server_say(a, GET "\r\n");
	test_server_turn(&f.at);
	d = test_server_client(&f.at);
	test_server_hear(&f.at, c, &b, &is_closed);
	assert_int_equal(is_closed, 1);
	assert_int_equal(b.n, 0);
	test_server_hear(&f.at, a, &b, &is_closed);
	assert_int_equal(is_closed, 0);
	assert_true(b.n > 0);
	http_stats(f.at.server, &stats);
	assert_int_equal(stats.shed, 1);
	buf_free(&b);
	close(a);
	close(c);
	close(d);
	stop(&f);
}

/* Others of the loop have their turn in between. */
static void
answers_many_that_come_at_once(void **state)
{
	struct buf all = { 0 }, b = { 0 };
	struct http_stats stats;
	struct fixture f;
	int fd, is_closed;

	(void)state;
	start(&f, (struct http_config){ 0 });
	fd = test_server_client(&f.at);
	for (unsigned i = 0; i < 200; i++)
		buf_printf(&all, "GET /%u HTTP/1.1\r\nHost: x\r\n\r\n", i);
	test_server_say(fd, buf_text(&all));
	for (unsigned i = 0; i < 200; i++)
		test_server_hear(&f.at, fd, &b, &is_closed);
	http_stats(f.at.server, &stats);
	assert_int_equal(stats.requests, 200);
	assert_non_null(strstr(buf_text(&f.seen), "/199 "));
	buf_free(&all);
	buf_free(&b);
	close(fd);
	stop(&f);
}

/* A byte every 50 ms keeps a connection from being silent; for how long
 * is it kept nevertheless?  [ms] */
static unsigned
drip(struct fixture *f, const char *first)
{
	int fd = test_server_client(&f->at), is_closed = 0;
	struct buf b = { 0 };
	unsigned ms = 0;

	test_server_say(fd, first);
	for (; ms < 5000 && !is_closed; ms += 50) {
		test_server_hear(&f->at, fd, &b, &is_closed);
		if (send(fd, "x", 1, MSG_NOSIGNAL) < 0)
			is_closed = 1;
		usleep(50000);
	}
	buf_free(&b);
	close(fd);
	return ms;
}

static void
ends_what_comes_by_drips(void **state)
{
	static const struct {
		const char *name, *first;
	} drips[] = {
		{ "a first head", "GET / HTTP/1.1\r\nX: " },
		{ "a line", "G" },
		{ "a next head", GET "\r\nGET / HTTP/1.1\r\nX: " },
		{ "a body", POST "Content-Length: 5000\r\n\r\n" },
	};
	struct http_stats stats;
	struct fixture f;

	(void)state;
	start(&f,
		(struct http_config){ .head_s = 1, .idle_s = 1, .body_s = 1 });
	for (size_t i = 0; i < ARRAY_LEN(drips); i++) {
		unsigned ms = drip(&f, drips[i].first);

		if (ms < 500 || ms > 4000)
			fail_msg("%s: %u ms", drips[i].name, ms);
	}
	http_stats(f.at.server, &stats);
	assert_int_equal(stats.late, ARRAY_LEN(drips));
	stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_heads_that_can_be_read_two_ways),
		cmocka_unit_test(shows_the_request_decoded),
		cmocka_unit_test(answers_later),
		cmocka_unit_test(a_request_outlives_its_server),
		cmocka_unit_test(makes_room_for_the_next),
		cmocka_unit_test(answers_many_that_come_at_once),
		cmocka_unit_test(ends_what_comes_by_drips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
