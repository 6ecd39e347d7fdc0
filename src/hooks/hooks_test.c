/* SPDX-License-Identifier: ISC */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/def.h"
#include "base/test.h"
#include "hooks/hooks_fixture.h"

#define POLICY(address, instance)                              \
	"request=smtpd_access_policy\nclient_address=" address \
	"\ninstance=" instance "\n\n"
#define DUNNO	"action=DUNNO\n\n"
#define REFUSED "action=421 4.7.0 " TEXT "\n\n"

static void
policy_answers_in_order(void **state)
{
	struct running r;

	(void)state;
	start(&r, &hook_policy, NULL, 0);
	talk(&r,
		POLICY("192.0.2.1", "a") POLICY(BLOCKED, "b")
			POLICY("unknown", "c") POLICY("192.0.2.1", "d"),
		DUNNO REFUSED DUNNO DUNNO);
	assert_int_equal(node.connects, 3);
	stop(&r);
}

static void
policy_takes_an_instance_as_one_connection(void **state)
{
	struct running r;

	(void)state;
	start(&r, &hook_policy, NULL, 0);
	talk(&r,
		POLICY("192.0.2.1", "a") POLICY("192.0.2.1", "a")
			POLICY("192.0.2.1", "b") POLICY("192.0.2.1", "b"),
		DUNNO DUNNO DUNNO DUNNO);
	assert_int_equal(node.connects, 2);
	assert_int_equal(node.checks, 2);
	stop(&r);
}

static void
policy_says_nothing_to_what_is_no_request(void **state)
{
	struct running r;

	(void)state;
	start(&r, &hook_policy, NULL, 0);
	talk(&r, POLICY("192.0.2.1", "a") "nonsense\n" POLICY("192.0.2.1", "b"),
		DUNNO);
	talk(&r, "GET / HTTP/1.1\r\n\r\n", "");
	talk(&r, "request=smtpd_access_policy\n", "");
	assert_int_equal(node.connects, 1);
	stop(&r);
}

static void
events_answers_line_by_line(void **state)
{
	struct running r;

	(void)state;
	start(&r, &hook_events, NULL, 0);
	talk(&r,
		"CONNECT 192.0.2.1 4711 192.0.2.25 25\n"
		"CONNECT " BLOCKED "\r\n"
		"CHECK " BLOCKED "\n"
		"EVENT auth_failure 192.0.2.1 account=ann\n"
		"what?\n"
		"PING\n",
		"OK\nBLOCK 600 " TEXT "\nBLOCK 600 " TEXT "\nOK\n"
		"ERR expected CONNECT, CHECK, EVENT, PING or QUIT\nOK\n");
	assert_int_equal(node.connects, 2);
	assert_int_equal(node.checks, 1);
	assert_int_equal(node.reports, 1);
	assert_int_equal(node.kind, EVENT_AUTH_FAILURE);
	assert_string_equal(node.account, "ann");
	stop(&r);
}

static void
events_does_nothing_for_half_a_line(void **state)
{
	struct running r;

	(void)state;
	start(&r, &hook_events, NULL, 0);
	talk(&r, "PING\nEVENT auth_failure 192.0.2.1",
		"OK\nERR expected a line end\n");
	talk(&r, "QUIT\nEVENT auth_failure 192.0.2.1\n", "OK\n");
	assert_int_equal(node.reports, 0);
	stop(&r);
}

static void
events_ends_when_a_line_is_too_long(void **state)
{
	static char line[6000];
	struct running r;

	(void)state;
	start(&r, &hook_events, NULL, 0);
	memset(line, 'x', sizeof(line) - 1);
	talk(&r, line, "ERR expected a line of at most 4096 bytes\n");
	stop(&r);
}

static void
closes_the_oldest_for_the_next(void **state)
{
	static const struct hook_option one = { "connections", "1" };
	struct buf b = { 0 };
	struct running r;
	int fd;

	(void)state;
	start(&r, &hook_events, &one, 1);
	fd = open_client(&r);
	uv_run(&r.loop, UV_RUN_NOWAIT);
	talk(&r, "PING\n", "OK\n");
	read_all(&r, fd, &b);
	assert_int_equal(b.n, 0);
	close(fd);
	buf_free(&b);
	stop(&r);
}

/* One HTTP request; the status line's number and the body come back. */
static unsigned
ask(struct running *r, const char *head, const char *body, struct buf *ret)
{
	struct buf b = { 0 };
	char text[1024];
	int fd = open_client(r);
	int n = snprintf(text, sizeof(text),
		"%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		"X-API-Key: secret\r\nContent-Length: %zu\r\n\r\n%s",
		head, strlen(body), body);
	ptrdiff_t blank;
	unsigned status;

	assert_int_equal(send(fd, text, (size_t)n, 0), n);
	read_all(r, fd, &b);
	close(fd);
	status = (unsigned)strtoul(
		buf_text(&b) + strlen("HTTP/1.1 "), NULL, 10);
	blank = str_find(buf_str(&b), S("\r\n\r\n"));
	assert_true(blank > 0);
	ret->n = 0;
	buf_add(ret, str_from(buf_str(&b), (size_t)blank + 4));
	buf_free(&b);
	return status;
}

#define PASS "{\"status\":0,\"msg\":\"\"}"

struct exchange {
	const char *head, *body;
	unsigned status;
	const char *answer; /* NULL: any */
};

static void
dovecot_answers_one_object(void **state)
{
	static const struct exchange list[] = {
		{ "POST /?command=allow", "{\"remote\":\"192.0.2.1\"}", 200,
			PASS },
		{ "POST /?command=allow", "{\"remote\":\"" BLOCKED "\"}", 200,
			"{\"status\":-1,\"msg\":\"Not now\"}" },
		/* A locked account: nobody is told. */
		{ "POST /?command=allow",
			"{\"remote\":\"192.0.2.1\",\"login\":\"" LOCKED "\"}",
			200, "{\"status\":-1,\"msg\":\"\"}" },
		{ "POST /?command=allow", "{\"remote\":\"\"}", 200, PASS },
		{ "POST /?command=allow", "{", 200, PASS },
		{ "POST /?command=allow", "", 200, PASS },
		{ "POST /?command=other", "{}", 404, PASS },
		{ "POST /", "{}", 404, PASS },
		{ "POST /api/v1/blocks?command=allow", "{}", 404, PASS },
		{ "GET /?command=allow", "", 405, NULL },
		{ "POST /?command=report",
			"{\"remote\":\"192.0.2.1\",\"login\":\"ann\","
			"\"protocol\":\"smtp\",\"success\":false}",
			200, PASS },
		{ "POST /?command=report",
			"{\"remote\":\"192.0.2.1\",\"success\":false,"
			"\"policy_reject\":true}",
			200, PASS },
	};
	static const struct hook_option key = { "api_header",
		"x-api-key: secret" };
	struct buf b = { 0 };
	struct running r;

	(void)state;
	start(&r, &hook_dovecot, &key, 1);
	for (size_t i = 0; i < ARRAY_LEN(list); i++) {
		print_message("%s %s\n", list[i].head, list[i].body);
		assert_int_equal(ask(&r, list[i].head, list[i].body, &b),
			list[i].status);
		if (list[i].answer)
			assert_string_equal(buf_text(&b), list[i].answer);
	}
	assert_int_equal(node.reports, 1);
	assert_int_equal(node.kind, EVENT_AUTH_FAILURE);
	assert_string_equal(node.account, "ann");
	buf_free(&b);
	stop(&r);
}

static void
dovecot_passes_whoever_has_no_key(void **state)
{
	static const char *const keys[] = { "X-API-Key: secre",
		"X-API-Key: secret2", "X-API-Key: Secret", "X-Other: secret" };
	struct buf b = { 0 };
	struct running r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct hook_option key = { "api_header", keys[i] };

		start(&r, &hook_dovecot, &key, 1);
		assert_int_equal(ask(&r, "POST /?command=allow",
					 "{\"remote\":\"" BLOCKED "\"}", &b),
			403);
		assert_string_equal(buf_text(&b), PASS);
		assert_int_equal(node.connects, 0);
		stop(&r);
	}
	buf_free(&b);
}

struct wrong {
	const struct hook *hook;
	const char *label, *name, *value, *want;
};

static void
names_what_is_wrong_in_a_section(void **state)
{
	static const struct wrong list[] = {
		{ &hook_policy, "unix:/x", "idel", "5m", "has no option" },
		{ &hook_policy, "unix:/x", "idle", "5 minutes",
			"expected a time" },
		{ &hook_policy, "unix:/x", "connections", "0",
			"expected a number" },
		{ &hook_policy, NULL, "idle", "5m", "to listen on" },
		{ &hook_dovecot, "unix:/x", "api_header", "secret",
			"name: value" },
		{ &hook_dovecot, "127.0.0.1:1", "idle", "5m", "api_header" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(list); i++) {
		struct hook_listener listener = { -1, list[i].label };
		struct hook_option option = { list[i].name, list[i].value };
		struct hook_config config = { .source = "s",
			.listeners = &listener,
			.listeners_n = list[i].label ? 1 : 0,
			.options = &option,
			.options_n = 1 };

		assert_int_equal(hook_check(list[i].hook, &config, &err), -1);
		print_message("%s\n", err.text);
		assert_true(
			str_find(str_of(err.text), str_of(list[i].want)) >= 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_answers_in_order),
		cmocka_unit_test(policy_takes_an_instance_as_one_connection),
		cmocka_unit_test(policy_says_nothing_to_what_is_no_request),
		cmocka_unit_test(events_answers_line_by_line),
		cmocka_unit_test(events_does_nothing_for_half_a_line),
		cmocka_unit_test(events_ends_when_a_line_is_too_long),
		cmocka_unit_test(closes_the_oldest_for_the_next),
		cmocka_unit_test(dovecot_answers_one_object),
		cmocka_unit_test(dovecot_passes_whoever_has_no_key),
		cmocka_unit_test(names_what_is_wrong_in_a_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
