/* SPDX-License-Identifier: ISC */

/* One act, told by several: through the engine, as sources tell it. */

#include "base/def.h"
#include "base/test.h"
#include "core/engine.h"

#define NOW INT64_C(1800000000)

struct world {
	struct engine *e;
	struct settings settings;
	int64_t now;
	uint64_t events;
	struct effects effects;
};

/* What a source tells, as short as a test can say it. */
struct word {
	const char *source, *session, *account, *tag, *service;
	enum event_kind kind;
	int64_t ago_s;
	uint32_t summary; /* acts told once more, 0: a plain event */
	uint32_t span_s;
};

static const struct engine_config config = { .key = { 1, 2 },
	.max_v4 = 1024,
	.max_v6 = 1024,
	.acts = 4096,
	.v6_len = 64 };

static int
setup(void **state)
{
	static struct world w;

	w = (struct world){ .settings = settings_default(), .now = NOW };
	w.e = engine_new(&config, &w.settings);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	engine_free(((struct world *)*state)->e);
	return 0;
}

static struct addr
client(void)
{
	struct addr a;

	assert_true(addr_parse(S("203.0.113.7"), &a));
	return a;
}

static enum outcome
told(struct world *w, struct word m)
{
	struct event ev = {
		.kind = m.kind,
		.addr = client(),
		.time = w->now - m.ago_s,
		.count = m.summary ? m.summary : 1,
		.span_s = m.span_s,
		.is_summary = m.summary > 0,
		.source = str_of(m.source),
		.service = str_of(m.service),
		.account = str_of(m.account),
		.session = str_of(m.session),
		.tag = str_of(m.tag),
	};
	struct fact f = { FACT_EVENT,
		{ { .event = &ev, .event_id = ++w->events } } };

	engine_apply(w->e, &f, w->now, &w->effects);
	return w->effects.list[0].event.outcome;
}

static uint32_t
logins(struct world *w)
{
	struct explanation why;
	struct addr a = client();

	engine_explain(w->e, &a, w->now, COMPONENT_LOGIN, &why);
	return why.score;
}

static uint32_t
points(struct world *w)
{
	struct explanation why;
	struct addr a = client();

	engine_explain(w->e, &a, w->now, COMPONENT_SMTP, &why);
	return why.score;
}

#define LOG(...) told(w, (struct word){ .source = "postfix-log", __VA_ARGS__ })
#define POLICY(...) \
	told(w, (struct word){ .source = "dovecot-policy", __VA_ARGS__ })
#define DOVECOT(...) \
	told(w, (struct word){ .source = "dovecot-log", __VA_ARGS__ })
#define FAILED .kind = EVENT_LOGIN_FAILURE

static void
test_three_sources_tell_one_act(void **state)
{
	struct world *w = *state;

	assert_int_equal(POLICY(FAILED, .account = "ann"), OUTCOME_SCORED);
	assert_int_equal(LOG(.session = "4711"), OUTCOME_JOINED);
	w->now++;
	assert_int_equal(DOVECOT(FAILED, .account = "ANN"), OUTCOME_JOINED);
	assert_int_equal(logins(w), 1);
	assert_int_equal(points(w), 50);
}

static void
test_one_source_tells_as_many_acts_as_it_tells(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 5; i++)
		assert_int_equal(LOG(.session = "1"), OUTCOME_SCORED);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			DOVECOT(FAILED, .session = "1"), OUTCOME_JOINED);
	assert_int_equal(DOVECOT(FAILED, .session = "1"), OUTCOME_SCORED);
	assert_int_equal(logins(w), 6);
}

static void
test_the_same_session_joins_however_late(void **state)
{
	struct world *w = *state;

	LOG(.session = "A1B2", .ago_s = 1000);
	assert_int_equal(DOVECOT(FAILED, .session = "A1B2"), OUTCOME_JOINED);
}

static void
test_other_sessions_are_other_acts(void **state)
{
	struct world *w = *state;

	LOG(.session = "1", .account = "ann");
	assert_int_equal(DOVECOT(FAILED, .session = "2", .account = "ann"),
		OUTCOME_SCORED);
}

static void
test_without_a_session_ten_seconds_and_the_account_decide(void **state)
{
	struct world *w = *state;

	LOG(.account = "ann", .ago_s = 10);
	assert_int_equal(DOVECOT(FAILED, .account = "bob"), OUTCOME_SCORED);
	assert_int_equal(DOVECOT(FAILED, .account = "ann"), OUTCOME_JOINED);
	w->now += 100;
	LOG(.account = "ann", .ago_s = 11);
	assert_int_equal(DOVECOT(FAILED, .account = "ann"), OUTCOME_SCORED);
}

static void
test_an_event_joins_the_oldest_act_that_fits(void **state)
{
	struct world *w = *state;

	LOG(.account = ""); /* oldest: takes the account of */
	LOG(.account = "ann");
	POLICY(FAILED, .account = "bob"); /* this one */
	assert_int_equal(DOVECOT(FAILED, .account = "ann"), OUTCOME_JOINED);
	assert_int_equal(DOVECOT(FAILED, .account = "ann"), OUTCOME_SCORED);
	assert_int_equal(DOVECOT(FAILED, .account = "bob"), OUTCOME_JOINED);
}

static void
test_kinds_are_apart_but_for_0_and_32(void **state)
{
	struct world *w = *state;

	LOG(.kind = EVENT_BAD_RECIPIENT, .session = "1");
	assert_int_equal(DOVECOT(.kind = EVENT_RELAY_DENIED, .session = "1"),
		OUTCOME_SCORED);
	assert_int_equal(DOVECOT(.kind = EVENT_BAD_RECIPIENT, .session = "1"),
		OUTCOME_JOINED);
}

static void
test_0_beats_32_and_may_block(void **state)
{
	struct world *w = *state;

	w->settings.limits[COMPONENT_SMTP].threshold = 50;
	engine_apply(w->e,
		&(struct fact){ FACT_SETTINGS, { .settings = &w->settings } },
		w->now, &w->effects);
	DOVECOT(FAILED, .account = "ann");
	assert_int_equal(points(w), 0);
	assert_int_equal(LOG(.account = "ann"), OUTCOME_JOINED);
	assert_int_equal(w->effects.list[0].event.kind, EVENT_AUTH_FAILURE);
	assert_int_equal(w->effects.list[0].event.points, 50);
	assert_int_equal(w->effects.n, 2);
	assert_int_equal(w->effects.list[1].block.score, 50);
}

static void
test_32_at_submission_is_0(void **state)
{
	struct world *w = *state;

	POLICY(FAILED, .service = "submission");
	assert_int_equal(w->effects.list[0].event.kind, EVENT_AUTH_FAILURE);
	assert_int_equal(points(w), 50);
	POLICY(FAILED, .service = "imap");
	assert_int_equal(points(w), 50);
	assert_int_equal(logins(w), 2);
}

static void
test_a_summary_adds_what_nobody_has_told(void **state)
{
	struct world *w = *state;

	LOG(.session = "7", .ago_s = 5);
	POLICY(FAILED, .ago_s = 4);
	LOG(.session = "7", .ago_s = 4); /* joins the policy's */
	assert_int_equal(LOG(.session = "7", .summary = 3, .span_s = 20),
		OUTCOME_SCORED);
	assert_int_equal(w->effects.list[0].event.count, 1);
	assert_int_equal(logins(w), 3);
}

static void
test_a_summary_that_tells_nothing_new_is_noted(void **state)
{
	struct world *w = *state;

	POLICY(FAILED, .ago_s = 80);
	POLICY(FAILED, .ago_s = 40);
	POLICY(FAILED, .ago_s = 3);
	assert_int_equal(
		LOG(.session = "7", .summary = 3, .span_s = 87), OUTCOME_NOTED);
	assert_int_equal(w->effects.list[0].event.count, 0);
	assert_int_equal(logins(w), 3);
}

static void
test_a_summary_doesnt_reach_beyond_its_span(void **state)
{
	struct world *w = *state;

	POLICY(FAILED, .ago_s = 21);
	assert_int_equal(LOG(.session = "7", .summary = 1, .span_s = 20),
		OUTCOME_SCORED);
}

static void
test_a_reused_session_id_is_another_session(void **state)
{
	struct world *w = *state;

	LOG(.session = "7", .ago_s = 60);
	assert_int_equal(
		LOG(.session = "7", .summary = 1, .ago_s = 59), OUTCOME_NOTED);
	/* Its span isn't told; the first session's act lies in it. */
	assert_int_equal(LOG(.session = "7", .summary = 1), OUTCOME_SCORED);
	assert_int_equal(logins(w), 2);
}

static void
test_others_join_what_a_summary_added(void **state)
{
	struct world *w = *state;

	LOG(.session = "7", .summary = 2, .span_s = 5);
	assert_int_equal(POLICY(FAILED), OUTCOME_JOINED);
	assert_int_equal(POLICY(FAILED), OUTCOME_JOINED);
	assert_int_equal(POLICY(FAILED), OUTCOME_SCORED);
}

static void
test_acts_told_while_blocked_arent_told_by_a_summary_later(void **state)
{
	struct world *w = *state;
	struct block b = { .prefix = { client(), ADDR_BITS },
		.from = w->now,
		.until = w->now + 10,
		.origin = ORIGIN_MANUAL };

	engine_apply(w->e, &(struct fact){ FACT_BLOCK, { .block = &b } },
		w->now, &w->effects);
	assert_int_equal(LOG(.session = "7"), OUTCOME_BLOCKED);
	assert_int_equal(LOG(.session = "7"), OUTCOME_BLOCKED);
	w->now += 20;
	assert_int_equal(
		LOG(.session = "7", .summary = 2, .span_s = 60), OUTCOME_NOTED);
	assert_int_equal(logins(w), 0);
}

#define TAGGED FAILED, .account = "ann", .tag = "0a1"

static void
test_a_stale_password_counts_once_for_days(void **state)
{
	struct world *w = *state;

	assert_int_equal(POLICY(TAGGED), OUTCOME_SCORED);
	for (int i = 0; i < 1000; i++) {
		w->now += 300;
		assert_int_equal(POLICY(TAGGED), OUTCOME_REPEAT);
	}
	assert_int_equal(logins(w), 0);
	assert_int_equal(
		POLICY(FAILED, .account = "ann", .tag = "0a2"), OUTCOME_SCORED);
	w->now += 1800;
	assert_int_equal(POLICY(TAGGED), OUTCOME_SCORED);
}

static void
test_ten_passwords_block(void **state)
{
	struct world *w = *state;
	char tag[] = "0";

	for (; tag[0] < '9'; tag[0]++)
		POLICY(FAILED, .account = "ann", .tag = tag);
	assert_int_equal(w->effects.n, 1);
	POLICY(FAILED, .account = "ann", .tag = tag);
	assert_int_equal(w->effects.n, 2);
}

static void
test_a_repeat_takes_back_what_another_source_scored(void **state)
{
	struct world *w = *state;

	POLICY(TAGGED);
	w->now += 60;
	assert_int_equal(LOG(.account = "ann"), OUTCOME_SCORED);
	assert_int_equal(logins(w), 2);
	assert_int_equal(POLICY(TAGGED), OUTCOME_REPEAT);
	assert_int_equal(logins(w), 1);
	/* And the other way round. */
	w->now += 60;
	assert_int_equal(POLICY(TAGGED), OUTCOME_REPEAT);
	assert_int_equal(LOG(.account = "ann"), OUTCOME_JOINED);
	assert_int_equal(logins(w), 1);
}

static void
test_after_a_block_the_same_password_counts_again(void **state)
{
	struct world *w = *state;
	struct block b = { .prefix = { client(), ADDR_BITS },
		.from = w->now,
		.until = w->now + 10,
		.origin = ORIGIN_MANUAL };

	POLICY(TAGGED);
	engine_apply(w->e, &(struct fact){ FACT_BLOCK, { .block = &b } },
		w->now, &w->effects);
	w->now += 10;
	assert_int_equal(POLICY(TAGGED), OUTCOME_SCORED);
}

static void
test_repeats_count_when_the_setting_is_off(void **state)
{
	struct world *w = *state;

	w->settings.is_repeat_once = 0;
	engine_apply(w->e,
		&(struct fact){ FACT_SETTINGS, { .settings = &w->settings } },
		w->now, &w->effects);
	POLICY(TAGGED);
	assert_int_equal(POLICY(TAGGED), OUTCOME_SCORED);
	assert_int_equal(logins(w), 2);
}

/* However many there are, two that tell one act tell one; and each is known
 * to have told it when it tells another. */
static void
test_hundreds_of_sources_are_told_apart(void **state)
{
	struct world *w = *state;
	char before[] = "source-000", name[] = "source-000";
	char session[] = "000";

	for (int i = 0; i < 250; i++) {
		name[7] = session[0] = (char)('0' + i / 100);
		name[8] = session[1] = (char)('0' + i / 10 % 10);
		name[9] = session[2] = (char)('0' + i % 10);
		struct word word = { .source = name,
			.kind = EVENT_GOOD_RECIPIENT,
			.session = session };

		assert_int_equal(told(w, word), OUTCOME_SCORED);
		word.source = i ? before : "another";
		assert_int_equal(told(w, word), OUTCOME_JOINED);
		assert_int_equal(told(w, word), OUTCOME_SCORED);
		memcpy(before, name, sizeof(name));
	}
}

static void
test_an_act_told_by_all_is_scored_once(void **state)
{
	struct world *w = *state;
	char name[] = "source-a0";

	for (int i = 0; i < 50; i++) {
		name[7] = (char)('a' + i / 10);
		name[8] = (char)('0' + i % 10);
		enum outcome o = told(
			w, (struct word){
				   .source = name, FAILED, .session = "1" });
		assert_int_equal(o, i ? OUTCOME_JOINED : OUTCOME_SCORED);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_three_sources_tell_one_act),
		T(test_one_source_tells_as_many_acts_as_it_tells),
		T(test_the_same_session_joins_however_late),
		T(test_other_sessions_are_other_acts),
		T(test_without_a_session_ten_seconds_and_the_account_decide),
		T(test_an_event_joins_the_oldest_act_that_fits),
		T(test_kinds_are_apart_but_for_0_and_32),
		T(test_0_beats_32_and_may_block),
		T(test_32_at_submission_is_0),
		T(test_a_summary_adds_what_nobody_has_told),
		T(test_a_summary_that_tells_nothing_new_is_noted),
		T(test_a_summary_doesnt_reach_beyond_its_span),
		T(test_a_reused_session_id_is_another_session),
		T(test_others_join_what_a_summary_added),
		T(test_acts_told_while_blocked_arent_told_by_a_summary_later),
		T(test_a_stale_password_counts_once_for_days),
		T(test_ten_passwords_block),
		T(test_a_repeat_takes_back_what_another_source_scored),
		T(test_after_a_block_the_same_password_counts_again),
		T(test_repeats_count_when_the_setting_is_off),
		T(test_hundreds_of_sources_are_told_apart),
		T(test_an_act_told_by_all_is_scored_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
