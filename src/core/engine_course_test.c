/* SPDX-License-Identifier: ISC */

#include "core/engine_course.h"

#include "base/def.h"
#include "base/test.h"

#define NOW INT64_C(1800000000)

enum {
	EVENTS = 600,
};

/* An engine that lives, and what the store would have kept of it. */
struct life {
	struct engine *engine;
	struct settings settings;
	struct stored kept[EVENTS];
	uint32_t score[EVENTS][COMPONENTS]; /* behind each event */
	unsigned n;
	uint64_t random;
};

static struct addr
client(void)
{
	struct addr a;

	assert_true(addr_parse(S("203.0.113.10"), &a));
	return a;
}

static unsigned
pick(struct life *l, unsigned n)
{
	l->random = l->random * 6364136223846793005 + 1442695040888963407;
	return (unsigned)((l->random >> 33) % n);
}

static void
begin(struct life *l, uint64_t seed)
{
	static const struct engine_config config = { .key = { 1, 2 },
		.max_v4 = 1024,
		.max_v6 = 1024,
		.acts = 65536,
		.v6_len = 64 };

	*l = (struct life){ .settings = settings_default(), .random = seed };
	/* Out of reach: a block would end what is compared. */
	l->settings.limits[COMPONENT_SMTP].threshold = 1000000;
	l->settings.limits[COMPONENT_LOGIN].threshold = 1000000;
	l->engine = engine_new(&config, &l->settings);
}

static void
look(struct life *l, int64_t now, uint32_t ret[COMPONENTS])
{
	struct explanation x;
	struct addr a = client();

	for (int i = 0; i < COMPONENTS; i++) {
		engine_explain(l->engine, &a, now, (enum component)i, &x);
		ret[i] = x.score;
	}
}

static void
tell(struct life *l, const struct event *ev, int64_t now)
{
	struct stored *s = &l->kept[l->n];
	struct effects effects;

	engine_apply(l->engine,
		&(struct fact){
			FACT_EVENT, { { .event = ev, .event_id = l->n + 1 } } },
		now, &effects);
	*s = (struct stored){ .id = l->n + 1,
		.addr = ev->addr,
		.time = ev->time,
		.identity = effects.list[0].event.identity,
		.count = effects.list[0].event.count,
		.kind = effects.list[0].event.kind,
		.outcome = effects.list[0].event.outcome,
		.marks = effects.list[0].event.marks,
		.is_summary = ev->is_summary,
		.told = ev->count,
		.span_s = ev->span_s,
		.source = ev->source };
	look(l, now, l->score[l->n]);
	l->n++;
}

static struct event
any_event(struct life *l, int64_t now)
{
	static const enum event_kind kinds[] = { EVENT_AUTH_FAILURE,
		EVENT_LOGIN_FAILURE, EVENT_LOGIN_FAILURE, EVENT_RELAY_DENIED,
		EVENT_BAD_RECIPIENT, EVENT_GOOD_RECIPIENT,
		EVENT_LOGIN_SUCCESS };
	static const char *const sources[] = { "postfix-log", "dovecot-log",
		"dovecot-policy" };
	static const char *const accounts[] = { "", "ann", "bob" };
	static const char *const sessions[] = { "", "s1", "s2", "s3" };
	static const char *const tags[] = { "", "", "t1", "t2" };
	struct event ev = { .kind = kinds[pick(l, ARRAY_LEN(kinds))],
		.addr = client(),
		.time = now,
		.count = 1,
		.source = str_of(sources[pick(l, ARRAY_LEN(sources))]),
		.service = pick(l, 2) ? S("smtp") : S("imap"),
		.account = str_of(accounts[pick(l, ARRAY_LEN(accounts))]),
		.session = str_of(sessions[pick(l, ARRAY_LEN(sessions))]),
		.tag = str_of(tags[pick(l, ARRAY_LEN(tags))]) };

	if (pick(l, 12) == 0) {
		ev.is_summary = true;
		ev.count = 1 + pick(l, 4);
		ev.span_s = pick(l, 60);
	}
	return ev;
}

static struct course *
course_of(const struct life *l)
{
	struct course *c = course_new(&l->settings, 0, EVENTS);

	for (unsigned i = 0; i < l->n; i++)
		course_add(c, &l->kept[i]);
	return c;
}

static void
assert_same(const struct life *l, const struct course *c, int64_t now,
	enum component of)
{
	struct explanation a, b;
	struct addr addr = client();

	engine_explain(l->engine, &addr, now, of, &a);
	course_explain(c, of, &b);
	assert_int_equal(a.score, b.score);
	assert_int_equal(a.threshold, b.threshold);
	assert_memory_equal(a.weight, b.weight, sizeof(a.weight));
	assert_memory_equal(&a.tally, &b.tally, sizeof(a.tally));
	assert_memory_equal(&a.trusted, &b.trusted, sizeof(a.trusted));
}

static void
test_it_is_the_engine_s_score_behind_every_event(void **state)
{
	static struct life l;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		int64_t now = NOW;
		uint32_t end[COMPONENTS];

		begin(&l, seed);
		while (l.n < EVENTS) {
			struct event ev = any_event(&l, now);

			tell(&l, &ev, now);
			now += pick(&l, 10) ? pick(&l, 20) : pick(&l, 900);
		}
		struct course *c = course_of(&l);
		course_end(c, now);
		for (unsigned i = 0; i < l.n; i++) {
			const struct course_event *e = course_event_get(
				c, i + 1);

			assert_non_null(e);
			for (int k = 0; k < COMPONENTS; k++)
				assert_int_equal(e->running[k], l.score[i][k]);
		}
		look(&l, now, end);
		for (int k = 0; k < COMPONENTS; k++) {
			assert_int_equal(
				course_score(c, (enum component)k), end[k]);
			assert_same(&l, c, now, (enum component)k);
		}
		course_free(c);
		engine_free(l.engine);
	}
}

/* An act of @kind, @ago seconds before now. */
static struct stored
act(uint64_t id, enum event_kind kind, int64_t ago)
{
	return (struct stored){ .id = id,
		.addr = client(),
		.time = NOW - ago,
		.count = 1,
		.told = 1,
		.kind = kind,
		.outcome = OUTCOME_SCORED,
		.source = S("postfix-log") };
}

static void
add(struct course *c, struct stored s)
{
	course_add(c, &s);
}

static struct course *
vendor_example(int64_t since)
{
	struct settings s = settings_default();
	struct course *c = course_new(&s, since, 32);
	uint64_t id = 0;

	for (int i = 0; i < 2; i++)
		add(c, act(++id, EVENT_RELAY_DENIED, 3000 - i));
	for (int i = 0; i < 5; i++)
		add(c, act(++id, EVENT_AUTH_FAILURE, 2000 - i));
	for (int i = 0; i < 12; i++)
		add(c, act(++id, EVENT_BAD_RECIPIENT, 100 - i));
	return c;
}

static void
test_the_vendor_s_example_makes_1050(void **state)
{
	struct course *c = vendor_example(0);

	(void)state;
	course_end(c, NOW);
	assert_int_equal(course_score(c, COMPONENT_SMTP), 1050);
	assert_int_equal(course_score(c, COMPONENT_LOGIN), 0);
	assert_int_equal(course_peak(c, COMPONENT_LOGIN), 5);
	/* The 11th recipient makes 1000. */
	assert_int_equal(course_crossed(c, COMPONENT_SMTP), NOW - 90);
	assert_int_equal(course_crossed(c, COMPONENT_LOGIN), 0);
	assert_int_equal(
		course_event_get(c, 18)->running[COMPONENT_SMTP], 1000);
	assert_int_equal(course_event_get(c, 18)->change[COMPONENT_SMTP], 50);
	assert_true(course_event_get(c, 1)->is_held[COMPONENT_SMTP]);
	assert_false(course_event_get(c, 1)->is_held[COMPONENT_LOGIN]);
	assert_null(course_event_get(c, 20));
	course_free(c);
}

static void
test_periods_and_the_end_are_to_the_second(void **state)
{
	struct course *c = vendor_example(0);

	(void)state;
	course_end(c, NOW);
	/* All but the first relay make 950, all make 1050. */
	assert_int_equal(course_span(c, COMPONENT_SMTP, 951), 3000);
	assert_int_equal(course_span(c, COMPONENT_SMTP, 950), 2999);
	assert_int_equal(course_span(c, COMPONENT_SMTP, 1051), -1);
	assert_int_equal(course_clear(c, COMPONENT_SMTP), NOW - 89 + 3600);
	assert_int_equal(course_clear(c, COMPONENT_LOGIN), 0);
	course_free(c);
}

static void
test_the_score_falls_when_acts_leave_the_window(void **state)
{
	struct settings s = settings_default();
	struct course *c = course_new(&s, 0, 8);
	const struct course_point want[] = { { NOW - 4000, 100 },
		{ NOW - 3000, 150 }, { NOW - 400, 50 }, { NOW - 100, 100 } };
	unsigned n;

	(void)state;
	add(c, act(1, EVENT_RELAY_DENIED, 4000));
	add(c, act(2, EVENT_BAD_RECIPIENT, 3000));
	add(c, act(3, EVENT_BAD_RECIPIENT, 100));
	course_end(c, NOW);
	const struct course_point *p = course_points(c, COMPONENT_SMTP, &n);
	assert_int_equal(n, ARRAY_LEN(want));
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(p[i].time, want[i].time);
		assert_int_equal(p[i].score, want[i].score);
	}
	assert_false(course_event_get(c, 1)->is_held[COMPONENT_SMTP]);
	assert_true(course_event_get(c, 2)->is_held[COMPONENT_SMTP]);
	course_free(c);
}

static void
test_what_was_before_the_last_block_does_not_count(void **state)
{
	struct course *c = vendor_example(NOW - 2000);

	(void)state;
	course_end(c, NOW);
	assert_int_equal(course_score(c, COMPONENT_SMTP), 850);
	assert_false(course_event_get(c, 2)->is_held[COMPONENT_SMTP]);
	assert_true(course_event_get(c, 3)->is_held[COMPONENT_SMTP]);
	course_free(c);
}

static void
test_a_repeat_takes_its_act_back(void **state)
{
	struct settings s = settings_default();
	struct course *c = course_new(&s, 0, 8);
	struct stored first = act(1, EVENT_AUTH_FAILURE, 20);
	struct stored second = first;

	(void)state;
	first.identity.session = second.identity.session = 7;
	second.id = 2;
	second.count = 0;
	second.outcome = OUTCOME_REPEAT;
	second.source = S("dovecot-policy");
	second.identity.account = 3;
	second.identity.credential = 4;
	course_add(c, &first);
	course_add(c, &second);
	course_end(c, NOW);
	assert_int_equal(course_event_get(c, 1)->change[COMPONENT_SMTP], 50);
	assert_false(course_event_get(c, 1)->is_held[COMPONENT_SMTP]);
	assert_int_equal(course_event_get(c, 2)->change[COMPONENT_SMTP], -50);
	assert_int_equal(course_event_get(c, 2)->change[COMPONENT_LOGIN], -1);
	assert_int_equal(course_score(c, COMPONENT_SMTP), 0);
	course_free(c);
}

static void
test_thinning_keeps_the_highest_and_the_last(void **state)
{
	struct course_point p[1000];
	unsigned n, most = 0;

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(p); i++)
		p[i] = (struct course_point){ i, i == 567 ? 9000 : i };
	n = course_thin(p, ARRAY_LEN(p), 300);
	assert_in_range(n, 100, 300);
	for (unsigned i = 0; i < n; i++) {
		if (p[i].score > p[most].score)
			most = i;
		if (i)
			assert_true(p[i].time > p[i - 1].time);
	}
	assert_int_equal(p[most].time, 567);
	assert_int_equal(p[n - 1].time, 999);
	assert_int_equal(course_thin(p, 3, 3), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_it_is_the_engine_s_score_behind_every_event),
		cmocka_unit_test(test_the_vendor_s_example_makes_1050),
		cmocka_unit_test(test_periods_and_the_end_are_to_the_second),
		cmocka_unit_test(
			test_the_score_falls_when_acts_leave_the_window),
		cmocka_unit_test(
			test_what_was_before_the_last_block_does_not_count),
		cmocka_unit_test(test_a_repeat_takes_its_act_back),
		cmocka_unit_test(test_thinning_keeps_the_highest_and_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
