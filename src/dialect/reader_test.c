/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "base/stamp.h"
#include "base/test.h"
#include "dialect/dialect.h"
#include "dialect/preamble.h"

#define PROBE "mx postfix/smtpd[1]: SSL_accept error from x[192.0.2.1]: -1"

static const struct hash_key key = { 3, 4 };

/* Central Europe around 2026: wall clocks go back at 03:00 on 25 October
 * and ahead at 02:00 on 29 March. */
static struct zone
zone_europe(void)
{
	struct zone z = { .n = 3 };

	assert_true(
		stamp_parse(S("2025-10-26T02:00:00Z"), &z.steps[0].from_local));
	assert_true(
		stamp_parse(S("2026-03-29T02:00:00Z"), &z.steps[1].from_local));
	assert_true(
		stamp_parse(S("2026-10-25T02:00:00Z"), &z.steps[2].from_local));
	z.steps[0].offset_s = 3600;
	z.steps[1].offset_s = 7200;
	z.steps[2].offset_s = 3600;
	return z;
}

static int64_t
at(const char *text)
{
	int64_t t;

	assert_true(stamp_parse(str_of(text), &t));
	return t;
}

struct when {
	const char *line;
	const char *arrival;
	const char *want;
};

/* Each in a reader of its own, so that no line comes before it. */
static void
whens_check(const struct when *w, size_t n, const struct zone *z)
{
	for (size_t i = 0; i < n; i++) {
		struct reader *r = reader_new(NULL, z, &key);
		struct events evs;

		assert_int_equal(reader_feed(r, str_of(w[i].line),
					 at(w[i].arrival), &evs),
			READING_EVENT);
		assert_int_equal(evs.n, 1);
		if (evs.list[0].time != at(w[i].want))
			fail_msg("%s at %s: got %lld", w[i].line, w[i].arrival,
				(long long)evs.list[0].time);
		reader_free(r);
	}
}

struct form {
	const char *text;
	const char *want; /* NULL: no time */
};

static void
test_knows_the_forms_of_other_logs(void **state)
{
	static const struct form forms[] = {
		{ "24/Nov/2026:03:03:04 +0100", "2026-11-24T02:03:04Z" },
		{ "24/Nov/2026 03:03:04", "2026-11-24T02:03:04Z" },
		{ "24-Nov-2026 03:03:04 +0000", "2026-11-24T03:03:04Z" },
		{ "2026/11/24 03:03:04", "2026-11-24T02:03:04Z" },
		{ "2026-11-24 03:03:04,123", "2026-11-24T02:03:04Z" },
		{ "Tue Nov 24 03:03:04 2026", "2026-11-24T02:03:04Z" },
		{ "Tue, 24 Nov 2026 03:03:04 +0100", "2026-11-24T02:03:04Z" },
		{ "Nov  4 2026 03:03:04", "2026-11-04T02:03:04Z" },
		{ "2026-11-24T03:03:04.5Z", "2026-11-24T03:03:04Z" },
		{ "24 Nov 2026 03:03:04 UTC", "2026-11-24T03:03:04Z" },
		{ "@400000006a13aa0d2d7a1b34", "2026-05-25T01:46:43Z" },
		{ "1795489384.25", "2026-11-24T03:03:04Z" },
		{ "24/Foo/2026 03:03:04", NULL },
		{ "2026-02-30 03:03:04", NULL },
		{ "2026-11-24 25:03:04", NULL },
		{ "2026-11-24 03:03:04 x", NULL },
		{ "@400000006a13aa0d", NULL },
		{ "", NULL },
	};
	struct preamble p = { .zone = zone_europe() };
	int64_t t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		bool is_time = preamble_when(&p, str_of(forms[i].text), &t);

		if (is_time != (forms[i].want != NULL) ||
			(is_time && t != at(forms[i].want)))
			fail_msg("%s: %lld", forms[i].text,
				is_time ? (long long)t : -1LL);
	}
}

static void
test_takes_the_year_from_arrival(void **state)
{
	static const struct when w[] = {
		{ "Nov 24 03:03:04 " PROBE, "2026-11-24T03:03:05Z",
			"2026-11-24T03:03:04Z" },
		/* an old file's line */
		{ "Feb  1 03:03:04 " PROBE, "2026-11-24T03:03:05Z",
			"2026-02-01T03:03:04Z" },
		/* New Year's night, read a moment later */
		{ "Dec 31 23:59:59 " PROBE, "2027-01-01T00:00:01Z",
			"2026-12-31T23:59:59Z" },
		{ "Jan  1 00:00:00 " PROBE, "2027-01-01T00:00:00Z",
			"2027-01-01T00:00:00Z" },
		/* a clock that is ahead: the future is arrival, not a year
		 * ago */
		{ "Jan  1 00:00:02 " PROBE, "2026-12-31T23:59:59Z",
			"2026-12-31T23:59:59Z" },
		{ "Nov 24 23:00:00 " PROBE, "2026-11-24T03:00:00Z",
			"2026-11-24T03:00:00Z" },
		/* more than a day later than arrival: last year's */
		{ "Nov 26 03:00:00 " PROBE, "2026-11-24T03:00:00Z",
			"2025-11-26T03:00:00Z" },
		/* a leap day is of a leap year */
		{ "Feb 29 12:00:00 " PROBE, "2024-03-01T00:00:00Z",
			"2024-02-29T12:00:00Z" },
		{ "Feb 29 12:00:00 " PROBE, "2026-03-01T00:00:00Z",
			"2024-02-29T12:00:00Z" },
		{ "Feb 29 12:00:00 " PROBE, "2103-03-01T00:00:00Z",
			"2096-02-29T12:00:00Z" },
	};
	struct zone utc = { 0 };

	(void)state;
	whens_check(w, ARRAY_LEN(w), &utc);
}

static void
test_reads_iso_times_with_fraction_and_zone(void **state)
{
	static const struct when w[] = {
		{ "2026-11-24T03:03:04.123456+01:00 " PROBE,
			"2026-11-24T03:03:05Z", "2026-11-24T02:03:04Z" },
		{ "2026-11-24T03:03:04Z " PROBE, "2026-11-24T03:03:05Z",
			"2026-11-24T03:03:04Z" },
		{ "2026-11-23T22:03:04-05:00 " PROBE, "2026-11-24T03:03:05Z",
			"2026-11-24T03:03:04Z" },
		{ "2026-11-24T03:03:04.5+0530 " PROBE, "2026-11-24T03:03:05Z",
			"2026-11-23T21:33:04Z" },
		{ "2026-11-24 03:03:04 " PROBE, "2026-11-24T03:03:05Z",
			"2026-11-24T03:03:04Z" },
		{ "2024-02-29T03:03:60Z " PROBE, "2026-11-24T03:03:05Z",
			"2024-02-29T03:04:00Z" },
	};
	struct zone utc = { 0 };

	(void)state;
	whens_check(w, ARRAY_LEN(w), &utc);
}

static void
test_local_time_follows_the_zone(void **state)
{
	static const struct when w[] = {
		{ "Jan 10 12:00:00 " PROBE, "2026-11-24T12:00:00Z",
			"2026-01-10T11:00:00Z" },
		{ "Mar 29 01:59:59 " PROBE, "2026-11-24T12:00:00Z",
			"2026-03-29T00:59:59Z" },
		{ "Mar 29 03:00:00 " PROBE, "2026-11-24T12:00:00Z",
			"2026-03-29T01:00:00Z" },
		{ "Oct 25 01:59:59 " PROBE, "2026-11-24T12:00:00Z",
			"2026-10-24T23:59:59Z" },
		{ "Oct 25 03:00:00 " PROBE, "2026-11-24T12:00:00Z",
			"2026-10-25T02:00:00Z" },
		{ "2026-07-01 12:00:00 " PROBE, "2026-11-24T12:00:00Z",
			"2026-07-01T10:00:00Z" },
		/* a zone of its own beats the file's */
		{ "2026-07-01T12:00:00Z " PROBE, "2026-11-24T12:00:00Z",
			"2026-07-01T12:00:00Z" },
	};
	struct zone z = zone_europe();

	(void)state;
	whens_check(w, ARRAY_LEN(w), &z);
}

static void
test_a_line_without_time_has_just_arrived(void **state)
{
	static const struct when w[] = {
		{ "postfix/smtpd[1]: SSL_accept error from x[192.0.2.1]: -1",
			"2026-11-24T03:03:05Z", "2026-11-24T03:03:05Z" },
	};
	struct zone utc = { 0 };

	(void)state;
	whens_check(w, ARRAY_LEN(w), &utc);
}

static int64_t
feed(struct reader *r, const char *line, const char *arrival)
{
	struct events evs;

	assert_int_equal(
		reader_feed(r, str_of(line), at(arrival), &evs), READING_EVENT);
	return evs.list[0].time;
}

static void
test_mends_times_that_can_not_be(void **state)
{
	struct zone utc = { 0 };
	struct reader *r = reader_new("postfix", &utc, &key);
	struct reader_stats st;
	const char *now = "2026-11-24T12:00:00Z";

	(void)state;
	assert_int_equal(feed(r, "Nov 24 11:00:00 " PROBE, now),
		at("2026-11-24T11:00:00Z"));
	/* five minutes back is late, not wrong */
	assert_int_equal(feed(r, "Nov 24 10:55:00 " PROBE, now),
		at("2026-11-24T10:55:00Z"));
	assert_int_equal(feed(r, "Nov 24 10:49:59 " PROBE, now), at(now));
	/* the line before counts, mended or not: the clock was set back */
	assert_int_equal(feed(r, "Nov 24 10:50:00 " PROBE, now),
		at("2026-11-24T10:50:00Z"));
	/* the future spoils no line behind it */
	assert_int_equal(feed(r, "Nov 24 12:00:01 " PROBE, now), at(now));
	assert_int_equal(feed(r, "Nov 24 10:50:01 " PROBE, now),
		at("2026-11-24T10:50:01Z"));
	reader_stats(r, &st);
	assert_int_equal(st.times_mended, 2);
	assert_int_equal(st.lines, 6);
	assert_int_equal(st.events, 6);
	reader_free(r);
}

static void
test_the_remembered_time_is_not_another_line_s(void **state)
{
	struct zone utc = { 0 };
	struct reader *r = reader_new(NULL, &utc, &key);

	(void)state;
	assert_int_equal(feed(r, "2026-11-24T03:03:04+01:00 " PROBE,
				 "2026-11-24T12:00:00Z"),
		at("2026-11-24T02:03:04Z"));
	assert_int_equal(feed(r, "2026-11-24T03:03:04+00:00 " PROBE,
				 "2026-11-24T12:00:00Z"),
		at("2026-11-24T03:03:04Z"));
	assert_int_equal(
		feed(r, "Nov 24 03:03:04 " PROBE, "2026-11-24T12:00:00Z"),
		at("2026-11-24T03:03:04Z"));
	/* the same text a year later */
	assert_int_equal(
		feed(r, "Nov 24 03:03:04 " PROBE, "2027-11-24T12:00:00Z"),
		at("2027-11-24T03:03:04Z"));
	reader_free(r);
}

static void
test_what_is_no_line_is_foreign(void **state)
{
	static const char *const lines[] = { "", " ", ":", "x", "Nov",
		"Nov 24 03:03:04", "Nov 24 03:03:04 ", "Nov 24 03:03:04 mx",
		"Nov 24 03:03:04 mx ", "Nov 24 03:03:04 mx cron[1]: x",
		"Nov 24 03:03:04 mx kernel: [1.0] x from y[192.0.2.1]",
		"Feb 30 03:03:04 " PROBE, "Xxx 24 03:03:04 " PROBE,
		"Nov 24 24:03:04 " PROBE, "2026-11-31T03:03:04Z " PROBE,
		"2026-11-24T03:03:04.123456789012345Z " PROBE, "2026-11-24T",
		"2026-11-24T03:03:04.", "[1]: x", "x]: y",
		"Nov 24 03:03:04 imap(a auth: Info: pam(b,192.0.2.1): "
		"unknown user" };
	struct zone utc = { 0 };
	struct reader *r = reader_new(NULL, &utc, &key);
	struct events evs;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (reader_feed(r, str_of(lines[i]), 1795489385, &evs) !=
				READING_FOREIGN ||
			evs.n)
			fail_msg("taken: %s", lines[i]);
	reader_free(r);
}

static void
test_knows_its_dialects(void **state)
{
	struct zone utc = { 0 };
	struct reader *r = reader_new("dovecot", &utc, &key);
	struct events evs;

	(void)state;
	assert_null(reader_new("sendmail", &utc, &key));
	assert_int_equal(
		reader_feed(r, S("Nov 24 03:03:04 " PROBE), 1795489385, &evs),
		READING_FOREIGN);
	reader_free(r);
	reader_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knows_the_forms_of_other_logs),
		cmocka_unit_test(test_takes_the_year_from_arrival),
		cmocka_unit_test(test_reads_iso_times_with_fraction_and_zone),
		cmocka_unit_test(test_local_time_follows_the_zone),
		cmocka_unit_test(test_a_line_without_time_has_just_arrived),
		cmocka_unit_test(test_mends_times_that_can_not_be),
		cmocka_unit_test(
			test_the_remembered_time_is_not_another_line_s),
		cmocka_unit_test(test_what_is_no_line_is_foreign),
		cmocka_unit_test(test_knows_its_dialects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
