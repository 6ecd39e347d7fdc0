/* SPDX-License-Identifier: ISC */

/*
 * Each rule of docs/hints.md at its boundary, and one step before it.
 */

#include "core/hints.h"

#include <stdio.h>
#include <string.h>

#include "base/def.h"
#include "base/test.h"

#define NOW INT64_C(1800000000)

static struct hint_facts facts;

static void
add(struct event ev, enum event_kind kind, uint8_t marks)
{
	ev.kind = kind;
	hint_facts_add(&facts,
		&(struct hint_event){ &ev, kind, OUTCOME_SCORED, marks });
}

static void
login(const char *account, bool is_ok, int64_t ago)
{
	add((struct event){ .time = NOW - ago, .account = str_of(account) },
		is_ok ? EVENT_LOGIN_SUCCESS : EVENT_LOGIN_FAILURE, 0);
}

static void
mail(enum event_kind kind, int n, int64_t ago)
{
	for (int i = 0; i < n; i++)
		add((struct event){ .time = NOW - ago + i }, kind, 0);
}

/* @n accounts, "name0" … */
static void
each_login(int n, bool is_ok, int64_t ago)
{
	char name[16];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "name%d", i);
		login(name, is_ok, ago - i);
	}
}

static void
regular(const char *account, int n, int64_t step)
{
	for (int i = 0; i < n; i++)
		login(account, false, 5000 - i * step);
}

static void
trusted(const char *account, int64_t ago)
{
	add((struct event){ .time = NOW - ago, .account = str_of(account) },
		EVENT_LOGIN_FAILURE, MARK_TRUSTED);
}

/* --- what each rule is tried with: it holds at the number of its row ------- */

static void
office_users(int n)
{
	each_login(n, true, 9000);
	for (int i = 0; i < 9; i++)
		login("stale", false, 100 * i);
}

static void
office_failed(int n)
{
	each_login(2, true, 9000);
	for (int i = 0; i < n; i++)
		login("stale", false, 7 + 100 * i * i);
}

static void
office_share(int n)
{
	each_login(2, true, 9000);
	for (int i = 0; i < n; i++)
		login("stale", false, 100 * i);
	for (int i = 0; i < 100 - n; i++)
		login("name1", false, 100 * i);
}

static void
changed(int n)
{
	login("ann", true, 9000);
	regular("ann", n, 300);
}

static void
known(int n)
{
	login("ann", true, 9000);
	for (int i = 0; i < n; i++)
		login("ann", false, 500);
}

static void
known_by_trust(int n)
{
	for (int i = 0; i < n; i++)
		trusted("ann", 300);
}

static void
robot(int n)
{
	regular("scanner", n, 60);
}

static void
no_auth(int n)
{
	mail(EVENT_RELAY_DENIED, n, 1000);
	login("ann", true, 400);
}

static void
no_auth_order(int n)
{
	mail(EVENT_RELAY_DENIED, 1, 1000);
	login("ann", true, 1001 - n);
}

static void
forwarder_good(int n)
{
	mail(EVENT_GOOD_RECIPIENT, n, 1000);
	mail(EVENT_BAD_RECIPIENT, 1, 1000);
}

static void
forwarder_bad(int n)
{
	mail(EVENT_GOOD_RECIPIENT, 100 - 21 + n, 5000);
	mail(EVENT_BAD_RECIPIENT, 21 - n, 1000);
}

static void
proxy(int n)
{
	(void)addr_parse(S("192.168.7.1"), &facts.addr);
	each_login(n, true, 1000);
}

static void
own(int n)
{
	facts.is_own = n;
}

static void
private_v4(int n)
{
	(void)addr_parse(
		n ? S("172.31.255.255") : S("172.32.0.0"), &facts.addr);
}

static void
private_v6(int n)
{
	(void)addr_parse(n ? S("fd00::1") : S("2001:db8::1"), &facts.addr);
}

static void
shared_users(int n)
{
	each_login(n, true, 1000);
}

static void
shared_helos(int n)
{
	char helo[16];

	login("ann", true, 1000);
	for (int i = 0; i < n; i++) {
		snprintf(helo, sizeof(helo), "pc%d", i);
		add((struct event){ .time = NOW - 1, .helo = str_of(helo) },
			EVENT_GOOD_RECIPIENT, 0);
	}
}

static void
shared_cgnat(int n)
{
	(void)addr_parse(
		n ? S("100.64.0.0") : S("100.63.255.255"), &facts.addr);
}

static void
near_never(int n)
{
	facts.has_never = n;
}

static void
broken_in(int n)
{
	for (int i = 0; i < n; i++)
		login("ann", false, 500 - i);
	login("ann", true, 100);
}

static void
broken_in_by_many(int n)
{
	each_login(n, false, 1000);
	login("name0", true, 100);
}

static void
attack(int n)
{
	each_login(n, false, 1000);
}

static void
harvest(int n)
{
	mail(EVENT_BAD_RECIPIENT, n, 1000);
}

static void
again(int n)
{
	facts.earlier_blocks = (uint32_t)n;
}

static void
neighbours(int n)
{
	facts.neighbours = (uint32_t)n;
}

static void
you(int n)
{
	facts.is_you = n;
}

static const struct row {
	enum hint_kind kind;
	void (*fill)(int n);
	int at; /* it holds from here on, not one below */
	enum hint_confidence confidence;
} rows[] = {
	{ HINT_YOU, you, 1, HINT_HIGH },
	{ HINT_STALE_PASSWORD, office_users, 2, HINT_MEDIUM },
	{ HINT_STALE_PASSWORD, office_failed, 3, HINT_MEDIUM },
	{ HINT_STALE_PASSWORD, office_share, 80, HINT_MEDIUM },
	{ HINT_PASSWORD_CHANGED, changed, 5, HINT_HIGH },
	{ HINT_KNOWN_USER, known, 1, HINT_MEDIUM },
	{ HINT_KNOWN_USER, known_by_trust, 1, HINT_MEDIUM },
	{ HINT_ROBOT, robot, 5, HINT_MEDIUM },
	{ HINT_NO_AUTH_CLIENT, no_auth, 1, HINT_HIGH },
	{ HINT_NO_AUTH_CLIENT, no_auth_order, 1, HINT_HIGH },
	{ HINT_FORWARDER, forwarder_good, 20, HINT_LOW },
	{ HINT_FORWARDER, forwarder_bad, 1, HINT_LOW },
	{ HINT_PROXY, proxy, 5, HINT_HIGH },
	{ HINT_OWN_HOST, own, 1, HINT_HIGH },
	{ HINT_OWN_HOST, private_v4, 1, HINT_MEDIUM },
	{ HINT_OWN_HOST, private_v6, 1, HINT_MEDIUM },
	{ HINT_SHARED, shared_users, 5, HINT_MEDIUM },
	{ HINT_SHARED, shared_helos, 5, HINT_MEDIUM },
	{ HINT_SHARED, shared_cgnat, 1, HINT_MEDIUM },
	{ HINT_NEAR_NEVER, near_never, 1, HINT_MEDIUM },
	{ HINT_BREAK_IN, broken_in, 10, HINT_HIGH },
	{ HINT_BREAK_IN, broken_in_by_many, 3, HINT_MEDIUM },
	{ HINT_ATTACK, attack, 5, HINT_MEDIUM },
	{ HINT_HARVEST, harvest, 10, HINT_MEDIUM },
	{ HINT_AGAIN, again, 3, HINT_MEDIUM },
	{ HINT_NEIGHBOURS, neighbours, 3, HINT_MEDIUM },
};

static void
clear(void)
{
	facts = (struct hint_facts){ .since = NOW - HINT_SPAN_S };
	(void)addr_parse(S("203.0.113.10"), &facts.addr);
}

static const struct hint *
find(enum hint_kind kind)
{
	static struct hint found[HINT_KINDS];
	unsigned n = hint_find(&facts, found);

	for (unsigned i = 0; i < n; i++) {
		if (found[i].kind == kind)
			return &found[i];
	}
	return NULL;
}

static void
test_each_rule_holds_at_its_boundary_and_not_before(void **state)
{
	bool is_tried[HINT_KINDS] = { false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		clear();
		r->fill(r->at - 1);
		if (find(r->kind))
			fail_msg("row %zu: %s holds one below", i,
				hint_types[r->kind].id);
		clear();
		r->fill(r->at);
		const struct hint *h = find(r->kind);
		if (!h || h->confidence != r->confidence)
			fail_msg("row %zu: %s: %s", i, hint_types[r->kind].id,
				h ? hint_confidence_names[h->confidence]
				  : "not found");
		is_tried[r->kind] = true;
	}
	for (int k = 0; k < HINT_KINDS; k++)
		assert_true(is_tried[k]);
}

/* Confidence grows at its own boundary. */
static void
test_more_makes_it_surer(void **state)
{
	static const struct {
		enum hint_kind kind;
		void (*fill)(int n);
		int at;
		enum hint_confidence below, from;
	} steps[] = {
		{ HINT_ATTACK, attack, 10, HINT_MEDIUM, HINT_HIGH },
		{ HINT_HARVEST, harvest, 50, HINT_MEDIUM, HINT_HIGH },
		{ HINT_AGAIN, again, 10, HINT_MEDIUM, HINT_HIGH },
		{ HINT_NEIGHBOURS, neighbours, 10, HINT_MEDIUM, HINT_HIGH },
		{ HINT_SHARED, shared_users, 10, HINT_MEDIUM, HINT_HIGH },
		{ HINT_FORWARDER, forwarder_good, 100, HINT_LOW, HINT_MEDIUM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		clear();
		steps[i].fill(steps[i].at - 1);
		assert_int_equal(
			find(steps[i].kind)->confidence, steps[i].below);
		clear();
		steps[i].fill(steps[i].at);
		assert_int_equal(
			find(steps[i].kind)->confidence, steps[i].from);
	}
}

static void
test_intervals_must_be_regular(void **state)
{
	(void)state;
	clear();
	trusted("ann", 9000); /* the first gap is 4000 s, the others 100 */
	regular("ann", 5, 100);
	assert_null(find(HINT_PASSWORD_CHANGED));
	clear();
	login("ann", true, 9000);
	regular("ann", 4, 100);
	login("ann", false, 5000 - 400 - 60); /* gaps 100, 100, 100, 160 */
	assert_null(find(HINT_PASSWORD_CHANGED));
	clear();
	login("ann", true, 9000);
	regular("ann", 4, 100);
	login("ann", false, 5000 - 400 - 40);
	const struct hint *h = find(HINT_PASSWORD_CHANGED);
	assert_non_null(h);
	assert_string_equal(h->numbers[1].name, "interval_s");
	assert_int_equal(h->numbers[1].value, 110);
	assert_true(str_eq(h->account, S("ann")));
}

static void
test_a_guess_that_came_true_is_no_known_user(void **state)
{
	(void)state;
	clear();
	broken_in(10);
	assert_null(find(HINT_KNOWN_USER));
	clear();
	broken_in(9);
	assert_non_null(find(HINT_KNOWN_USER));
	clear();
	trusted("ann", 600); /* it had logged in from there before */
	broken_in(10);
	assert_null(find(HINT_BREAK_IN));
	assert_int_equal(find(HINT_KNOWN_USER)->confidence, HINT_HIGH);
}

static void
test_one_success_ends_the_signs_of_an_attack(void **state)
{
	(void)state;
	clear();
	attack(20);
	again(9);
	login("ann", true, 50);
	assert_null(find(HINT_ATTACK));
	assert_null(find(HINT_AGAIN));
	clear();
	harvest(60);
	mail(EVENT_GOOD_RECIPIENT, 1, 10);
	assert_null(find(HINT_HARVEST));
}

static void
test_old_and_joined_events_are_passed_over(void **state)
{
	struct event ev = { .kind = EVENT_LOGIN_FAILURE,
		.time = NOW - HINT_SPAN_S,
		.account = S("ann") };

	(void)state;
	clear();
	hint_facts_add(&facts,
		&(struct hint_event){ &ev, ev.kind, OUTCOME_SCORED, 0 });
	assert_int_equal(facts.failed, 0);
	ev.time++;
	hint_facts_add(&facts,
		&(struct hint_event){ &ev, ev.kind, OUTCOME_JOINED, 0 });
	assert_int_equal(facts.failed, 0);
	hint_facts_add(&facts,
		&(struct hint_event){ &ev, ev.kind, OUTCOME_SCORED, 0 });
	assert_int_equal(facts.failed, 1);
}

static void
test_many_accounts_are_counted_not_all_told_apart(void **state)
{
	(void)state;
	clear();
	attack(3 * HINT_ACCOUNTS_MAX);
	assert_int_equal(facts.accounts_n, HINT_ACCOUNTS_MAX);
	assert_int_equal(facts.failed, 3 * HINT_ACCOUNTS_MAX);
	login("NAME0", false, 1);
	assert_int_equal(facts.accounts[0].failed, 2);
}

static void
test_kinds_have_names_and_sides(void **state)
{
	enum hint_kind kind;
	struct hint two[] = { { .kind = HINT_YOU }, { .kind = HINT_ATTACK } };

	(void)state;
	for (int k = 0; k < HINT_KINDS; k++) {
		assert_true(hint_kind_find(str_of(hint_types[k].id), &kind));
		assert_int_equal(kind, k);
		assert_non_null(hint_types[k].actions[0]);
	}
	assert_false(hint_kind_find(S("any"), &kind));
	assert_int_equal(
		hint_bits(two, 2), 1 << HINT_YOU | UINT64_C(1) << HINT_ATTACK);
	assert_true(hint_innocent_bits() & 1 << HINT_YOU);
	assert_false(hint_innocent_bits() & UINT64_C(1) << HINT_ATTACK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_each_rule_holds_at_its_boundary_and_not_before),
		cmocka_unit_test(test_more_makes_it_surer),
		cmocka_unit_test(test_intervals_must_be_regular),
		cmocka_unit_test(test_a_guess_that_came_true_is_no_known_user),
		cmocka_unit_test(test_one_success_ends_the_signs_of_an_attack),
		cmocka_unit_test(test_old_and_joined_events_are_passed_over),
		cmocka_unit_test(
			test_many_accounts_are_counted_not_all_told_apart),
		cmocka_unit_test(test_kinds_have_names_and_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
