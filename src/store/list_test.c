/* SPDX-License-Identifier: ISC */
#include "store/list.h"

#include "store/fixture.h"

static const char *const origins[] = { "automatic", "manual", NULL };
static const char *const components[] = { "smtp", "login", NULL };
static const char *const states[] = { "active", "expired", "removed", NULL };
static const struct query_field rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL, "" },
	{ "origin", QUERY_ORIGIN, QUERY_IS_CHOICE, origins, "" },
	{ "component", QUERY_COMPONENT, QUERY_IS_CHOICE, components, "" },
	{ "state", QUERY_STATE, QUERY_IS_CHOICE, states, "" },
	{ "score", QUERY_SCORE, QUERY_IS_NUMBER, NULL, "" },
	{ "by", QUERY_BY, QUERY_IS_NAME, NULL, "" },
	{ "note", QUERY_NOTE, QUERY_IS_PART, NULL, "" },
	{ "hint", QUERY_HINT, QUERY_IS_HINT, NULL, "" },
	{ "expires", QUERY_EXPIRES, QUERY_IS_END, NULL, "" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL, "" },
	{ "until", QUERY_UNTIL, QUERY_IS_TIME, NULL, "" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL, "" },
};
static const struct query_fields fields = { rows, ARRAY_LEN(rows) };

#define NOW (AT + 1000)

/* Numbers from 1 on; every third by hand, every seventh removed. */
static void
add_blocks(struct fixture *f, unsigned n)
{
	for (unsigned i = 1; i <= n; i++) {
		struct store_block b = fixture_block(i, "192.0.2.0");

		b.block.prefix.addr.b[14] = (uint8_t)(i >> 8);
		b.block.prefix.addr.b[15] = (uint8_t)i;
		b.block.from = AT + i % 500;
		b.block.until = NOW - 200 + (int64_t)(i * 7 % 400);
		b.block.score = i;
		b.block.component = i % 2 ? COMPONENT_LOGIN : COMPONENT_SMTP;
		if (i % 3 == 0) {
			b.block.origin = ORIGIN_MANUAL;
			b.by = i % 2 ? S("ann") : S("anton");
			b.note = S("A Ticket");
		}
		fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
		if (i % 7 == 0)
			fixture_ok(f, store_end_block(f->store, &b.block,
					      NOW - 1, S("bob"), &f->err));
	}
	fixture_ok(f, store_commit(f->store, &f->err));
}

/* What came, and whether in order. */
struct seen {
	enum store_sort sort;
	unsigned n, stop_at;
	struct store_place last;
	bool is_disordered;
};

static bool
is_behind(enum store_sort sort, const struct store_place *a,
	const struct store_place *b)
{
	bool is_down = sort == STORE_BY_NEWEST || sort == STORE_BY_LAST_END;
	int by_addr = memcmp(a->addr.b, b->addr.b, sizeof(a->addr.b));

	if (a->key != b->key)
		return is_down ? b->key < a->key : b->key > a->key;
	if (sort == STORE_BY_ADDRESS && by_addr)
		return by_addr < 0;
	return is_down ? b->id < a->id : b->id > a->id;
}

static int
on_block(void *ctx, const struct store_block *b)
{
	struct seen *s = ctx;
	struct store_place p = store_place_of(s->sort, b);

	s->is_disordered |= s->n && !is_behind(s->sort, &s->last, &p);
	s->last = p;
	return ++s->n == s->stop_at;
}

/* All of a search, in pages of @page rows. */
static unsigned
count(struct fixture *f, const char *text, enum store_sort sort, unsigned page)
{
	const struct query_input in = { str_of(text), &fields, NOW };
	struct store_list l = { .sort = sort, .now = NOW };
	struct seen s = { .sort = sort, .stop_at = page };
	struct arena arena = { 0 };
	struct query_error err;
	struct query q;

	if (query_parse(&in, &arena, &q, &err))
		fail_msg("%s: %u: %s", text, err.column, err.text);
	l.query = &q;
	while (!l.is_end) {
		int rc = store_list_blocks(f->store, &l, on_block, &s, &f->err);

		assert_in_range(rc, 0, 1);
		s.stop_at = s.n + page;
	}
	arena_free(&arena);
	if (s.is_disordered)
		fail_msg("%s: sort %d is out of order", text, (int)sort);
	return s.n;
}

static void
test_every_field_narrows_in_every_order(void **state)
{
	static const struct {
		const char *text;
		unsigned want;
	} cases[] = {
		{ "", 420 },
		{ "state:removed", 60 },
		{ "-state:removed", 360 },
		{ "state:active", 171 },
		{ "state:expired", 189 },
		{ "state:active,expired", 360 },
		{ "origin:manual", 140 },
		{ "origin:automatic", 280 },
		{ "component:login", 140 },
		{ "component:smtp", 140 },
		{ "-component:smtp,login", 140 },
		{ "by:ann", 70 },
		{ "by:an*", 140 },
		{ "-by:ann", 350 },
		{ "note:ticket", 140 },
		{ "note:none", 0 },
		{ "TICKET", 140 },
		{ "bob", 60 },
		{ "score<=10", 10 },
		{ "score:7,8,9", 3 },
		{ "ip:192.0.0.5", 1 },
		{ "ip:192.0.1.0/24", 165 },
		{ "-ip:192.0.1.0/24", 255 },
		{ "ip:192.0.0.5,192.0.0.6", 2 },
		{ "ip:2001:db8::/32", 0 },
		{ "since:1000s", 420 },
		{ "since:900s until:890s", 11 },
		{ "hint:any", 0 },
		{ "state:active origin:manual by:ann", 30 },
	};
	struct fixture *f = *state;

	add_blocks(f, 420);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int sort = 0; sort < STORE_SORTS; sort++) {
			unsigned n = count(
				f, cases[i].text, (enum store_sort)sort, 37);

			if (n != cases[i].want)
				fail_msg("%s: sort %d: %u instead of %u",
					cases[i].text, sort, n, cases[i].want);
		}
	}
}

static void
test_what_ends_soon(void **state)
{
	struct fixture *f = *state;
	unsigned soon, later;

	add_blocks(f, 420);
	soon = count(f, "state:active expires<100s", STORE_BY_END, 1000);
	later = count(f, "state:active expires>=100s", STORE_BY_END, 1000);
	assert_true(soon && later);
	assert_int_equal(soon + later, 171);
}

/* More than an index may name: the table is walked in order. */
static void
test_a_wide_search_gives_the_same(void **state)
{
	struct fixture *f = *state;

	add_blocks(f, 16000);
	for (int sort = 0; sort < STORE_SORTS; sort++) {
		assert_int_equal(
			count(f, "origin:manual", (enum store_sort)sort, 1000),
			5333);
		assert_int_equal(count(f, "origin:manual score<=30",
					 (enum store_sort)sort, 3),
			10);
	}
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_every_field_narrows_in_every_order),
		T(test_what_ends_soon),
		T(test_a_wide_search_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
