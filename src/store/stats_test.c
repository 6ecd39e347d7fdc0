/* SPDX-License-Identifier: ISC */
#include "base/def.h"
#include "store/fixture.h"
#include "store/sql.h"

/* Rows as they come, one line each. */
static int
on_count(void *ctx, const struct store_count *c)
{
	buf_printf(ctx, "%jd:%d=%ju ", (intmax_t)c->from - AT, c->kind,
		(uintmax_t)c->n);
	return 0;
}

static int
on_top(void *ctx, const struct store_top *t)
{
	char text[ADDR_TEXT_MAX];

	buf_printf(ctx, "%s%.*s=%ju ",
		t->account.n ? "" : addr_format(&t->addr, text),
		(int)t->account.n, t->account.p, (uintmax_t)t->n);
	return 0;
}

/* Across the border of two eras, a minute between two events. */
static struct store_reader *
open_filled(struct fixture *f)
{
	static const char *const addrs[] = { "192.0.2.1", "2001:db8::1",
		"192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:db8::1" };

	for (unsigned i = 0; i < ARRAY_LEN(addrs); i++) {
		struct store_event e = fixture_event(
			ERA_EVENTS - 3 + i, addrs[i]);

		e.event.time = AT + i * 60;
		e.event.account = i < 4 ? S("ann") : S("bob");
		e.kind = i == 5 ? EVENT_VIRUS : EVENT_AUTH_FAILURE;
		fixture_add(f, &e);
	}
	fixture_ok(f, store_commit(f->store, &f->err));
	struct store_reader *r = store_reader_open(f->folder, &f->err);
	assert_non_null(r);
	return r;
}

static void
test_counts_by_bucket_and_kind(void **state)
{
	struct fixture *f = *state;
	struct store_reader *r = open_filled(f);
	struct buf seen = { 0 };
	const struct store_stretch s = { AT + 60, AT + 300, 120 };

	fixture_ok(f, store_count_kinds(r, &s, on_count, &seen, &f->err));
	assert_string_equal(buf_text(&seen), "60:0=2 180:0=2 300:6=1 ");
	buf_free(&seen);
	store_reader_close(r);
}

static void
test_tops_come_in_order(void **state)
{
	struct fixture *f = *state;
	struct store_reader *r = open_filled(f);
	struct buf seen = { 0 };
	struct store_tops q = { STORE_TOP_ADDRESS, AT, AT + 300, 2 };

	fixture_ok(f, store_find_tops(r, &q, on_top, &seen, &f->err));
	q.by = STORE_TOP_ACCOUNT;
	q.since = AT + 180;
	fixture_ok(f, store_find_tops(r, &q, on_top, &seen, &f->err));
	assert_string_equal(
		buf_text(&seen), "192.0.2.1=3 2001:db8::1=2 bob=2 ann=1 ");
	buf_free(&seen);
	store_reader_close(r);
}

static int
on_neighbour(void *ctx, const struct addr *addr, uint64_t n)
{
	char text[ADDR_TEXT_MAX];

	buf_printf(ctx, "%s=%ju ", addr_format(addr, text), (uintmax_t)n);
	return 0;
}

static void
test_neighbours_are_those_of_the_prefix(void **state)
{
	static const char *const prefixes[] = { "192.0.2.0/24", "192.0.2.2/32",
		"2001:db8::/64" };
	struct fixture *f = *state;
	struct store_reader *r = open_filled(f);
	struct buf seen = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		struct prefix p = fixture_prefix(prefixes[i]);

		fixture_ok(f, store_find_neighbours(
				      r, &p, 0, on_neighbour, &seen, &f->err));
		buf_addc(&seen, '|');
	}
	/* The newer era first. */
	assert_string_equal(buf_text(&seen),
		"192.0.2.1=1 192.0.2.2=1 192.0.2.1=2 |192.0.2.2=1 |"
		"2001:db8::1=1 2001:db8::1=1 |");
	buf_free(&seen);
	store_reader_close(r);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_counts_by_bucket_and_kind),
		T(test_tops_come_in_order),
		T(test_neighbours_are_those_of_the_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
