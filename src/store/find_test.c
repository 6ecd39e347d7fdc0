/* SPDX-License-Identifier: ISC */
#include "store/fixture.h"
#include "store/sql.h"

#define DAY_S INT64_C(86400)

static struct found
find_prefix(struct fixture *f, const char *text)
{
	struct prefix p = fixture_prefix(text);

	return fixture_find(
		f, (struct store_query){ .prefix = &p, .kind = -1 });
}

static void
test_a_prefix_finds_exactly_what_it_covers(void **state)
{
	static const char *const addrs[] = { "0.0.0.0", "192.0.2.0",
		"192.0.2.255", "192.0.3.0", "127.255.255.255", "128.0.0.0",
		"255.255.255.255", "::", "::1",
		"2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
		"2001:db8:0:1::", "2001:db8::8000:0:0:0", "7fff:ffff::",
		"8000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::fffe:1:2", "0:0:0:0:8000::", "0:0:0:0:0:ffff:ffff:ffff" };
	static const char *const prefixes[] = { "0.0.0.0/0", "192.0.2.0/24",
		"192.0.2.0", "128.0.0.0/1", "::/0", "::/64", "::/80", "::/65",
		"::/96", "2001:db8::/64", "2001:db8::/63", "2001:db8::/32",
		"2001:db8::8000:0:0:0/65", "8000::/1", "::/1", "ffff::/16",
		"0:0:0:0:8000::/65", "2001:db8::/128" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(addrs); i++) {
		struct store_event e = fixture_event(i + 1, addrs[i]);

		fixture_add(f, &e);
	}
	fixture_ok(f, store_commit(f->store, &f->err));
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		struct prefix p = fixture_prefix(prefixes[i]);
		struct found seen = find_prefix(f, prefixes[i]);
		unsigned want = 0;

		for (size_t k = 0; k < ARRAY_LEN(addrs); k++) {
			struct prefix one = fixture_prefix(addrs[k]);

			want += prefix_covers(&p, &one);
		}
		if (seen.n != want)
			fail_msg("%s: %u instead of %u", prefixes[i], seen.n,
				want);
	}
}

/* Rows on both sides of the border between two eras. */
static void
add_many(struct fixture *f, uint64_t first, unsigned n)
{
	for (uint64_t id = first; id < first + n; id++) {
		struct store_event e = fixture_event(
			id, id % 2 ? "192.0.2.1" : "2001:db8::1");

		e.event.time = AT + (int64_t)(id - first);
		e.event.account = id % 3 ? S("ann") : S("bob");
		e.kind = id % 5 ? EVENT_AUTH_FAILURE : EVENT_VIRUS;
		fixture_add(f, &e);
	}
	fixture_ok(f, store_commit(f->store, &f->err));
}

static void
test_pages_of_events_go_on_where_the_last_ended(void **state)
{
	struct fixture *f = *state;
	struct prefix p = fixture_prefix("192.0.2.1");
	struct store_query q = { .prefix = &p, .kind = -1, .limit = 7 };
	uint64_t next = ERA_EVENTS + 19;
	struct found seen;

	add_many(f, ERA_EVENTS - 20, 40);
	for (unsigned page = 0; page < 3; page++) {
		seen = fixture_find(f, q);
		assert_int_equal(seen.n, page < 2 ? 7 : 6);
		for (unsigned i = 0; i < seen.n; i++, next -= 2)
			assert_int_equal(seen.ids[i], next);
		q.before = seen.ids[seen.n - 1];
	}
	q.before = 0;
	q.is_oldest_first = true;
	q.after = ERA_EVENTS - 5;
	seen = fixture_find(f, q);
	assert_int_equal(seen.ids[0], ERA_EVENTS - 3);
	assert_int_equal(seen.ids[6], ERA_EVENTS + 9);
}

static void
test_every_member_of_a_query_narrows(void **state)
{
	struct fixture *f = *state;
	const uint64_t first = ERA_EVENTS - 20;
	const struct {
		struct store_query q;
		unsigned want;
	} rows[] = {
		{ { .kind = -1 }, 40 },
		{ { .kind = EVENT_VIRUS }, 8 },
		{ { .kind = EVENT_SPAM }, 0 },
		{ { .kind = -1, .account = S("bob") }, 13 },
		{ { .kind = -1, .account = S("nobody") }, 0 },
		{ { .kind = -1, .source = S("postfix-log") }, 40 },
		{ { .kind = -1, .source = S("smtp") }, 0 },
		{ { .kind = -1, .service = S("smtp") }, 40 },
		{ { .kind = -1, .since = AT + 10 }, 30 },
		{ { .kind = -1, .until = AT + 10 }, 11 },
		{ { .kind = -1, .since = AT + 18, .until = AT + 21 }, 4 },
		{ { .kind = -1, .limit = 3 }, 3 },
		{ { .kind = -1, .after = ERA_EVENTS }, 19 },
		{ { .kind = -1, .before = ERA_EVENTS }, 20 },
	};

	add_many(f, first, 40);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct store_query q = rows[i].q;
		unsigned up, down = fixture_find(f, q).n;

		q.is_oldest_first = true;
		up = fixture_find(f, q).n;
		if (down != rows[i].want || up != rows[i].want)
			fail_msg("row %zu: %u, %u instead of %u", i, down, up,
				rows[i].want);
	}
}

static void
test_trim_drops_what_is_too_old_but_the_newest(void **state)
{
	struct fixture *f = *state;
	struct settings s = { .retention_days = 30, .retention_mib = 1024 };
	struct found seen;
	bool more;

	add_many(f, ERA_EVENTS - 20, 40);
	assert_int_equal(
		store_trim(f->store, &s, AT + 30 * DAY_S + 35, &more, &f->err),
		0);
	assert_false(more);
	seen = fixture_find(f, (struct store_query){ .kind = -1 });
	assert_int_equal(seen.n, 5);
	assert_int_equal(fixture_find(f, (struct store_query){ .kind = -1,
						 .account = S("ann") })
				 .n,
		4);
	assert_int_equal(
		store_trim(f->store, &s, AT + 90 * DAY_S, &more, &f->err), 0);
	assert_int_equal(
		fixture_find(f, (struct store_query){ .kind = -1 }).n, 1);
	fixture_reopen(f);
	assert_int_equal(f->opened.last_event, ERA_EVENTS + 19);
}

static void
test_trim_keeps_the_log_below_its_size(void **state)
{
	struct fixture *f = *state;
	struct settings s = { .retention_days = 30, .retention_mib = 1 };
	unsigned slices = 0;
	bool more = true;

	add_many(f, 1, 30000);
	while (more) {
		assert_int_equal(
			store_trim(f->store, &s, AT, &more, &f->err), 0);
		slices++;
	}
	assert_in_range(slices, 5, 29);
	/* The oldest have gone, the newest are there. */
	assert_int_equal(fixture_find(f, (struct store_query){ .kind = -1,
						 .before = 5000 })
				 .n,
		0);
	assert_int_equal(fixture_find(f, (struct store_query){ .kind = -1,
						 .after = 29000 })
				 .n,
		1000);
}

static bool
is_forgiven(struct fixture *f, uint64_t id)
{
	struct store_query q = {
		.kind = -1, .after = id - 1, .before = id + 1
	};
	struct found seen = fixture_find(f, q);

	assert_int_equal(seen.n, 1);
	return seen.last.is_forgiven;
}

static void
test_a_removed_block_forgives_the_events_before_it(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.0/24");
	struct store_event e = fixture_event(1, "192.0.2.1");

	fixture_add(f, &e);
	e = fixture_event(2, "192.0.3.1");
	fixture_add(f, &e);
	assert_int_equal(store_add_block(f->store, &b, NULL, &f->err), 0);
	assert_int_equal(
		store_end_block(f->store, &b.block, AT + 5, S("me"), &f->err),
		0);
	e = fixture_event(3, "192.0.2.1");
	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	assert_true(is_forgiven(f, 1));
	assert_false(is_forgiven(f, 2));
	assert_false(is_forgiven(f, 3));
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_prefix_finds_exactly_what_it_covers),
		T(test_pages_of_events_go_on_where_the_last_ended),
		T(test_every_member_of_a_query_narrows),
		T(test_trim_drops_what_is_too_old_but_the_newest),
		T(test_trim_keeps_the_log_below_its_size),
		T(test_a_removed_block_forgives_the_events_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
