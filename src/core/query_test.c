/* SPDX-License-Identifier: ISC */

#include "core/query.h"

#include <stdio.h>

#include "base/num.h"
#include "base/test.h"
#include "core/event.h"

#define NOW INT64_C(1790000000)

static const char *const states[] = { "active", "expired", NULL };
static const struct query_field rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL, "" },
	{ "kind", QUERY_KIND, QUERY_IS_KIND, NULL, "" },
	{ "state", QUERY_STATE, QUERY_IS_CHOICE, states, "" },
	{ "account", QUERY_ACCOUNT, QUERY_IS_NAME, NULL, "" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL, "" },
	{ "expires", QUERY_EXPIRES, QUERY_IS_END, NULL, "" },
	{ "score", QUERY_SCORE, QUERY_IS_NUMBER, NULL, "" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL, "" },
};
static const struct query_fields fields = { rows, ARRAY_LEN(rows) };
static const char *const ops[] = { ":", "<", ">", "<=", ">=" };

static void
add_value(struct buf *b, const struct query_term *t, unsigned i)
{
	const union query_value *v = &t->values[i];

	switch (t->field->type) {
	case QUERY_IS_PREFIX: prefix_add(b, &v->prefix); break;
	case QUERY_IS_NAME:
	case QUERY_IS_PART:
		buf_printf(b, "[%.*s]%s", (int)v->name.text.n, v->name.text.p,
			v->name.is_open ? "*" : "");
		break;
	case QUERY_IS_TIME:
	case QUERY_IS_END: num_add(b, v->number - NOW); break;
	case QUERY_IS_KIND:
		buf_add(b, str_of(event_types[v->number].id));
		break;
	default: num_add(b, v->number); break;
	}
}

/* What was understood, or "column: what is wrong". */
static void
read_back(const char *text, struct buf *b)
{
	const struct query_input in = { str_of(text), &fields, NOW };
	struct query_error err;
	struct arena arena = { 0 };
	struct query q;

	if (query_parse(&in, &arena, &q, &err)) {
		buf_printf(b, "%u: %s", err.column, err.text);
		arena_free(&arena);
		return;
	}
	for (unsigned i = 0; i < q.n; i++) {
		const struct query_term *t = &q.terms[i];

		buf_printf(b, "%s%s%s%s", i ? " " : "", t->is_not ? "-" : "",
			t->field->name, ops[t->op]);
		for (unsigned k = 0; k < t->n; k++) {
			if (k)
				buf_addc(b, ',');
			add_value(b, t, k);
		}
	}
	arena_free(&arena);
}

static void
test_a_search_is_taken_apart(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "  ", "" },
		{ "ip:203.0.113.0/24 kind:relay_denied,spam",
			"ip:203.0.113.0/24 kind:relay_denied,spam" },
		{ "kind:1 kind=32", "kind:relay_denied kind:login_failure" },
		{ "-state:expired", "-state:1" },
		{ "since:2h", "since:-7200" },
		{ "since:2026-09-21T14:13:20Z", "since:0" },
		{ "expires<30m expires:>=1d", "expires<1800 expires>=86400" },
		{ "score>5 score:7 score<=1000",
			"score>5 score:7 score<=1000" },
		{ "account:j.doe account:\"j doe\"",
			"account:[j.doe] account:[j doe]" },
		{ "account:ann*,\"bob*\"", "account:[ann]*,[bob*]" },
		{ "account:\"\"", "account:[]" },
		{ "account:\"a\\\"b\\\\\"", "account:[a\"b\\]" },
		{ "refused \"no such user\"",
			"text:[refused] text:[no such user]" },
		{ "-refused", "-text:[refused]" },
		{ "192.0.2.1 -2001:db8::/32 dead:beef::1",
			"ip:192.0.2.1 -ip:2001:db8::/32 ip:dead:beef::1" },
		{ "192.0. \"192.0.2.1\"", "ip:192.0.0.0/16 text:[192.0.2.1]" },
		{ "10.", "ip:10.0.0.0/8" },
		{ "a,b", "text:[a,b]" },
		{ "J\xc3\xbcrgen", "text:[J\xc3\xbcrgen]" },
		{ "User:x", "text:[User:x]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		read_back(cases[i].text, &b);
		if (!str_eq(buf_str(&b), str_of(cases[i].want)))
			fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].text,
				buf_text(&b), cases[i].want);
	}
}

static void
test_a_mistake_is_told_with_its_column(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "acount:x", "1: there is no field \"acount\"; did you mean "
			      "\"account\"?" },
		{ "\xc3\xbc ip:x", "6: " },
		{ "wholly:x", "1: there is no field \"wholly\"; expected one "
			      "of ip, kind, " },
		{ "kind:relay_denid", "6: no kind of event is called "
				      "\"relay_denid\"; did you mean "
				      "\"relay_denied\"?" },
		{ "kind:spam,what", "11: no kind of event" },
		{ "state:actife", "7: state is one of active, expired, not "
				  "\"actife\"; did you mean \"active\"?" },
		{ "state:x", "7: state is one of active, expired, not \"x\"" },
		{ "since:soon", "7: since takes a span" },
		{ "since<2h", "1: since is not compared by size" },
		{ "expires:1h", "1: expires is compared by < or >" },
		{ "score:abc", "7: score takes a whole number" },
		{ "score>1,2", "1: only one value" },
		{ "ip:", "4: a value is missing behind ip" },
		{ "kind:spam,", "11: a value is missing behind the comma" },
		{ "a \"b", "3: the quotes are not closed" },
		{ "account:\"a\"b", "12: expected a blank or a comma" },
		{ "a -", "4: expected a text" },
		{ "ip:192.0.2.1/24", "4: " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		read_back(cases[i].text, &b);
		if (!str_starts(buf_str(&b), str_of(cases[i].want)))
			fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].text,
				buf_text(&b), cases[i].want);
	}
}

static void
test_length_and_number_are_bounded(void **state)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct buf answer CLEANUP(buf_free) = { 0 };

	(void)state;
	for (unsigned i = 0; i <= QUERY_TERMS_MAX; i++)
		buf_add(&b, S("a "));
	read_back(buf_text(&b), &answer);
	assert_true(str_starts(buf_str(&answer), S("65: a search has at")));
	b.n = answer.n = 0;
	buf_add(&b, S("score:"));
	for (unsigned i = 0; i <= QUERY_VALUES_MAX; i++)
		buf_printf(&b, "%s%u", i ? "," : "", i);
	read_back(buf_text(&b), &answer);
	assert_non_null(strstr(buf_text(&answer), "at most 100 values"));
	while (b.n <= QUERY_BYTES_MAX)
		buf_addc(&b, 'x');
	answer.n = 0;
	read_back(buf_text(&b), &answer);
	assert_non_null(strstr(buf_text(&answer), "at most 2000 bytes"));
}

static void
test_the_first_term_that_must_hold_is_found(void **state)
{
	const struct query_input in = { S("-ip:192.0.2.1 ip:192.0.2.2 x"),
		&fields, NOW };
	struct arena arena = { 0 };
	struct query_error err;
	struct query q;

	(void)state;
	assert_int_equal(query_parse(&in, &arena, &q, &err), 0);
	assert_ptr_equal(query_find(&q, QUERY_IP), &q.terms[1]);
	assert_null(query_find(&q, QUERY_KIND));
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_search_is_taken_apart),
		cmocka_unit_test(test_a_mistake_is_told_with_its_column),
		cmocka_unit_test(test_length_and_number_are_bounded),
		cmocka_unit_test(test_the_first_term_that_must_hold_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
