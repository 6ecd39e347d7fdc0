/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/def.h"
#include "core/hints.h"
#include "store/fixture.h"

#define DAY_S INT64_C(86400)

enum {
	SEEN_MAX = 256,
};

struct seen {
	unsigned n;
	uint64_t ids[SEEN_MAX];
	struct block block;
	struct store_event event;
	int64_t removed;
	uint64_t hints;
	char text[256];
};

static void
note_texts(struct seen *seen, struct str a, struct str b, struct str c)
{
	snprintf(seen->text, sizeof(seen->text), "%.*s|%.*s|%.*s", (int)a.n,
		a.n ? a.p : "", (int)b.n, b.n ? b.p : "", (int)c.n,
		c.n ? c.p : "");
}

static int
on_block(void *ctx, const struct store_block *b)
{
	struct seen *seen = ctx;

	seen->ids[seen->n++ % SEEN_MAX] = b->block.id;
	seen->block = b->block;
	seen->removed = b->removed;
	seen->hints = b->hints;
	note_texts(seen, b->by, b->note, b->removed_by);
	return 0;
}

static int
on_event(void *ctx, const struct store_event *e)
{
	struct seen *seen = ctx;

	seen->ids[seen->n++ % SEEN_MAX] = e->id;
	seen->event = *e;
	note_texts(seen, e->event.source, e->event.account, e->event.detail);
	return 0;
}

static struct seen
load(struct fixture *f, int64_t since)
{
	struct seen seen = { .n = 0 };

	fixture_ok(f,
		store_load_blocks(f->store, since, on_block, &seen, &f->err));
	return seen;
}

static struct seen
find(struct fixture *f, const char *text, uint64_t before, unsigned limit)
{
	struct prefix p = text ? fixture_prefix(text) : (struct prefix){ 0 };
	struct seen seen = { .n = 0 };

	fixture_ok(f, store_find_blocks(f->store, text ? &p : NULL, before,
			      limit, on_block, &seen, &f->err));
	return seen;
}

static void
test_a_block_comes_back_whole(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(3, "2001:db8::/64");
	struct seen seen;

	b.block.cause_addr = fixture_prefix("2001:db8::5").addr;
	b.block.cause = 77;
	b.block.component = COMPONENT_LOGIN;
	b.block.is_observed = true;
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	b = fixture_block(9, "192.0.2.0/24");
	b.block.origin = ORIGIN_MANUAL;
	b.by = S("ann");
	b.note = S("a \"note\"");
	b.block.until = AT + ENGINE_NO_END_S;
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_reopen(f);
	assert_int_equal(f->opened.last_block, 9);
	assert_int_equal(f->opened.last_event, 77);
	seen = load(f, AT + 3600);
	assert_int_equal(seen.n, 1);
	assert_memory_equal(&seen.block, &b.block, sizeof(b.block));
	assert_string_equal(seen.text, "ann|a \"note\"|");
	seen = load(f, AT + 3599);
	assert_int_equal(seen.n, 2);
	seen = find(f, "2001:db8::5", 0, 5);
	assert_int_equal(seen.block.id, 3);
	assert_int_equal(seen.block.component, COMPONENT_LOGIN);
	assert_int_equal(seen.block.origin, ORIGIN_AUTOMATIC);
	assert_true(seen.block.is_observed);
	assert_int_equal(seen.block.cause_addr.b[15], 5);
	assert_int_equal(seen.block.score, 1000);
	assert_int_equal(seen.block.threshold, 1000);
}

static void
test_a_removed_block_stays_in_the_history(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct seen seen;

	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_ok(f, store_end_block(
			      f->store, &b.block, AT + 60, S("bob"), &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
	assert_int_equal(load(f, AT + 60).n, 0);
	seen = find(f, NULL, 0, 10);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.block.until, AT + 60);
	assert_int_equal(seen.removed, AT + 60);
	assert_string_equal(seen.text, "||bob");
}

static void
test_blocks_are_found_that_cover_or_lie_inside(void **state)
{
	static const char *const all[] = { "192.0.2.1", "192.0.2.0/24",
		"192.0.2.128/25", "192.0.0.0/16", "192.0.3.0", "0.0.0.0/0",
		"2001:db8::/64", "2001:db8::/32", "::/0", "192.0.2.1" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct store_block b = fixture_block(i + 1, all[i]);

		fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	}
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct prefix p = fixture_prefix(all[i]);
		unsigned want = 0;

		for (size_t k = 0; k < ARRAY_LEN(all); k++) {
			struct prefix q = fixture_prefix(all[k]);

			want += prefix_covers(&p, &q) || prefix_covers(&q, &p);
		}
		if (find(f, all[i], 0, 100).n != want)
			fail_msg("%s: %u instead of %u", all[i],
				find(f, all[i], 0, 100).n, want);
	}
	assert_int_equal(find(f, "192.0.2.1", 10, 2).ids[0], 6);
	assert_int_equal(find(f, "192.0.2.1", 10, 2).ids[1], 4);
	assert_int_equal(find(f, NULL, 4, 2).ids[1], 2);
}

static struct explanation
why_of(const char *prefix, unsigned n)
{
	struct explanation why = { .component = COMPONENT_SMTP,
		.at = AT + 1000,
		.score = 1050,
		.threshold = 1000,
		.period_s = 900 };

	why.key = fixture_prefix(prefix);
	why.weight[EVENT_AUTH_FAILURE] = 50;
	why.weight[EVENT_VIRUS] = 1000000;
	why.tally.count[EVENT_AUTH_FAILURE] = n;
	why.tally.count[EVENT_GOOD_RECIPIENT] = 3;
	return why;
}

static void
add_event(struct fixture *f, uint64_t id, const char *addr, int64_t time,
	enum outcome outcome)
{
	struct store_event e = fixture_event(id, addr);

	e.event.time = time;
	e.outcome = outcome;
	e.event.account = S("ann");
	e.event.detail = S("535");
	fixture_ok(f, store_add_event(f->store, &e, &f->err));
}

static void
remove_events_db(struct fixture *f)
{
	store_close(f->store);
	assert_int_equal(remove(fixture_path(f, "events.db")), 0);
	assert_non_null(fixture_open(f));
}

static void
test_a_block_keeps_its_events_when_the_log_is_lost(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(5, "2001:db8::/64");
	struct explanation why = why_of("2001:db8::/64", 2);
	struct seen seen = { .n = 0 };
	struct store_why got;

	b.block.cause = 7;
	add_event(f, 1, "2001:db8::1", AT + 100, OUTCOME_SCORED); /* too old */
	add_event(f, 2, "2001:db8::1", AT + 101, OUTCOME_SCORED);
	add_event(f, 3, "2001:db8:0:1::1", AT + 102, OUTCOME_SCORED);
	fixture_ok(f, store_commit(f->store, &f->err));
	add_event(f, 4, "2001:db8::2", AT + 103, OUTCOME_BLOCKED);
	add_event(f, 5, "2001:db8::2", AT + 103, OUTCOME_REPEAT);
	add_event(f, 6, "2001:db8::2", AT + 103, OUTCOME_JOINED);
	add_event(f, 7, "2001:db8::3", AT + 1000, OUTCOME_SCORED);
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
	remove_events_db(f);
	assert_int_equal(f->opened.last_event, 7);
	fixture_ok(f,
		store_block_why(f->store, 5, &got, on_event, &seen, &f->err));
	assert_true(got.is_found);
	assert_int_equal(got.why.score, 1050);
	assert_int_equal(got.why.threshold, 1000);
	assert_int_equal(got.why.period_s, 900);
	assert_int_equal(got.why.at, AT + 1000);
	assert_int_equal(got.why.component, COMPONENT_SMTP);
	assert_true(prefix_eq(&got.why.key, &why.key));
	assert_memory_equal(got.why.weight, why.weight, sizeof(why.weight));
	assert_memory_equal(&got.why.tally, &why.tally, sizeof(why.tally));
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.ids[0], 2);
	assert_int_equal(seen.ids[1], 6);
	assert_int_equal(seen.ids[2], 7);
	assert_int_equal(seen.event.event.time, AT + 1000);
	assert_int_equal(seen.event.points, 50);
	assert_string_equal(seen.text, "postfix-log|ann|535");
	fixture_ok(f,
		store_block_why(f->store, 6, &got, on_event, &seen, &f->err));
	assert_false(got.is_found);
}

/* Five accounts fail, or one that is trusted from there. */
static void
test_a_block_keeps_what_the_log_hinted_at(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e" };
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct explanation why = why_of("192.0.2.1", 5);
	struct store_event e = fixture_event(1, "192.0.2.1");

	e.kind = e.event.kind = EVENT_LOGIN_FAILURE;
	e.event.time = AT;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		e.id = i + 1;
		e.event.account = str_of(names[i]);
		fixture_ok(f, store_add_event(f->store, &e, &f->err));
	}
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	e.id = 6;
	e.event.addr = fixture_prefix("192.0.2.2").addr;
	e.marks = MARK_TRUSTED;
	fixture_ok(f, store_add_event(f->store, &e, &f->err));
	b = fixture_block(2, "192.0.2.2");
	why = why_of("192.0.2.2", 1);
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	b = fixture_block(3, "192.0.2.3");
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	assert_int_equal(
		find(f, "192.0.2.1", 0, 1).hints, UINT64_C(1) << HINT_ATTACK);
	assert_int_equal(find(f, "192.0.2.2", 0, 1).hints,
		UINT64_C(1) << HINT_KNOWN_USER);
	assert_int_equal(find(f, "192.0.2.3", 0, 1).hints, 0);
}

static void
test_a_block_keeps_the_newest_events_only(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct explanation why = why_of("192.0.2.1", 300);
	struct seen seen = { .n = 0 };
	struct store_why got;

	for (uint64_t id = 1; id <= 300; id++)
		add_event(f, id, "192.0.2.1", AT + 500, OUTCOME_SCORED);
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	fixture_ok(f,
		store_block_why(f->store, 1, &got, on_event, &seen, &f->err));
	assert_int_equal(seen.n, 200);
	assert_int_equal(seen.ids[0], 101);
	assert_int_equal(seen.ids[199], 300);
}

static void
test_a_second_block_keeps_only_what_counted_for_it(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct explanation why = why_of("192.0.2.1", 1);
	struct seen seen = { .n = 0 };
	struct store_why got;

	add_event(f, 1, "192.0.2.1", AT + 500, OUTCOME_SCORED);
	add_event(f, 2, "192.0.2.1", AT + 900, OUTCOME_SCORED);
	why.rows_n = 1;
	why.rows[0].time = AT + 900;
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	fixture_ok(f,
		store_block_why(f->store, 1, &got, on_event, &seen, &f->err));
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.ids[0], 2);
}

static void
test_history_is_dropped_after_30_days(void **state)
{
	struct settings s = { .retention_days = 30, .retention_mib = 1024 };
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct explanation why = why_of("192.0.2.1", 1);
	struct seen seen = { .n = 0 };
	struct store_why got;
	bool more;

	add_event(f, 1, "192.0.2.1", AT + 900, OUTCOME_SCORED);
	fixture_ok(f, store_add_block(f->store, &b, &why, &f->err));
	b = fixture_block(2, "192.0.2.2");
	b.block.until = AT + ENGINE_NO_END_S;
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_ok(f, store_trim(f->store, &s, AT + 3600 + 30 * DAY_S, &more,
			      &f->err));
	assert_int_equal(find(f, NULL, 0, 10).n, 2);
	fixture_ok(f, store_trim(f->store, &s, AT + 3601 + 30 * DAY_S, &more,
			      &f->err));
	assert_int_equal(find(f, NULL, 0, 10).n, 1);
	fixture_ok(f,
		store_block_why(f->store, 1, &got, on_event, &seen, &f->err));
	assert_false(got.is_found);
	assert_int_equal(seen.n, 0);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_block_comes_back_whole),
		T(test_a_removed_block_stays_in_the_history),
		T(test_blocks_are_found_that_cover_or_lie_inside),
		T(test_a_block_keeps_its_events_when_the_log_is_lost),
		T(test_a_block_keeps_what_the_log_hinted_at),
		T(test_a_block_keeps_the_newest_events_only),
		T(test_a_second_block_keeps_only_what_counted_for_it),
		T(test_history_is_dropped_after_30_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
