/* SPDX-License-Identifier: ISC */

#include "hooks/ids_log/format.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"

static const struct {
	const char *format;
	const char *line; /* or NULL: what is wrong is in @err */
	const char *err;
} formats[] = {
	{ "%T %I %e %E %D",
		"2026-11-24T06:28:02Z 192.0.2.7 1 relay_denied a\\x0ab\\x5cc",
		NULL },
	{ "100%% <%I>", "100% <192.0.2.7>", NULL },
	{ "plain", "plain", NULL },
	{ "%D", "a\\x0ab\\x5cc", NULL },
	{ "", NULL, "empty" },
	{ "%", NULL, "at the end" },
	{ "%I %x", NULL, "\"%x\"" },
	{ "%T\n%I", NULL, "one line" },
};

static void
test_formats_are_checked_and_filled(void **state)
{
	struct event ev = { .kind = EVENT_LOGIN_FAILURE,
		.time = 1795501682,
		.detail = S("a\nb\\c") };
	struct err err;

	(void)state;
	assert_true(addr_parse(S("192.0.2.7"), &ev.addr));
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };
		struct str format = str_of(formats[i].format);

		assert_int_equal(
			format_check(format, &err), formats[i].line ? 0 : -1);
		if (!formats[i].line) {
			assert_non_null(strstr(err.text, formats[i].err));
			continue;
		}
		format_add(&b, format, &ev, EVENT_RELAY_DENIED);
		assert_true(str_ends(buf_str(&b), S("\n")));
		b.n--;
		assert_string_equal(buf_text(&b), formats[i].line);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_are_checked_and_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
