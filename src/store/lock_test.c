/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "store/fixture.h"

struct seen {
	unsigned n;
	struct store_lock last;
	char account[64];
};

static int
on_lock(void *ctx, const struct store_lock *l)
{
	struct seen *s = ctx;

	s->n++;
	s->last = *l;
	memset(s->account, 0, sizeof(s->account));
	memcpy(s->account, l->lock.account.p, l->lock.account.n);
	return 0;
}

static struct store_lock
lock_of(uint64_t cause, struct str account, const char *prefix)
{
	struct store_lock l = { .lock = { .cause = cause,
					.account = account,
					.from = AT,
					.until = AT + 1800 } };

	if (prefix)
		l.lock.key = fixture_prefix(prefix);
	l.lock.is_anywhere = !prefix;
	return l;
}

static void
add(struct fixture *f, struct store_lock l)
{
	fixture_ok(f, store_add_lock(f->store, &l, &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
}

static struct seen
find(struct fixture *f, struct str account, int64_t live_at)
{
	struct store_lock_query q = {
		.account = account, .live_at = live_at, .limit = 100
	};
	struct seen seen = { .n = 0 };

	fixture_ok(f, store_find_locks(f->store, &q, on_lock, &seen, &f->err));
	return seen;
}

static void
test_locks_are_kept(void **state)
{
	struct fixture *f = *state;
	struct prefix p = fixture_prefix("2001:db8::/64");
	struct seen seen = { .n = 0 };

	add(f, lock_of(7, S("Ann"), "2001:db8::/64"));
	fixture_reopen(f);
	fixture_ok(f, store_load_locks(f->store, AT, on_lock, &seen, &f->err));
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.account, "Ann");
	assert_int_equal(seen.last.lock.cause, 7);
	assert_int_equal(seen.last.lock.until, AT + 1800);
	assert_true(prefix_eq(&seen.last.lock.key, &p));
	assert_false(seen.last.lock.is_anywhere);
	/* The number of an event that it names isn't given again. */
	assert_int_equal(f->opened.last_event, 7);
}

static void
test_the_name_comes_from_the_event(void **state)
{
	struct fixture *f = *state;
	struct store_event e = fixture_event(3, "203.0.113.7");

	e.event.account = S("ann");
	fixture_add(f, &e);
	add(f, lock_of(3, (struct str){ 0 }, NULL));
	struct seen seen = find(f, S("ANN"), AT);

	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.account, "ann");
	assert_true(seen.last.lock.is_anywhere);
	/* Neither name nor event: a row that nobody could read. */
	add(f, lock_of(4, (struct str){ 0 }, NULL));
	assert_int_equal(find(f, (struct str){ 0 }, 0).n, 1);
}

static void
test_locks_end_by_hand_and_by_themselves(void **state)
{
	struct fixture *f = *state;
	struct store_unlock u = { .account = S("ANN"),
		.key = fixture_prefix("203.0.113.7"),
		.removed = AT + 60,
		.by = S("root") };
	struct store_lock lifted = lock_of(2, S("ann"), "203.0.113.8");

	add(f, lock_of(1, S("ann"), "203.0.113.7"));
	add(f, lifted);
	add(f, lock_of(3, S("bob"), "203.0.113.7"));
	fixture_ok(f, store_unlock(f->store, &u, &f->err));
	assert_int_equal(find(f, S("ann"), AT + 60).n, 1);
	assert_int_equal(find(f, S("ann"), 0).last.removed, AT + 60);
	lifted.lock.until = lifted.lock.from;
	lifted.removed = AT + 70;
	fixture_ok(f, store_end_lock(f->store, &lifted, &f->err));
	assert_int_equal(find(f, S("ann"), AT + 60).n, 0);
	assert_int_equal(find(f, S("ann"), 0).n, 2);
	assert_int_equal(find(f, (struct str){ 0 }, AT + 60).n, 1);
	u.account = S("bob");
	u.is_everywhere = true;
	fixture_ok(f, store_unlock(f->store, &u, &f->err));
	assert_int_equal(find(f, (struct str){ 0 }, AT + 60).n, 0);
}

static int
on_trust(void *ctx, const struct trust *t)
{
	struct trust *sum = ctx;

	sum->who ^= t->who;
	sum->day += t->day;
	return 0;
}

static void
test_trust_is_kept_by_its_newest_day(void **state)
{
	struct fixture *f = *state;
	const struct trust rows[] = { { UINT64_MAX - 5, 20000 },
		{ UINT64_MAX - 5, 20002 }, { UINT64_MAX - 5, 20001 },
		{ 6, 1 } };
	struct settings settings = settings_default();
	struct trust sum = { 0 };
	bool more;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		fixture_ok(f, store_add_trust(f->store, &rows[i], &f->err));
	fixture_ok(f, store_trim(f->store, &settings, INT64_C(20003) * 86400,
			      &more, &f->err));
	fixture_reopen(f);
	fixture_ok(f, store_load_trust(f->store, on_trust, &sum, &f->err));
	assert_true(sum.who == UINT64_MAX - 5);
	assert_int_equal(sum.day, 20002);
}

static void
test_marks_of_an_event_come_back(void **state)
{
	struct fixture *f = *state;
	struct store_event e = fixture_event(1, "203.0.113.7");

	e.marks = MARK_TRUSTED | MARK_FAILED | MARK_LOCKS;
	e.event.kind = EVENT_LOGIN_FAILURE;
	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	struct found found = fixture_find(
		f, (struct store_query){ .kind = -1 });

	assert_int_equal(found.last.marks, e.marks);
	assert_int_equal(found.last.event.kind, EVENT_LOGIN_FAILURE);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, fixture_make, fixture_drop)
	const struct CMUnitTest tests[] = {
		T(test_locks_are_kept),
		T(test_the_name_comes_from_the_event),
		T(test_locks_end_by_hand_and_by_themselves),
		T(test_trust_is_kept_by_its_newest_day),
		T(test_marks_of_an_event_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
