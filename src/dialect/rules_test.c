/* SPDX-License-Identifier: ISC */

#include "dialect/rules.h"

#include "base/def.h"
#include "base/test.h"

#define TAGGED "Nov 24 03:03:04 mx vpnd[7]: "
#define RULE   "login_failure vpn vpnd: login of %account% from %address% failed"

static const struct hash_key key = { 3, 4 };

enum {
	ARRIVAL = 1795651200
};

struct sample {
	const char *rule;
	const char *line;
	enum reading want;
	const char *addr, *account;
};

static void
sample_check(const struct sample *s)
{
	struct rules *rules = rules_new();
	struct reader *r = reader_new(NULL, &(struct zone){ 0 }, &key);
	struct err err = { "" };
	struct events evs;
	enum reading got;
	char text[ADDR_TEXT_MAX];

	if (rules_add(rules, str_of(s->rule), &err) < 0)
		fail_msg("%s: %s", s->rule, err.text);
	reader_rules(r, rules);
	got = reader_feed(r, str_of(s->line), ARRIVAL, &evs);
	if (got != s->want)
		fail_msg("%s: %s", s->line, reading_names[got]);
	assert_int_equal(evs.n, s->addr != NULL);
	if (s->addr) {
		assert_string_equal(
			addr_format(&evs.list[0].addr, text), s->addr);
		assert_true(str_eq(evs.list[0].account, str_of(s->account)));
		assert_int_not_equal(evs.list[0].time, 0);
	}
	reader_free(r);
	rules_free(rules);
}

static void
test_reads_lines(void **state)
{
	static const struct sample samples[] = {
		{ RULE, TAGGED "login of ann from 192.0.2.1 failed",
			READING_EVENT, "192.0.2.1", "ann" },
		/* anchored at both ends, and of this program only */
		{ RULE, TAGGED "login of ann from 192.0.2.1 failed!",
			READING_FOREIGN },
		{ RULE, TAGGED "a login of ann from 192.0.2.1 failed",
			READING_FOREIGN },
		{ RULE,
			"Nov 24 03:03:04 mx xvpnd: login of a from 192.0.2.1 "
			"failed",
			READING_FOREIGN },
		/* a user called like the rest of the line */
		{ RULE,
			TAGGED "login of ann from 192.0.2.9 failed from "
			       "192.0.2.1 failed",
			READING_EVENT, "192.0.2.1",
			"ann from 192.0.2.9 failed" },
		{ "probe x *: %rest%[%address%]%rest%",
			TAGGED "a [192.0.2.1] b [192.0.2.2] c",
			READING_AMBIGUOUS },
		{ "probe x *: %rest%[%address%]%rest%",
			TAGGED "a [192.0.2.1] b [192.0.2.1] c", READING_EVENT,
			"192.0.2.1", "" },
		{ "probe x *: from %address% %rest%", TAGGED "from 1.2.3.4.5 x",
			READING_AMBIGUOUS },
		{ "login_failure web -: %word% %address% %number%%% %account%",
			"2026-11-24 03:03:04 no 2001:db8::1 40% ann b",
			READING_EVENT, "2001:db8::1", "ann b" },
		{ "login_failure web -: bad %account% %address%",
			"bad \xff\x01 192.0.2.1", READING_EVENT, "192.0.2.1",
			"\xff\x01" },
		{ "nothing x vpnd: all is well", TAGGED "all is well",
			READING_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		sample_check(&samples[i]);
}

static void
test_says_what_is_wrong_where(void **state)
{
	static const struct {
		const char *rule;
		const char *want;
	} wrong[] = {
		{ "", "column 1: expected the name of an event" },
		{ "bad_password vpn x: %address%",
			"column 1: expected the name of an event" },
		{ "probe vpn", "column 10: expected \"event service program" },
		{ "probe vpn x y %address%",
			"column 11: expected \"event service program" },
		{ "probe vpn x:", "column 13: expected the line" },
		{ "probe vpn x: from here", "column 23: the line has no "
					    "%address%" },
		{ "probe vpn x: %addr%", "column 14: expected a field" },
		{ "probe vpn x: 50% %address%", "column 16: expected a field" },
		{ "probe vpn x: %account%%address%", "column 23: two fields" },
		{ "probe vpn x: %address% %address%", "column 24: such a" },
	};
	struct rules *rules = rules_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = { "" };

		assert_int_equal(
			rules_add(rules, str_of(wrong[i].rule), &err), -1);
		if (!str_starts(str_of(err.text), str_of(wrong[i].want)))
			fail_msg("%s: %s", wrong[i].rule, err.text);
	}
	rules_free(rules);
}

static void
test_bounds_rules_and_lines(void **state)
{
	static char line[RULE_LINE_MAX + 1024], rule[400];
	struct rules *rules = rules_new();
	struct line l = { .program = S("vpnd") };
	struct events evs;
	struct err err;

	(void)state;
	memset(rule, 'x', sizeof(rule));
	memcpy(rule, "probe vpn x: ", 13);
	assert_int_equal(
		rules_add(rules, (struct str){ rule, sizeof(rule) }, &err), -1);
	for (int i = 0; i < RULES_MAX; i++)
		assert_int_equal(rules_add(rules, S(RULE), &err), 0);
	assert_int_equal(rules_add(rules, S(RULE), &err), -1);
	/* every byte keeps every state alive, and none comes to the end */
	for (size_t i = 0; i + 12 <= sizeof(line); i += 12)
		memcpy(line + i, " from 1.2.3.", 12);
	memcpy(line, "login of ", 9);
	l.text = (struct str){ line, RULE_LINE_MAX };
	assert_int_equal(rules_match(rules, &l, &evs), READING_FOREIGN);
	l.text.n = RULE_LINE_MAX + 1;
	assert_int_equal(rules_match(rules, &l, &evs), READING_FOREIGN);
	rules_free(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_lines),
		cmocka_unit_test(test_says_what_is_wrong_where),
		cmocka_unit_test(test_bounds_rules_and_lines),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
