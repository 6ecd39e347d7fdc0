/* SPDX-License-Identifier: ISC */

#include "base/json.h"

#include "base/def.h"
#include "base/test.h"

static const struct {
	const char *in, *want;
} quotes[] = {
	{ "", "\"\"" },
	{ "plain", "\"plain\"" },
	{ "12345678", "\"12345678\"" },
	{ "1234567\"9", "\"1234567\\\"9\"" },
	{ "a\\b", "\"a\\\\b\"" },
	{ "line\nnext\tcell\r", "\"line\\nnext\\tcell\\r\"" },
	{ "\033[31mred", "\"\\u001b[31mred\"" },
	{ "\x7f", "\"\\u007f\"" },
	{ "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"" },
	{ "bad \xff here", "\"bad \xef\xbf\xbd here\"" },
	{ "\xe2\x80\xa8", "\"\\u2028\"" },
};

static void
test_quotes_what_json_must_not_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		json_quote(&b, str_of(quotes[i].in));
		assert_string_equal(buf_text(&b), quotes[i].want);
	}
}

/* Every ASCII byte at every place of a lane is treated as alone. */
static void
test_sixteen_at_a_time_is_one_at_a_time(void **state)
{
	char text[35];

	(void)state;
	for (unsigned i = 0; i < sizeof(text) * 128; i++) {
		struct buf b CLEANUP(buf_free) = { 0 };
		struct buf want CLEANUP(buf_free) = { 0 };
		size_t at = i / 128;

		memset(text, 'x', sizeof(text));
		text[at] = (char)(i % 128);
		json_quote(&b, (struct str){ text, sizeof(text) });
		buf_addc(&want, '"');
		buf_add(&want, (struct str){ text, at });
		json_quote(&want, (struct str){ text + at, 1 });
		memmove(want.p + 1 + at, want.p + 2 + at, want.n - at - 2);
		want.n -= 2;
		buf_add(&want,
			(struct str){ text + at + 1, sizeof(text) - at - 1 });
		buf_addc(&want, '"');
		assert_string_equal(buf_text(&b), buf_text(&want));
	}
}

static void
test_commas_come_by_themselves(void **state)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &b };

	(void)state;
	json_open(&j, '{');
	json_member_int(&j, "n", -5);
	json_member_time(&j, "at", 1795502882);
	json_key(&j, "list");
	json_open(&j, '[');
	json_bool(&j, true);
	json_null(&j);
	json_close(&j, ']');
	json_member_str(&j, "s", S("x"));
	json_close(&j, '}');
	assert_string_equal(buf_text(&b),
		"{\"n\":-5,\"at\":\"2026-11-24T06:48:02Z\","
		"\"list\":[true,null],\"s\":\"x\"}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes_what_json_must_not_hold),
		cmocka_unit_test(test_sixteen_at_a_time_is_one_at_a_time),
		cmocka_unit_test(test_commas_come_by_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
