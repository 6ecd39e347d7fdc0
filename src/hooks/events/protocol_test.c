/* SPDX-License-Identifier: ISC */

#include "hooks/events/protocol.h"

#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/def.h"
#include "base/mem.h"
#include "base/test.h"

/* A line and what is read, written as "verb kind addr time count" and the
 * texts; or what is expected instead, its beginning. */
struct row {
	const char *line;
	const char *want;
};

static const struct row rows[] = {
	{ "CONNECT 192.0.2.1", "0 0 192.0.2.1 0 0" },
	{ "CONNECT 2001:DB8::1 4711 192.0.2.2 25", "0 0 2001:db8::1 0 0" },
	{ "CONNECT 192.0.2.1 4711  25", "0 0 192.0.2.1 0 0" },
	{ "CHECK ::ffff:192.0.2.1", "1 0 192.0.2.1 0 0" },
	{ "EVENT auth_failure 192.0.2.1", "2 0 192.0.2.1 0 1 source=events" },
	{ "EVENT 3 192.0.2.1 count=4 time=1700000000",
		"2 3 192.0.2.1 1700000000 4 summary=yes source=events" },
	{ "EVENT 3  192.0.2.1\ttime=2023-11-14T22:13:20Z ",
		"2 3 192.0.2.1 1700000000 1 source=events" },
	{ "EVENT 32 192.0.2.1 account=ann service=imap session=s tag=t "
	  "helo=h source=me detail=Wrong password: \"x\"",
		"2 32 192.0.2.1 0 1 account=ann service=imap session=s tag=t "
		"helo=h source=me detail=Wrong password: \"x\"" },
	{ "EVENT 0 192.0.2.1 account=\"a \\\"b\\\" \\\\ \\x41\\n\" "
	  "detail=\"time=5\" service=smtp",
		"2 0 192.0.2.1 0 1 account=a \"b\" \\ A\n service=smtp "
		"source=events detail=time=5" },
	{ "EVENT 0 192.0.2.1 account= service=x",
		"2 0 192.0.2.1 0 1 service=x source=events" },
	{ "EVENT 0 192.0.2.1 account=192.0.2.7",
		"2 0 192.0.2.1 0 1 account=192.0.2.7 source=events" },
	{ "PING", "3 0 :: 0 0" },
	{ "QUIT", "4 0 :: 0 0" },
	{ "", "expected CONNECT" },
	{ "ping", "expected CONNECT" },
	{ "PING x", "expected nothing" },
	{ "QUIT x", "expected nothing" },
	{ "CONNECT", "expected an IPv4" },
	{ "CONNECT 192.0.2.256", "expected an IPv4" },
	{ "CHECK 192.0.2.0/24", "expected an IPv4" },
	{ "EVENT", "expected the name" },
	{ "EVENT 19 192.0.2.1", "expected the name" },
	{ "EVENT 0", "expected an IPv4" },
	{ "EVENT 0 192.0.2.1 acount=x", "expected time=" },
	{ "EVENT 0 192.0.2.1 account", "expected time=" },
	{ "EVENT 0 192.0.2.1 count=0", "expected a count" },
	{ "EVENT 0 192.0.2.1 time=yesterday", "expected a time" },
	{ "EVENT 0 192.0.2.1 detail=\"x", "expected a closing" },
	{ "EVENT 0 192.0.2.1 detail=\"x\"y", "expected a blank" },
	{ "EVENT 0 192.0.2.1 detail=\"\\q\"", "expected \\\\" },
	{ "EVENT 0 192.0.2.1 detail=\"\\\"", "expected a closing" },
	{ "EVENT 0 192.0.2.1 detail=\033[2J", "expected no control" },
};

static void
add_text(struct buf *b, const char *name, struct str s)
{
	if (s.n == 0)
		return;
	buf_printf(b, " %s=", name);
	buf_add(b, s);
}

static void
add_request(struct buf *b, const struct events_request *r)
{
	const struct event *ev = &r->event;
	char text[ADDR_TEXT_MAX];

	buf_printf(b, "%d %d %s %lld %u", (int)r->verb, (int)ev->kind,
		addr_format(&ev->addr, text), (long long)ev->time, ev->count);
	add_text(b, "summary", ev->is_summary ? S("yes") : S(""));
	add_text(b, "account", ev->account);
	add_text(b, "service", ev->service);
	add_text(b, "session", ev->session);
	add_text(b, "tag", ev->tag);
	add_text(b, "helo", ev->helo);
	add_text(b, "source", ev->source);
	add_text(b, "detail", ev->detail);
}

static void
reads_lines(void **state)
{
	struct events_request *r = mem_alloc(1, sizeof(*r));
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *expected = events_parse(str_of(rows[i].line), r);

		b.n = 0;
		print_message("%s\n", rows[i].line);
		if (expected) {
			assert_int_equal(r->verb, EVENTS_VERBS);
			assert_true(str_starts(
				str_of(expected), str_of(rows[i].want)));
			continue;
		}
		add_request(&b, r);
		assert_string_equal(buf_text(&b), rows[i].want);
	}
	buf_free(&b);
	mem_freep(&r);
}

static void
answers(void **state)
{
	struct buf out = { 0 };

	(void)state;
	events_block(&out, 1, S("Go away"));
	events_error(&out, "expected x");
	assert_string_equal(
		buf_text(&out), "BLOCK 1 Go away\nERR expected x\n");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
