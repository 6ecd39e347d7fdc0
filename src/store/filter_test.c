/* SPDX-License-Identifier: ISC */
#include "store/fixture.h"
#include "store/sql.h"

static const char *const outcomes[] = { "scored", "joined", "repeat",
	"while_blocked", "never", "noted", "late", "untracked", "forgiven",
	NULL };
static const struct query_field rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL, "" },
	{ "kind", QUERY_KIND, QUERY_IS_KIND, NULL, "" },
	{ "account", QUERY_ACCOUNT, QUERY_IS_NAME, NULL, "" },
	{ "service", QUERY_SERVICE, QUERY_IS_NAME, NULL, "" },
	{ "source", QUERY_SOURCE, QUERY_IS_NAME, NULL, "" },
	{ "outcome", QUERY_OUTCOME, QUERY_IS_CHOICE, outcomes, "" },
	{ "points", QUERY_POINTS, QUERY_IS_NUMBER, NULL, "" },
	{ "session", QUERY_SESSION, QUERY_IS_NAME, NULL, "" },
	{ "helo", QUERY_HELO, QUERY_IS_NAME, NULL, "" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL, "" },
	{ "until", QUERY_UNTIL, QUERY_IS_TIME, NULL, "" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL, "" },
};
static const struct query_fields fields = { rows, ARRAY_LEN(rows) };

/* Forty rows around the border between two eras. */
static void
add_rows(struct fixture *f)
{
	static const char *const addrs[] = { "192.0.2.1", "192.0.2.200",
		"198.51.100.7", "2001:db8::1" };
	static const char *const accounts[] = { "ann", "anna", "bob", "" };

	for (unsigned i = 0; i < 40; i++) {
		struct store_event e = fixture_event(
			ERA_EVENTS - 20 + i, addrs[i % 4]);

		e.event.time = AT + i;
		e.event.account = str_of(accounts[i / 4 % 4]);
		e.event.service = i % 5 ? S("smtp") : S("imap");
		e.event.session = i % 2 ? S("A1B2") : S("");
		e.event.helo = i < 10 ? S("mail.example") : S("");
		e.event.detail = i == 7 ? S("554 Relay Denied") : S("");
		e.kind = i % 10 ? EVENT_AUTH_FAILURE : EVENT_VIRUS;
		e.outcome = i % 8 ? OUTCOME_SCORED : OUTCOME_NEVER;
		e.points = i;
		fixture_add(f, &e);
	}
	fixture_ok(f, store_commit(f->store, &f->err));
}

static struct found
find(struct fixture *f, const char *text, struct store_query q)
{
	const struct query_input in = { str_of(text), &fields, AT + 40 };
	struct arena arena = { 0 };
	struct query_error err;
	struct query query;

	if (query_parse(&in, &arena, &query, &err))
		fail_msg("%s: %u: %s", text, err.column, err.text);
	q.kind = -1;
	q.query = &query;
	struct found found = fixture_find(f, q);
	arena_free(&arena);
	return found;
}

static void
test_every_field_narrows_both_ways(void **state)
{
	static const struct {
		const char *text;
		unsigned want;
	} cases[] = {
		{ "", 40 },
		{ "ip:192.0.2.0/24", 20 },
		{ "-ip:192.0.2.0/24", 20 },
		{ "ip:192.0.2.1,2001:db8::1", 20 },
		{ "ip:192.0.2.1 ip:192.0.2.0/24", 10 },
		{ "ip:2001:db8::/32", 10 },
		{ "ip:0.0.0.0/0", 30 },
		{ "ip:::/0", 10 },
		{ "kind:virus", 4 },
		{ "-kind:virus,spam", 36 },
		{ "account:ann", 12 },
		{ "account:ann,bob", 20 },
		{ "account:an*", 24 },
		{ "account:\"an*\"", 0 },
		{ "-account:an*", 16 },
		{ "account:\"\"", 8 },
		{ "-account:\"\"", 32 },
		{ "account:nobody", 0 },
		{ "service:imap", 8 },
		{ "source:postfix-log", 40 },
		{ "-source:postfix-log", 0 },
		{ "outcome:never", 5 },
		{ "outcome:scored,never", 40 },
		{ "points>=30", 10 },
		{ "points<3", 3 },
		{ "points:5,6,7", 3 },
		{ "session:A1B2", 20 },
		{ "session:a1b2", 0 },
		{ "session:A1*", 20 },
		{ "-session:A1*", 20 },
		{ "helo:mail.example", 10 },
		{ "-helo:mail.example", 30 },
		{ "since:10s", 10 },
		{ "-since:10s", 30 },
		{ "until:30s", 11 },
		{ "since:20s until:11s", 10 },
		{ "\"relay denied\"", 1 },
		{ "-\"relay denied\"", 39 },
		{ "ANN", 24 },
		{ "a1b2 -kind:virus", 20 },
		{ "outcome:forgiven", 0 },
		{ "account:ann kind:virus", 1 },
	};
	struct fixture *f = *state;

	add_rows(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found down = find(
			f, cases[i].text, (struct store_query){ .kind = -1 });
		struct found up = find(f, cases[i].text,
			(struct store_query){ .is_oldest_first = true });

		if (down.n != cases[i].want || up.n != cases[i].want)
			fail_msg("%s: %u, %u instead of %u", cases[i].text,
				down.n, up.n, cases[i].want);
	}
}

static void
test_terms_and_members_narrow_together(void **state)
{
	struct fixture *f = *state;
	struct prefix p = fixture_prefix("192.0.2.0/24");

	add_rows(f);
	assert_int_equal(
		find(f, "kind:virus", (struct store_query){ .prefix = &p }).n,
		2);
	assert_int_equal(
		find(f, "ip:192.0.2.1", (struct store_query){ .prefix = &p }).n,
		10);
	assert_int_equal(
		find(f, "ip:198.51.100.7", (struct store_query){ .prefix = &p })
			.n,
		0);
	assert_int_equal(
		find(f, "since:30s", (struct store_query){ .since = AT + 35 })
			.n,
		5);
}

static void
test_what_was_forgiven_is_found(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");

	add_rows(f);
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_ok(f, store_end_block(
			      f->store, &b.block, AT + 40, S("ann"), &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
	/* Ten rows, of which five were never scored. */
	assert_int_equal(
		find(f, "outcome:forgiven", (struct store_query){ 0 }).n, 5);
	assert_int_equal(
		find(f, "-outcome:forgiven", (struct store_query){ 0 }).n, 35);
}

static void
test_what_was_looked_at_is_told(void **state)
{
	struct fixture *f = *state;
	uint64_t seen = 0;

	add_rows(f);
	find(f, "account:nobody", (struct store_query){ .seen = &seen });
	assert_int_equal(seen, 0);
	find(f, "account:nobody",
		(struct store_query){ .seen = &seen, .is_oldest_first = true });
	assert_int_equal(seen, 2 * ERA_EVENTS - 1);
}

static int
never_called(void *ctx, const struct store_event *e)
{
	(void)ctx;
	(void)e;
	return -1;
}

static void
test_a_reader_that_is_none_says_why(void **state)
{
	struct store_reader *r = store_reader_none("come again");
	struct store_query q = { .kind = -1 };
	struct err err;

	(void)state;
	assert_int_equal(
		store_find_events(r, &q, never_called, NULL, &err), -1);
	assert_string_equal(err.text, "come again");
	store_reader_close(r);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_every_field_narrows_both_ways),
		T(test_terms_and_members_narrow_together),
		T(test_what_was_forgiven_is_found),
		T(test_what_was_looked_at_is_told),
		T(test_a_reader_that_is_none_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
