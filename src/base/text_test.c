/* SPDX-License-Identifier: ISC */

/* Numbers, durations, times, UTF-8, words: text to values and back. */

#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "base/def.h"
#include "base/err.h"
#include "base/near.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/test.h"
#include "base/utf8.h"

static void
test_numbers_are_digits_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		bool want;
		int64_t value;
	} rows[] = {
		{ "0", 0, 9, true, 0 },
		{ "007", 0, 9, true, 7 },
		{ "10", 0, 9, false, 0 },
		{ "", 0, 9, false, 0 },
		{ "+1", 0, 9, false, 0 },
		{ "1 ", 0, 9, false, 0 },
		{ "0x1", 0, 9, false, 0 },
		{ "-1", 0, 9, false, 0 },
		{ "-1", -5, 9, true, -1 },
		{ "-", -5, 9, false, 0 },
		{ "9223372036854775807", 0, INT64_MAX, true, INT64_MAX },
		{ "9223372036854775808", 0, INT64_MAX, false, 0 },
		{ "99999999999999999999", 0, INT64_MAX, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t v = 0;

		assert_int_equal(num_parse(str_of(rows[i].text), rows[i].min,
					 rows[i].max, &v),
			rows[i].want);
		assert_int_equal(v, rows[i].value);
	}
}

static void
test_numbers_are_written_as_they_are_read(void **state)
{
	static const int64_t values[] = { 0, 1, -1, 10, INT64_MAX,
		INT64_MIN + 1 };
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		int64_t v;

		b.n = 0;
		num_add(&b, values[i]);
		assert_true(num_parse(buf_str(&b), INT64_MIN, INT64_MAX, &v));
		assert_int_equal(v, values[i]);
	}
	b.n = 0;
	num_add(&b, INT64_MIN);
	assert_string_equal(buf_text(&b), "-9223372036854775808");
}

static void
test_durations_name_their_units_in_order(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} rows[] = {
		{ "90", 5400 },
		{ "90s", 90 },
		{ "1h30m", 5400 },
		{ "2w", 1209600 },
		{ "0", 0 },
		{ "30m1h", -1 },
		{ "1h1h", -1 },
		{ "h", -1 },
		{ "1h30", -1 },
		{ "", -1 },
		{ "-5m", -1 },
		{ "999999999", INT64_C(59999999940) },
		{ "1000000000", -1 },
	};
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t v = -1, back;

		num_parse_span(str_of(rows[i].text), 60, &v);
		assert_int_equal(v, rows[i].want);
		if (v < 0)
			continue;
		b.n = 0;
		num_add_span(&b, v);
		assert_true(num_parse_span(buf_str(&b), 60, &back));
		assert_int_equal(back, v);
	}
}

static void
test_the_calendar_is_that_of_the_c_library(void **state)
{
	(void)state;
	for (int64_t t = -2208988800; t < 7258118400; t += 86399 * 13) {
		time_t seconds = (time_t)t;
		struct tm tm;
		struct civil c = stamp_civil(t);

		gmtime_r(&seconds, &tm);
		assert_int_equal(c.year, tm.tm_year + 1900);
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.day, tm.tm_mday);
		assert_int_equal(c.hour, tm.tm_hour);
		assert_int_equal(c.minute, tm.tm_min);
		assert_int_equal(c.second, tm.tm_sec);
		assert_int_equal(stamp_of(&c), t);
	}
}

static void
test_times_are_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-24T06:28:02Z", 1795501682 },
		{ "2026-11-24T07:28:02.123456+01:00", 1795501682 },
		{ "2026-11-24 01:28:02-0500", 1795501682 },
		{ "2026-11-24T06:28:02", -1 },
		{ "2026-13-24T06:28:02Z", -1 },
		{ "2026-11-24T24:28:02Z", -1 },
		{ "2026-11-24T06:28:02Zz", -1 },
		{ "26-11-24T06:28:02Z", -1 },
		{ "", -1 },
	};
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t t = -1;

		stamp_parse(str_of(rows[i].text), &t);
		assert_int_equal(t, rows[i].want);
	}
	stamp_add(&b, 1795501682);
	assert_string_equal(buf_text(&b), "2026-11-24T06:28:02Z");
}

static void
test_utf8_is_strict(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t code;
	} rows[] = {
		{ "a", 1, 'a' },
		{ "\xc3\xa4", 2, 0xe4 },
		{ "\xe2\x82\xac", 3, 0x20ac },
		{ "\xf0\x9f\x98\x80", 4, 0x1f600 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "\xf4\x90\x80\x80", 0, 0 }, /* too large */
		{ "\xc0\xaf", 0, 0 },	      /* overlong */
		{ "\xe0\x9f\xbf", 0, 0 },
		{ "\xed\xa0\x80", 0, 0 }, /* surrogate */
		{ "\x80", 0, 0 },
		{ "\xc3", 0, 0 }, /* cut short */
		{ "\xc3\x28", 0, 0 },
		{ "\xff", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t code = 0;

		assert_int_equal(
			utf8_decode(str_of(rows[i].text), &code), rows[i].n);
		assert_int_equal(code, rows[i].code);
	}
}

static void
test_foreign_text_is_shown_safely(void **state)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	utf8_add_safe(&b, S("a\x1b[2J\n\\\xff \xe2\x80\xae\xc3\xa4"));
	assert_string_equal(
		buf_text(&b), "a\\x1b[2J\\x0a\\x5c\\xff \\u{202e}\xc3\xa4");
}

static void
test_near_words_are_found(void **state)
{
	(void)state;
	assert_int_equal(near_distance(S("block"), S("block")), 0);
	assert_int_equal(near_distance(S("block"), S("blcok")), 1);
	assert_int_equal(near_distance(S(""), S("abc")), 3);
	assert_int_equal(near_distance(S("kitten"), S("sitting")), 3);
	assert_true(near_enough(S("treshold"), S("threshold")));
	assert_false(near_enough(S("colour"), S("mode")));
}

static void
test_a_long_error_is_cut_between_characters(void **state)
{
	char text[600];
	struct err err;
	uint32_t code;

	(void)state;
	/* "ä" is two bytes, so that one of both lengths would be halved. */
	for (size_t shift = 0; shift < 2; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 2 < sizeof(text); i += 2)
			memcpy(text + i, "ä", 3);
		err_set(&err, "%s", text);
		assert_true(strlen(err.text) > sizeof(err.text) - 6);
		assert_true(str_ends(str_of(err.text), S("ä…")));
		for (struct str s = str_of(err.text); s.n;
			s = str_from(s, utf8_decode(s, &code)))
			assert_true(utf8_decode(s, &code) > 0);
	}
	err_set(&err, "short");
	assert_string_equal(err.text, "short");
}

static void
test_csv_quotes_what_it_must(void **state)
{
	static const struct {
		struct str text;
		const char *want;
	} values[] = {
		{ { "", 0 }, "" },
		{ { "ann", 3 }, "ann" },
		{ { "a b", 3 }, "a b" },
		{ { "a,b", 3 }, "\"a,b\"" },
		{ { "a\"b", 3 }, "\"a\"\"b\"" },
		{ { "a\nb", 3 }, "\"a\nb\"" },
		{ { "=1+1", 4 }, "\"'=1+1\"" },
		{ { "@x", 2 }, "\"'@x\"" },
		{ { "1=1", 3 }, "1=1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct buf b = { 0 };

		csv_add(&b, values[i].text);
		assert_string_equal(buf_text(&b), values[i].want);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_digits_and_nothing_else),
		cmocka_unit_test(test_numbers_are_written_as_they_are_read),
		cmocka_unit_test(test_durations_name_their_units_in_order),
		cmocka_unit_test(test_the_calendar_is_that_of_the_c_library),
		cmocka_unit_test(test_times_are_rfc_3339),
		cmocka_unit_test(test_utf8_is_strict),
		cmocka_unit_test(test_foreign_text_is_shown_safely),
		cmocka_unit_test(test_near_words_are_found),
		cmocka_unit_test(test_csv_quotes_what_it_must),
		cmocka_unit_test(test_a_long_error_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
