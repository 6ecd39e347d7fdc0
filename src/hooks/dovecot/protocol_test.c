/* SPDX-License-Identifier: ISC */

#include "hooks/dovecot/protocol.h"

#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/def.h"
#include "base/test.h"
#include "http/json_in.h"

#define WHO                                                                \
	"\"device_id\":\"phone\",\"login\":\"ann\",\"protocol\":\"imap\"," \
	"\"pwhash\":\"00fd\",\"remote\":\"192.0.2.1\","                    \
	"\"session_id\":\"1q/G\",\"tls\":false"

/* A body and the event: "kind addr account service session tag helo";
 * "nothing", or NULL when the body is refused. */
struct row {
	const char *body;
	const char *want;
};

static const struct row rows[] = {
	{ "{" WHO ",\"success\":false,\"policy_reject\":false}",
		"32 192.0.2.1 ann imap 1q/G 00fd phone" },
	{ "{" WHO ",\"success\":true,\"policy_reject\":false}",
		"33 192.0.2.1 ann imap 1q/G 00fd phone" },
	{ "{" WHO ",\"success\":false,\"policy_reject\":true}", "nothing" },
	{ "{" WHO "}", "nothing" },
	{ "{" WHO ",\"success\":false,\"fail_type\":\"internal\"}", "nothing" },
	{ "{" WHO ",\"success\":false,\"fail_type\":\"policy\"}", "nothing" },
	{ "{" WHO ",\"success\":false,\"fail_type\":\"credentials\"}",
		"32 192.0.2.1 ann imap 1q/G 00fd phone" },
	{ "{\"remote\":\"::ffff:192.0.2.1\",\"protocol\":\"smtp\","
	  "\"success\":false}",
		"0 192.0.2.1  smtp   " },
	{ "{\"remote\":\"192.0.2.1\",\"protocol\":\"submission\","
	  "\"success\":false,\"attrs\":{\"a\":[1,{}]}}",
		"0 192.0.2.1  submission   " },
	{ "{\"remote\":\"\",\"success\":false}", "nothing" },
	{ "{\"remote\":null,\"success\":false}", "nothing" },
	{ "{\"login\":\"remote\\\":\\\"192.0.2.7\",\"remote\":\"192.0.2.1\","
	  "\"success\":false}",
		"32 192.0.2.1 remote\":\"192.0.2.7    " },
	{ "{\"remote\":\"192.0.2.1\",\"remote\":\"192.0.2.2\","
	  "\"success\":false}",
		NULL },
	{ "{\"remote\":7}", NULL },
	{ "{\"success\":\"false\"}", NULL },
	{ "{\"login\":\"a\\u0000b\"}", NULL },
	{ "{\"login\":\"\xff\"}", NULL },
	{ "{} x", NULL },
	{ "[]", NULL },
	{ "", NULL },
};

static void
add_event(struct buf *b, const struct event *ev)
{
	char text[ADDR_TEXT_MAX];

	buf_printf(b, "%d %s", (int)ev->kind, addr_format(&ev->addr, text));
	for (size_t i = 0; i < 5; i++) {
		const struct str words[] = { ev->account, ev->service,
			ev->session, ev->tag, ev->helo };

		buf_addc(b, ' ');
		buf_add(b, words[i]);
	}
}

static void
reads_reports(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dovecot_request r;
		struct event ev;

		print_message("%s\n", rows[i].body);
		if (!dovecot_parse(str_of(rows[i].body), &r)) {
			assert_null(rows[i].want);
			continue;
		}
		b.n = 0;
		if (dovecot_event(&r, &ev))
			add_event(&b, &ev);
		else
			buf_add(&b, S("nothing"));
		assert_non_null(rows[i].want);
		assert_string_equal(buf_text(&b), rows[i].want);
		dovecot_request_fini(&r);
	}
	buf_free(&b);
}

static void
answers_are_strict_json(void **state)
{
	struct buf out = { 0 };
	struct json_t *o;
	struct str text;
	int64_t status;

	(void)state;
	dovecot_refuse(&out, S("a \"b\" \\ \x01 \xc3\xa4"));
	o = json_in_object(buf_str(&out), NULL);
	assert_non_null(o);
	assert_int_equal(json_in_str(o, "msg", &text, NULL), JSON_IN_FOUND);
	assert_true(str_eq(text, S("a \"b\" \\ ? ??")));
	assert_int_equal(
		json_in_int(o, "status", (struct json_in_range){ -9, 9 },
			&status, NULL),
		JSON_IN_FOUND);
	assert_int_equal(status, -1);
	json_in_free(o);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_reports),
		cmocka_unit_test(answers_are_strict_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
