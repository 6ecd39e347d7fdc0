/* SPDX-License-Identifier: ISC */

#include "core/engine.h"

#include <stdio.h>

#include "base/def.h"
#include "base/test.h"

#define NOW INT64_C(1800000000)

/* An engine, its clock, and what the last fact came to. */
struct world {
	struct engine *e;
	struct settings settings;
	int64_t now;
	uint64_t events;
	struct effects effects;
};

static struct addr
addr_of(const char *text)
{
	struct addr a;

	assert_true(addr_parse(str_of(text), &a));
	return a;
}

static struct prefix
prefix_of(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(str_of(text), &p, NULL));
	return p;
}

static const struct engine_config config = {
	.key = { 1, 2 },
	.max_v4 = 1024,
	.max_v6 = 1024,
	.acts = 65536,
	.v6_len = 64,
};

static int
setup(void **state)
{
	static struct world w;

	w = (struct world){ .settings = settings_default(), .now = NOW };
	w.settings.mode = MODE_ENFORCE;
	w.e = engine_new(&config, &w.settings);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	engine_free(w->e);
	return 0;
}

static void
apply(struct world *w, struct fact f)
{
	engine_apply(w->e, &f, w->now, &w->effects);
}

static void
settings_change(struct world *w)
{
	apply(w, (struct fact){ FACT_SETTINGS, .settings = &w->settings });
}

/* An event, filled as far as a test doesn't care. */
static struct event
event_of(const char *addr, enum event_kind kind)
{
	return (struct event){ .kind = kind,
		.addr = addr_of(addr),
		.count = 1,
		.source = S("postfix-log"),
		.service = S("smtp") };
}

static enum outcome
report(struct world *w, struct event ev)
{
	apply(w, (struct fact){ FACT_EVENT,
			 { { .event = &ev, .event_id = ++w->events } } });
	assert_int_equal(w->effects.list[0].type, EFFECT_EVENT);
	return w->effects.list[0].event.outcome;
}

/* Tell @n acts a second apart; returns how many until a block, or 0. */
static unsigned
tell(struct world *w, const char *addr, enum event_kind kind, unsigned n)
{
	unsigned blocked_at = 0;

	for (unsigned i = 1; i <= n; i++) {
		report(w, event_of(addr, kind));
		if (w->effects.n == 2 && !blocked_at)
			blocked_at = i;
		w->now++;
	}
	return blocked_at;
}

static struct verdict
check(struct world *w, const char *addr)
{
	struct addr a = addr_of(addr);

	return engine_check(w->e, &a, w->now);
}

static bool
is_refused(struct world *w, const char *addr)
{
	return check(w, addr).word == VERDICT_REFUSE;
}

static uint32_t
score(struct world *w, const char *addr, enum component c)
{
	struct explanation why;
	struct addr a = addr_of(addr);

	engine_explain(w->e, &a, w->now, c, &why);
	return why.score;
}

static void
connect_from(struct world *w, const char *addr)
{
	apply(w, (struct fact){ FACT_CONNECT, .addr = addr_of(addr) });
}

static uint64_t
block(struct world *w, const char *prefix, int64_t span_s)
{
	struct block b = { .prefix = prefix_of(prefix),
		.from = w->now,
		.until = w->now + span_s,
		.origin = ORIGIN_MANUAL };

	apply(w, (struct fact){ FACT_BLOCK, .block = &b });
	assert_int_equal(w->effects.n, 1);
	assert_int_equal(w->effects.list[0].type, EFFECT_BLOCK);
	return w->effects.list[0].block.id;
}

static void
unblock(struct world *w, uint64_t id)
{
	apply(w, (struct fact){ FACT_UNBLOCK, .block_id = id });
}

static void
never_add(struct world *w, const char *prefix)
{
	apply(w, (struct fact){ FACT_NEVER_ADD, .prefix = prefix_of(prefix) });
}

#define A "203.0.113.7"
#define B "203.0.113.8"
#define V "2001:db8:1:2::7"

/* spec.md section 1, the vendor's example. */
static void
test_vendor_example_blocks_at_the_eleventh_unknown_recipient(void **state)
{
	struct world *w = *state;

	assert_int_equal(tell(w, A, EVENT_RELAY_DENIED, 2), 0);
	assert_int_equal(tell(w, A, EVENT_AUTH_FAILURE, 5), 0);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 450);
	assert_int_equal(tell(w, A, EVENT_BAD_RECIPIENT, 10), 0);
	assert_false(is_refused(w, A));
	assert_int_equal(tell(w, A, EVENT_BAD_RECIPIENT, 1), 1);

	const struct effect *e = &w->effects.list[1];
	assert_int_equal(e->type, EFFECT_BLOCK);
	assert_int_equal(e->block.score, 1000);
	assert_int_equal(e->block.until - e->block.from, 1800);
	assert_int_equal(e->block.cause, w->events);
	assert_true(w->effects.list[0].event.is_cause);
	assert_int_equal(e->why->tally.count[EVENT_BAD_RECIPIENT], 11);
	assert_int_equal(e->why->tally.count[EVENT_RELAY_DENIED], 2);
	assert_int_equal(e->why->score, 1000);
	assert_int_equal(e->why->rows_n, 18);
	assert_true(is_refused(w, A));
	assert_int_equal(
		report(w, event_of(A, EVENT_BAD_RECIPIENT)), OUTCOME_BLOCKED);
	assert_false(is_refused(w, B));
}

static void
test_vendor_example_blocks_with_1050_at_the_next_connection(void **state)
{
	struct world *w = *state;

	w->settings.evaluate = EVALUATE_CONNECT;
	settings_change(w);
	assert_int_equal(tell(w, A, EVENT_RELAY_DENIED, 2), 0);
	assert_int_equal(tell(w, A, EVENT_AUTH_FAILURE, 5), 0);
	assert_int_equal(tell(w, A, EVENT_BAD_RECIPIENT, 12), 0);
	assert_false(is_refused(w, A));
	connect_from(w, A);
	assert_int_equal(w->effects.n, 1);
	assert_int_equal(w->effects.list[0].type, EFFECT_BLOCK);
	assert_int_equal(w->effects.list[0].block.score, 1050);
	assert_int_equal(w->effects.list[0].block.from, w->now);
	assert_int_equal(w->effects.list[0].block.until, w->now + 1800);
	assert_true(is_refused(w, A));
}

static void
test_asking_is_no_fact(void **state)
{
	struct world *w = *state;

	w->settings.evaluate = EVALUATE_CONNECT;
	settings_change(w);
	tell(w, A, EVENT_RELAY_DENIED, 20);
	assert_false(is_refused(w, A));
	assert_false(is_refused(w, A));
}

static void
test_ten_failed_logins_block_in_either_mode(void **state)
{
	struct world *w = *state;

	for (int mode = 0; mode < 2; mode++) {
		w->settings.evaluate = mode;
		settings_change(w);
		const char *addr = mode ? A : B;

		for (int i = 0; i < 10; i++) {
			struct event ev = event_of(addr, EVENT_LOGIN_FAILURE);

			ev.service = S("imap");
			assert_int_equal(report(w, ev), OUTCOME_SCORED);
			assert_int_equal(w->effects.n, i == 9 ? 2 : 1);
		}
		assert_int_equal(
			w->effects.list[1].block.component, COMPONENT_LOGIN);
		assert_int_equal(w->effects.list[1].block.score, 10);
		assert_true(is_refused(w, addr));
	}
}

static void
extend(struct world *w, uint64_t id, int64_t until, unsigned want)
{
	struct block b = { .id = id, .until = until };

	apply(w, (struct fact){ FACT_EXTEND, .block = &b });
	assert_int_equal(w->effects.n, want);
	if (want)
		assert_int_equal(w->effects.list[0].type, EFFECT_EXTEND);
}

static void
test_an_entry_can_end_at_another_time(void **state)
{
	struct world *w = *state;
	int64_t begun = w->now;
	uint64_t id = block(w, A, 60), other = block(w, A, 30);

	extend(w, id, begun + 600, 1);
	w->now = begun + 599;
	assert_true(is_refused(w, A));
	assert_int_equal(check(w, A).until, begun + 600);
	extend(w, other, begun + 700, 0); /* it has ended */
	extend(w, id, w->now, 0);
	extend(w, 99, begun + 700, 0);
	/* An earlier end holds as well. */
	extend(w, id, begun + 650, 1);
	extend(w, id, begun + 610, 1);
	w->now = begun + 609;
	assert_true(is_refused(w, A));
	w->now = begun + 610;
	assert_false(is_refused(w, A));
	engine_tick(w->e, w->now, &w->effects);
	assert_int_equal(w->effects.list[w->effects.n - 1].type, EFFECT_EXPIRE);
}

static void
test_an_act_leaves_the_window_to_the_second(void **state)
{
	struct world *w = *state;

	report(w, event_of(A, EVENT_RELAY_DENIED));
	w->now += 3599;
	assert_int_equal(score(w, A, COMPONENT_SMTP), 100);
	w->now++;
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
}

static void
test_many_seconds_are_kept_exactly(void **state)
{
	struct world *w = *state;

	w->settings.limits[COMPONENT_SMTP].threshold = 1000000;
	w->settings.limits[COMPONENT_LOGIN].threshold = 1000000;
	settings_change(w);
	tell(w, A, EVENT_SYNTAX, 5000);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 25 * 3599);
	w->now += 1000;
	assert_int_equal(score(w, A, COMPONENT_SMTP), 25 * 2599);
	report(w, event_of(A, EVENT_SYNTAX));
	assert_int_equal(score(w, A, COMPONENT_SMTP), 25 * 2600);
}

static void
test_the_newest_200_rows_explain(void **state)
{
	struct world *w = *state;
	struct explanation why;
	struct addr a = addr_of(A);

	w->settings.limits[COMPONENT_SMTP].threshold = 1000000;
	settings_change(w);
	tell(w, A, EVENT_SYNTAX, 300);
	engine_explain(w->e, &a, w->now, COMPONENT_SMTP, &why);
	assert_int_equal(why.rows_n, ENGINE_ROWS_MAX);
	assert_int_equal(why.rows[ENGINE_ROWS_MAX - 1].time, w->now - 1);
	assert_int_equal(why.rows[0].time, w->now - ENGINE_ROWS_MAX);
	assert_int_equal(why.tally.count[EVENT_SYNTAX], 300);
}

static void
test_a_changed_weight_acts_on_what_is_there_with_the_next_fact(void **state)
{
	struct world *w = *state;

	tell(w, A, EVENT_RELAY_DENIED, 9);
	w->settings.weight[EVENT_RELAY_DENIED] = 200;
	settings_change(w);
	assert_int_equal(w->effects.n, 0);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 1800);
	assert_false(is_refused(w, A));
	connect_from(w, A);
	assert_int_equal(w->effects.n, 1);
	assert_int_equal(w->effects.list[0].block.score, 1800);
}

static void
test_a_successful_login_is_a_fact_too(void **state)
{
	struct world *w = *state;

	tell(w, A, EVENT_RELAY_DENIED, 9);
	w->settings.limits[COMPONENT_SMTP].threshold = 900;
	settings_change(w);
	assert_int_equal(
		report(w, event_of(A, EVENT_LOGIN_SUCCESS)), OUTCOME_NOTED);
	assert_int_equal(w->effects.n, 2);
	assert_true(is_refused(w, A));
}

static void
test_events_while_blocked_lengthen_and_count_nothing(void **state)
{
	struct world *w = *state;

	tell(w, A, EVENT_RELAY_DENIED, 10);
	int64_t until = check(w, A).until;

	assert_int_equal(tell(w, A, EVENT_RELAY_DENIED, 100), 0);
	assert_int_equal(check(w, A).until, until);
	w->now = until;
	assert_false(is_refused(w, A));
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
	report(w, event_of(A, EVENT_RELAY_DENIED));
	assert_int_equal(score(w, A, COMPONENT_SMTP), 100);
}

static void
test_after_a_block_both_components_start_from_nothing(void **state)
{
	struct world *w = *state;

	tell(w, A, EVENT_LOGIN_FAILURE, 9); /* at SMTP: counts in both */
	assert_int_equal(score(w, A, COMPONENT_LOGIN), 9);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 450);
	uint64_t id = block(w, A, 60);

	unblock(w, id);
	assert_int_equal(w->effects.list[0].type, EFFECT_LIFT);
	assert_int_equal(score(w, A, COMPONENT_LOGIN), 0);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
	struct event late = event_of(A, EVENT_RELAY_DENIED);
	late.time = w->now; /* the second of the lift is forgiven, too */
	assert_int_equal(report(w, late), OUTCOME_LATE);
	late.time = ++w->now;
	assert_int_equal(report(w, late), OUTCOME_SCORED);
}

static void
test_a_wide_block_forgives_all_it_covered_unless_another_lives(void **state)
{
	struct world *w = *state;

	tell(w, A, EVENT_RELAY_DENIED, 3);
	uint64_t wide = block(w, "203.0.113.0/24", 60);
	uint64_t wider = block(w, "203.0.0.0/16", 60);

	unblock(w, wide);
	assert_true(is_refused(w, A));
	unblock(w, wider);
	assert_false(is_refused(w, A));
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
}

static void
test_blocks_of_one_prefix_overlap(void **state)
{
	struct world *w = *state;
	uint64_t longer = block(w, A, 100), shorter = block(w, A, 50);

	assert_int_equal(check(w, A).block_id, longer);
	unblock(w, longer);
	assert_int_equal(check(w, A).block_id, shorter);
	assert_int_equal(check(w, A).until, w->now + 50);
	w->now += 50;
	assert_false(is_refused(w, A));
	engine_tick(w->e, w->now, &w->effects);
	assert_int_equal(w->effects.n, 1);
	assert_int_equal(w->effects.list[0].type, EFFECT_EXPIRE);
	assert_int_equal(w->effects.list[0].block.id, shorter);
	assert_int_equal(engine_next_deadline(w->e), INT64_MAX);
}

static void
test_backlog_that_would_be_over_is_missed_and_forgiven(void **state)
{
	struct world *w = *state;
	int64_t start = w->now - 3000;

	for (int i = 0; i < 10; i++) {
		struct event ev = event_of(A, EVENT_RELAY_DENIED);

		ev.time = start + i;
		report(w, ev);
	}
	assert_int_equal(w->effects.n, 2);
	assert_int_equal(w->effects.list[1].type, EFFECT_MISSED);
	assert_int_equal(w->effects.list[1].block.until, start + 9 + 1800);
	assert_false(is_refused(w, A));
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
	struct event ev = event_of(A, EVENT_RELAY_DENIED);
	ev.time = start + 100;
	assert_int_equal(report(w, ev), OUTCOME_LATE);
}

static void
test_events_older_than_the_window_are_late(void **state)
{
	struct world *w = *state;
	struct event ev = event_of(A, EVENT_RELAY_DENIED);

	ev.time = w->now - 3600;
	assert_int_equal(report(w, ev), OUTCOME_LATE);
	ev.time = w->now - 3599;
	assert_int_equal(report(w, ev), OUTCOME_SCORED);
}

static void
test_a_time_in_the_future_is_now(void **state)
{
	struct world *w = *state;
	struct event ev = event_of(A, EVENT_RELAY_DENIED);

	ev.time = w->now + 1000;
	report(w, ev);
	w->now += 3600;
	assert_int_equal(score(w, A, COMPONENT_SMTP), 0);
}

static void
test_observe_refuses_nothing_but_scores_the_same(void **state)
{
	struct world *w = *state;

	w->settings.mode = MODE_OBSERVE;
	settings_change(w);
	tell(w, A, EVENT_RELAY_DENIED, 10);
	assert_true(w->effects.list[1].block.is_observed);
	assert_false(is_refused(w, A));
	assert_true(check(w, A).would_block);
	assert_int_equal(
		report(w, event_of(A, EVENT_RELAY_DENIED)), OUTCOME_BLOCKED);
	w->settings.mode = MODE_ENFORCE;
	settings_change(w);
	assert_true(is_refused(w, A));
}

static void
test_loopback_is_never_blocked(void **state)
{
	struct world *w = *state;

	assert_int_equal(tell(w, "127.1.2.3", EVENT_RELAY_DENIED, 50), 0);
	assert_int_equal(tell(w, "::1", EVENT_RELAY_DENIED, 50), 0);
	assert_true(check(w, "::1").is_never);
	block(w, "127.0.0.1", 60);
	assert_false(is_refused(w, "127.0.0.1"));
	apply(w, (struct fact){ FACT_NEVER_REMOVE,
			 .prefix = prefix_of("127.0.0.0/8") });
	assert_true(check(w, "127.0.0.1").is_never);
}

static void
test_never_comes_before_block(void **state)
{
	struct world *w = *state;

	block(w, "203.0.113.0/24", 60);
	never_add(w, A);
	assert_int_equal(w->effects.n, 0); /* the /24 isn't inside */
	assert_false(is_refused(w, A));
	assert_true(is_refused(w, B));
	assert_int_equal(
		report(w, event_of(A, EVENT_RELAY_DENIED)), OUTCOME_NEVER);
	apply(w, (struct fact){ FACT_NEVER_REMOVE, .prefix = prefix_of(A) });
	assert_true(is_refused(w, A));
}

static void
test_a_never_entry_lifts_thousands_of_blocks_inside(void **state)
{
	struct world *w = *state;
	unsigned lifted = 0;
	char text[32];

	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "198.51.%d.%d", i / 256, i % 256);
		block(w, text, 60);
	}
	block(w, B, 60);
	never_add(w, "198.51.0.0/16");
	lifted += w->effects.n;
	while (w->effects.has_more) {
		assert_int_equal(engine_next_deadline(w->e), 0);
		engine_tick(w->e, w->now, &w->effects);
		lifted += w->effects.n;
	}
	assert_int_equal(lifted, 3000);
	assert_true(is_refused(w, B));
}

static void
test_an_ipv6_client_is_blocked_by_its_64(void **state)
{
	struct world *w = *state;

	tell(w, V, EVENT_RELAY_DENIED, 5);
	assert_int_equal(
		tell(w, "2001:db8:1:2:ffff::1", EVENT_RELAY_DENIED, 5), 5);
	assert_int_equal(w->effects.list[1].block.prefix.len, 64);
	struct addr cause = addr_of("2001:db8:1:2:ffff::1");
	assert_true(addr_eq(&w->effects.list[1].block.cause_addr, &cause));
	assert_true(is_refused(w, "2001:db8:1:2::99"));
	assert_false(is_refused(w, "2001:db8:1:3::99"));
}

static void
test_a_mapped_address_is_the_ipv4_address(void **state)
{
	struct world *w = *state;

	tell(w, "::ffff:203.0.113.7", EVENT_RELAY_DENIED, 5);
	tell(w, "64:ff9b::203.0.113.7", EVENT_RELAY_DENIED, 5);
	assert_true(is_refused(w, A));
}

static void
test_a_block_around_a_never_entry_is_of_one_address(void **state)
{
	struct world *w = *state;

	never_add(w, "2001:db8:1:2::1");
	tell(w, V, EVENT_RELAY_DENIED, 10);
	assert_int_equal(w->effects.list[1].block.prefix.len, 128);
	assert_true(is_refused(w, V));
	assert_false(is_refused(w, "2001:db8:1:2::1"));
	assert_false(is_refused(w, "2001:db8:1:2::8"));
}

static void
test_blocks_are_walked_in_order_and_found_by_what_they_cover(void **state)
{
	struct world *w = *state;
	struct prefix p = prefix_of(A);
	struct block b[4];
	uint64_t one = block(w, "203.0.0.0/16", 60);
	uint64_t two = block(w, A, 60);
	uint64_t three = block(w, "203.0.113.0/24", 60);

	assert_true(engine_block_next(w->e, 0, &b[0]));
	assert_int_equal(b[0].id, one);
	assert_true(engine_block_next(w->e, one, &b[0]));
	assert_int_equal(b[0].id, two);
	assert_false(engine_block_next(w->e, three, &b[0]));
	assert_int_equal(engine_block_covering(w->e, &p, w->now, b, 2), 3);
	assert_int_equal(b[0].id, two);
	assert_int_equal(b[1].id, three);
	p = prefix_of("203.0.113.0/25");
	assert_int_equal(engine_block_covering(w->e, &p, w->now, b, 4), 2);
	assert_int_equal(b[0].id, three);
	assert_int_equal(b[1].id, one);
}

static void
test_a_block_without_end_doesnt_end(void **state)
{
	struct world *w = *state;

	block(w, A, ENGINE_NO_END_S);
	w->now += INT64_C(50) * 365 * 86400;
	assert_true(is_refused(w, A));
}

static void
test_numbers_of_blocks_go_on_behind_the_history(void **state)
{
	struct engine_config c = config;
	struct world w = { .now = NOW, .settings = settings_default() };

	(void)state;
	c.last_block = 41;
	w.e = engine_new(&c, &w.settings);
	assert_int_equal(block(&w, A, 60), 42);
	engine_free(w.e);
}

/* More addresses than the table takes, all of them new. */
static void
tell_strangers(struct world *w, int n)
{
	char text[32];

	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "10.%d.%d.%d", i / 65536,
			i / 256 % 256, i % 256);
		report(w, event_of(text, EVENT_SYNTAX));
	}
}

static void
test_a_full_table_keeps_blocked_and_half_scored_addresses(void **state)
{
	struct world *w = *state;
	struct engine_stats stats;

	tell(w, A, EVENT_RELAY_DENIED, 5);
	block(w, B, 6000);
	tell_strangers(w, 20000);
	engine_stats(w->e, &stats);
	assert_int_equal(stats.tracked_v4, config.max_v4);
	assert_int_equal(stats.evicted, 20002 - config.max_v4);
	assert_int_equal(stats.untracked, 0);
	assert_int_equal(score(w, A, COMPONENT_SMTP), 500);
	assert_true(is_refused(w, B));
}

static void
test_when_nobody_may_go_the_newcomer_isnt_tracked(void **state)
{
	struct world *w = *state;
	struct engine_stats stats;
	char text[32];

	for (int i = 0; i < 1024; i++) {
		snprintf(text, sizeof(text), "198.51.%d.%d", i / 256, i % 256);
		block(w, text, 60);
	}
	assert_int_equal(
		report(w, event_of(A, EVENT_SYNTAX)), OUTCOME_UNTRACKED);
	engine_stats(w->e, &stats);
	assert_int_equal(stats.untracked, 1);
	/* A block by hand never fails. */
	uint64_t id = block(w, A, 60);
	assert_true(is_refused(w, A));
	unblock(w, id);
	assert_false(is_refused(w, A));
}

static void
test_dead_entries_are_freed(void **state)
{
	struct world *w = *state;
	struct engine_stats stats;

	tell_strangers(w, 1000);
	w->now += 3600;
	for (int i = 0; i < 40; i++)
		engine_tick(w->e, w->now, &w->effects);
	engine_stats(w->e, &stats);
	assert_int_equal(stats.tracked_v4, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void
test_what_is_forgiven_counts_no_more(void **state)
{
	struct world *w = *state;
	struct addr a = addr_of("192.0.2.1");
	struct explanation x;
	struct fact f = { .type = FACT_FORGIVE };

	assert_int_equal(tell(w, "192.0.2.1", EVENT_RELAY_DENIED, 9), 0);
	f.forgiven = (struct forgiven){ prefix_of("192.0.2.1"), w->now };
	apply(w, f);
	assert_int_equal(w->effects.n, 0);
	engine_explain(w->e, &a, w->now, COMPONENT_SMTP, &x);
	assert_int_equal(x.score, 0);
	/* What comes in that very second is forgiven, too. */
	report(w, event_of("192.0.2.1", EVENT_RELAY_DENIED));
	w->now++;
	assert_int_equal(tell(w, "192.0.2.1", EVENT_RELAY_DENIED, 12), 10);
}

/* 450 points, 600 and 900 now; a block, which is none of its business. */
static void
test_other_settings_are_tried_on_what_is_there(void **state)
{
	struct world *w = *state;
	struct settings trial = w->settings;
	struct engine_impact i = { .trial = &trial };

	tell(w, "192.0.2.1", EVENT_AUTH_FAILURE, 9);
	tell(w, "192.0.2.2", EVENT_RELAY_DENIED, 6);
	tell(w, "192.0.2.3", EVENT_RELAY_DENIED, 9);
	tell(w, "192.0.2.4", EVENT_RELAY_DENIED, 10);
	trial.limits[COMPONENT_SMTP].threshold = 600;
	i.now = w->now;
	while (engine_impact(w->e, &i, 1))
		continue;
	assert_int_equal(i.looked, 3);
	assert_int_equal(i.over, 0);
	assert_int_equal(i.over_by, 2);
	assert_int_equal(i.more, 2);
	assert_int_equal(i.rows_n, 2);
	i = (struct engine_impact){ .trial = &trial, .now = w->now };
	trial.weight[EVENT_RELAY_DENIED] = 10;
	trial.limits[COMPONENT_LOGIN].threshold = 9;
	assert_false(engine_impact(w->e, &i, 100));
	assert_int_equal(i.more, 1);
	assert_true(prefix_eq(&i.rows[0],
		&(struct prefix){ addr_of("192.0.2.1"), ADDR_BITS }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_vendor_example_blocks_at_the_eleventh_unknown_recipient),
		T(test_vendor_example_blocks_with_1050_at_the_next_connection),
		T(test_an_entry_can_end_at_another_time),
		T(test_asking_is_no_fact),
		T(test_ten_failed_logins_block_in_either_mode),
		T(test_an_act_leaves_the_window_to_the_second),
		T(test_many_seconds_are_kept_exactly),
		T(test_the_newest_200_rows_explain),
		T(test_a_changed_weight_acts_on_what_is_there_with_the_next_fact),
		T(test_a_successful_login_is_a_fact_too),
		T(test_events_while_blocked_lengthen_and_count_nothing),
		T(test_after_a_block_both_components_start_from_nothing),
		T(test_a_wide_block_forgives_all_it_covered_unless_another_lives),
		T(test_what_is_forgiven_counts_no_more),
		T(test_other_settings_are_tried_on_what_is_there),
		T(test_blocks_of_one_prefix_overlap),
		T(test_backlog_that_would_be_over_is_missed_and_forgiven),
		T(test_events_older_than_the_window_are_late),
		T(test_a_time_in_the_future_is_now),
		T(test_observe_refuses_nothing_but_scores_the_same),
		T(test_loopback_is_never_blocked),
		T(test_never_comes_before_block),
		T(test_a_never_entry_lifts_thousands_of_blocks_inside),
		T(test_an_ipv6_client_is_blocked_by_its_64),
		T(test_a_mapped_address_is_the_ipv4_address),
		T(test_a_block_around_a_never_entry_is_of_one_address),
		T(test_blocks_are_walked_in_order_and_found_by_what_they_cover),
		T(test_a_block_without_end_doesnt_end),
		T(test_numbers_of_blocks_go_on_behind_the_history),
		T(test_a_full_table_keeps_blocked_and_half_scored_addresses),
		T(test_when_nobody_may_go_the_newcomer_isnt_tracked),
		T(test_dead_entries_are_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
