/* SPDX-License-Identifier: ISC */

#include <stdio.h>
#include <string.h>

#include "base/def.h"
#include "base/test.h"
#include "core/engine.h"

#define NOW  INT64_C(1800000000)
#define HERE "203.0.113.7"
#define ANN  "ann@example.test"

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

static int
setup(void **state)
{
	static const struct engine_config config = {
		.key = { 1, 2 },
		.max_v4 = 1024,
		.max_v6 = 1024,
		.acts = 65536,
		.v6_len = 64,
	};
	static struct world w;

	w = (struct world){ .settings = settings_default(), .now = NOW };
	w.settings.mode = MODE_ENFORCE;
	w.settings.limits[COMPONENT_LOGIN].threshold = 1000;
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

static enum outcome
report(struct world *w, struct event ev)
{
	apply(w, (struct fact){ FACT_EVENT,
			 { { .event = &ev, .event_id = ++w->events } } });
	return w->effects.list[0].event.outcome;
}

static struct event
event_of(const char *addr, enum event_kind kind)
{
	return (struct event){ .kind = kind,
		.addr = addr_of(addr),
		.count = 1,
		.source = S("dovecot-policy"),
		.service = S("imap"),
		.account = S(ANN) };
}

/* Fail @n times, a second apart, with passwords that are all different. */
static void
guess(struct world *w, const char *addr, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct event ev = event_of(addr, EVENT_LOGIN_FAILURE);
		char tag[24];

		snprintf(tag, sizeof(tag), "%llu",
			(unsigned long long)w->events);
		ev.tag = str_of(tag);
		report(w, ev);
		w->now++;
	}
}

static bool
is_locked(struct world *w, const char *addr)
{
	struct addr a = addr_of(addr);

	return engine_check_account(w->e, &a, S("Ann@Example.TEST"), w->now)
		       .word == VERDICT_REFUSE;
}

static void
test_three_failures_lock_for_that_address(void **state)
{
	struct world *w = *state;
	struct addr a = addr_of(HERE);

	guess(w, HERE, 2);
	assert_false(is_locked(w, HERE));
	guess(w, HERE, 1);
	assert_int_equal(w->effects.list[1].type, EFFECT_LOCK);
	assert_int_equal(w->effects.list[1].lock.cause, 3);
	assert_true(is_locked(w, HERE));
	assert_false(is_locked(w, "203.0.113.8"));
	assert_int_equal(engine_check_account(w->e, &a, S("bob"), w->now).word,
		VERDICT_ALLOW);
	assert_int_equal(engine_check_account(w->e, &a, S(""), w->now).word,
		VERDICT_ALLOW);
	w->now = NOW + 2 + 1800;
	assert_false(is_locked(w, HERE));
}

static void
test_anywhere_locks_for_all(void **state)
{
	struct world *w = *state;

	w->settings.account_scope = LOCKS_ANYWHERE;
	settings_change(w);
	guess(w, HERE, 2);
	guess(w, "2001:db8::1", 1);
	assert_true(is_locked(w, "192.0.2.1"));
	assert_false(is_locked(w, "127.0.0.1"));
}

static void
test_loopback_locks_when_it_is_not_exempt(void **state)
{
	struct world *w = *state;

	guess(w, "127.0.0.1", 5);
	assert_false(is_locked(w, "127.0.0.1"));
	w->settings.is_loopback_exempt = 0;
	settings_change(w);
	guess(w, "127.0.0.1", 3);
	assert_int_equal(w->effects.list[0].event.outcome, OUTCOME_NEVER);
	assert_true(is_locked(w, "127.0.0.1"));
}

static void
test_observed_locks_refuse_nobody(void **state)
{
	struct world *w = *state;
	struct addr a = addr_of(HERE);

	w->settings.mode = MODE_OBSERVE;
	settings_change(w);
	guess(w, HERE, 3);
	assert_false(is_locked(w, HERE));
	assert_true(engine_check_account(w->e, &a, S(ANN), w->now).would_lock);
	w->settings.account_failures = 0;
	settings_change(w);
	assert_false(engine_check_account(w->e, &a, S(ANN), w->now).would_lock);
}

/* Three log lines are read before the policy service says that all had the
 * same password. */
static void
test_repeats_that_are_known_late_lift_the_lock(void **state)
{
	struct world *w = *state;
	struct event line = event_of(HERE, EVENT_LOGIN_FAILURE);
	struct event told = line;

	line.source = S("dovecot-log");
	told.tag = S("0a1");
	for (int i = 0; i < 3; i++)
		report(w, line);
	assert_true(is_locked(w, HERE));
	report(w, told);
	assert_true(is_locked(w, HERE));
	assert_int_equal(report(w, told), OUTCOME_REPEAT);
	assert_int_equal(w->effects.list[1].type, EFFECT_UNLOCK);
	assert_false(is_locked(w, HERE));
}

/* A success told late, that left enough failures by the settings of then. */
static void
test_a_replay_ends_no_lock_that_the_store_has(void **state)
{
	struct world *w = *state;
	struct lock lock = { .cause = 1,
		.account = S(ANN),
		.key = { addr_of(HERE), ADDR_BITS },
		.from = NOW,
		.until = NOW + 600 };
	struct stored row = { .id = 2,
		.addr = addr_of(HERE),
		.time = NOW - 10,
		.kind = EVENT_LOGIN_SUCCESS,
		.outcome = OUTCOME_NOTED,
		.source = S("dovecot-log") };

	report(w, event_of(HERE, EVENT_LOGIN_SUCCESS));
	row.identity = w->effects.list[0].event.identity;
	apply(w, (struct fact){ FACT_LOCK, .lock = &lock });
	assert_true(is_locked(w, HERE));
	apply(w, (struct fact){ FACT_STORED, .stored = &row });
	assert_int_equal(w->effects.n, 0);
	assert_true(is_locked(w, HERE));
}

static void
test_what_was_refused_is_nobodys_failure(void **state)
{
	struct world *w = *state;
	struct login login = { .addr = addr_of(HERE),
		.account = S(ANN),
		.source = S("dovecot-policy") };
	struct event line = event_of(HERE, EVENT_AUTH_FAILURE);
	struct explanation why;

	guess(w, HERE, 3);
	w->now += 60;
	apply(w, (struct fact){ FACT_REFUSED, .login = &login });
	line.source = S("postfix-log");
	assert_int_equal(report(w, line), OUTCOME_JOINED);
	engine_explain(w->e, &line.addr, w->now, COMPONENT_LOGIN, &why);
	assert_int_equal(why.score, 3);
}

static void
test_unlocking_reaches_all_addresses(void **state)
{
	struct world *w = *state;
	struct login login = { .account = S("ANN@example.test"),
		.is_everywhere = true };

	guess(w, HERE, 3);
	guess(w, "2001:db8::1", 3);
	apply(w, (struct fact){ FACT_UNLOCK, .login = &login });
	assert_int_equal(w->effects.list[0].unlocked, 2);
	assert_false(is_locked(w, HERE));
	guess(w, HERE, 2);
	assert_false(is_locked(w, HERE));
}

static struct explanation *
explain(struct world *w, enum component c)
{
	static struct explanation why;
	struct addr a = addr_of(HERE);

	engine_explain(w->e, &a, w->now, c, &why);
	return &why;
}

static void
test_trust_halves_and_twice_the_threshold_blocks(void **state)
{
	struct world *w = *state;

	w->settings.limits[COMPONENT_LOGIN].threshold = 10;
	w->settings.account_failures = 0;
	settings_change(w);
	report(w, event_of(HERE, EVENT_LOGIN_SUCCESS));
	assert_int_equal(w->effects.list[1].type, EFFECT_TRUST);
	report(w, event_of(HERE, EVENT_LOGIN_SUCCESS));
	assert_int_equal(w->effects.n, 1);
	guess(w, HERE, 19);
	assert_int_equal(w->effects.n, 1);
	assert_int_equal(explain(w, COMPONENT_LOGIN)->score, 9);
	assert_int_equal(
		explain(w, COMPONENT_LOGIN)->trusted.count[EVENT_LOGIN_FAILURE],
		19);
	guess(w, HERE, 1);
	assert_int_equal(w->effects.n, 2);
	assert_int_equal(w->effects.list[1].block.score, 10);
}

static void
test_trust_is_of_an_account_and_of_some_days(void **state)
{
	struct world *w = *state;
	struct event other = event_of(HERE, EVENT_AUTH_FAILURE);

	report(w, event_of(HERE, EVENT_LOGIN_SUCCESS));
	other.account = S("bob");
	report(w, other);
	assert_int_equal(w->effects.list[0].event.points, 50);
	w->now += 30 * 86400;
	report(w, event_of(HERE, EVENT_AUTH_FAILURE));
	assert_int_equal(w->effects.list[0].event.points, 25);
	w->now += 86400;
	report(w, event_of(HERE, EVENT_AUTH_FAILURE));
	assert_int_equal(w->effects.list[0].event.points, 50);
}

static void
test_a_changed_percentage_acts_on_what_is_there(void **state)
{
	struct world *w = *state;

	report(w, event_of(HERE, EVENT_LOGIN_SUCCESS));
	guess(w, HERE, 2);
	report(w, event_of(HERE, EVENT_AUTH_FAILURE));
	assert_int_equal(explain(w, COMPONENT_SMTP)->score, 25);
	w->settings.trust_percent = 100;
	settings_change(w);
	assert_int_equal(explain(w, COMPONENT_SMTP)->score, 50);
	assert_int_equal(explain(w, COMPONENT_LOGIN)->score, 3);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_three_failures_lock_for_that_address),
		T(test_anywhere_locks_for_all),
		T(test_loopback_locks_when_it_is_not_exempt),
		T(test_observed_locks_refuse_nobody),
		T(test_repeats_that_are_known_late_lift_the_lock),
		T(test_a_replay_ends_no_lock_that_the_store_has),
		T(test_what_was_refused_is_nobodys_failure),
		T(test_unlocking_reaches_all_addresses),
		T(test_trust_halves_and_twice_the_threshold_blocks),
		T(test_trust_is_of_an_account_and_of_some_days),
		T(test_a_changed_percentage_acts_on_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
