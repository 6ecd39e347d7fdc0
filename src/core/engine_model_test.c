/* SPDX-License-Identifier: ISC */

/*
 * The engine against the model: random facts, few addresses and names so
 * that everything meets everything, and now and then a restart from what a
 * store would have kept.
 *
 *	engine_model_test [operations [seed]]
 */

#include "core/engine_model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/def.h"

enum {
	ROWS = 20000, /* operations of the longest run */
	OPERATIONS = 1000000,
	RUN_SHORT = 300,
	RUN_LONG = 5000,
	DRAIN_MAX = 10000,
	FAILURE_MAX_S = 320, /* longer than any lock time */
};

static const char *const addresses[] = { "203.0.113.7", "203.0.113.8",
	"203.0.114.1", "127.0.0.1", "2001:db8:1:2::7", "2001:db8:1:2::8",
	"2001:db8:1:3::1", "2001:db8:2::1" };
static const char *const prefixes[] = { "203.0.113.7", "203.0.113.8",
	"203.0.113.0/24", "203.0.0.0/16", "0.0.0.0/0", "2001:db8:1:2::7",
	"2001:db8:1:2::/80", "2001:db8:1:2::/64", "2001:db8:1::/48", "::/0" };
static const char *const sources[] = { "postfix-log", "dovecot-policy",
	"dovecot-log", "milter" };
static const char *const sessions[] = { "", "1001", "1002", "4711" };
static const char *const accounts[] = { "", "ann", "bob" };
static const char *const shouted[] = { "", "ANN", "Bob" };
static const char *const tags[] = { "", "0a1", "0b2", "0c3" };
static const enum event_kind kinds[] = { EVENT_AUTH_FAILURE,
	EVENT_LOGIN_FAILURE, EVENT_LOGIN_FAILURE, EVENT_RELAY_DENIED,
	EVENT_BAD_RECIPIENT, EVENT_GOOD_RECIPIENT, EVENT_LOGIN_SUCCESS,
	EVENT_SYNTAX };

static const struct engine_config config = {
	.key = { 3, 4 },
	.max_v4 = 1024,
	.max_v6 = 1024,
	.acts = 1 << 17,
	.v6_len = 64,
};

/* One run.  @rows and @blocks are what a store would hold. */
struct run {
	uint64_t random;
	uint64_t seed;
	unsigned step;
	int64_t now;
	struct engine *e;
	struct settings settings;
	struct stored rows[ROWS];
	unsigned rows_n;
	struct block blocks[MODEL_BLOCKS];
	unsigned blocks_n;
	struct lock locks[ROWS];
	unsigned locks_n;
	struct trust trusts[ROWS];
	unsigned trusts_n;
	bool just_blocked; /* the last fact was an event that blocked */
	bool just_locked;  /* … that locked an account */
	bool has_refused;  /* logins were refused: they aren't stored */
	/* Failures were forgotten by hand and no stored lock says so: they
	 * locked nothing, or the lock ended in the second it began, which
	 * looks as if it had been lifted. */
	int64_t forgot_at;
	unsigned restarts;
};

static struct run run;
static struct model model;

#define CHECK(what) check(what, #what, __LINE__)

static void
check(bool is_right, const char *what, int line)
{
	if (is_right)
		return;
	fprintf(stderr, "seed %llu, step %u, line %d: %s\n",
		(unsigned long long)run.seed, run.step, line, what);
	abort();
}

/* Source: S. Vigna, "splitmix64". */
static uint64_t
random_next(void)
{
	uint64_t z = run.random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned
below(unsigned n)
{
	return (unsigned)(random_next() % n);
}

static struct addr
any_addr(void)
{
	struct addr a;

	assert(addr_parse(str_of(addresses[below(ARRAY_LEN(addresses))]), &a));
	return a;
}

static struct prefix
any_prefix(void)
{
	struct prefix p;

	assert(prefix_parse(
		str_of(prefixes[below(ARRAY_LEN(prefixes))]), &p, NULL));
	return p;
}

static bool
same_block(const struct block *a, const struct block *b)
{
	return a->id == b->id && prefix_eq(&a->prefix, &b->prefix) &&
	       a->from == b->from && a->until == b->until &&
	       a->origin == b->origin && a->component == b->component &&
	       a->score == b->score && a->threshold == b->threshold &&
	       a->is_observed == b->is_observed &&
	       a->is_lifted == b->is_lifted &&
	       addr_eq(&a->cause_addr, &b->cause_addr);
}

static void
store_block(const struct block *b)
{
	CHECK(run.blocks_n < MODEL_BLOCKS);
	run.blocks[run.blocks_n++] = *b;
}

static void
store_end(const struct block *b)
{
	for (unsigned i = 0; i < run.blocks_n; i++) {
		if (run.blocks[i].id != b->id)
			continue;
		run.blocks[i].until = b->until;
		run.blocks[i].is_lifted = b->is_lifted;
	}
}

/* The block that the model made, or NULL, is the engine's last effect. */
static void
compare_block(
	const struct effects *got, unsigned before, const struct block *want)
{
	CHECK(got->n == before + (want != NULL));
	if (!want)
		return;
	const struct effect *e = &got->list[before];

	CHECK(e->type ==
		(want->until > run.now ? EFFECT_BLOCK : EFFECT_MISSED));
	CHECK(same_block(&e->block, want));
	CHECK(e->why && e->why->score == want->score);
	CHECK(e->why->at == want->from);
	store_block(&e->block);
}

static struct event
event_of(const struct model_event *m)
{
	bool shout = below(2);

	return (struct event){
		.kind = m->kind,
		.addr = m->addr,
		.time = m->time,
		.count = m->count,
		.span_s = m->span_s,
		.is_summary = m->is_summary,
		.source = str_of(sources[m->source]),
		.service = m->is_smtp ? S("submission") : S("imap"),
		.account = str_of((shout ? shouted : accounts)[m->account]),
		.session = str_of(sessions[m->session]),
		.tag = str_of(tags[m->tag]),
	};
}

static int64_t
any_time(void)
{
	switch (below(12)) {
	case 0: return run.now - below(400);
	case 1:
	case 2: return run.now - below(15);
	default: return run.now;
	}
}

static struct model_event
any_event(void)
{
	struct model_event m = {
		.addr = any_addr(),
		.time = any_time(),
		.kind = kinds[below(ARRAY_LEN(kinds))],
		.is_smtp = below(3) == 0,
		.is_summary = below(12) == 0,
		.count = 1,
		.source = (int)below(ARRAY_LEN(sources)),
		.session = (int)below(ARRAY_LEN(sessions)),
		.account = (int)below(ARRAY_LEN(accounts)),
		.tag = (int)below(ARRAY_LEN(tags)),
		.id = run.rows_n + 1,
	};

	if (m.is_summary) {
		m.count = 1 + below(6);
		m.span_s = below(3) ? below(60) : 0;
	}
	return m;
}

static void
store_event(const struct event *ev, const struct effect *e)
{
	struct stored *s = &run.rows[run.rows_n++];

	*s = (struct stored){
		.id = run.rows_n,
		.addr = ev->addr,
		.time = ev->time < run.now ? ev->time : run.now,
		.identity = e->event.identity,
		.count = e->event.count,
		.kind = e->event.kind,
		.outcome = e->event.outcome,
		.marks = e->event.marks,
		.is_cause = e->event.is_cause,
		.is_summary = ev->is_summary,
		.told = ev->count,
		.span_s = ev->span_s,
		.source = ev->source,
	};
}

static bool
same_lock(const struct lock *a, const struct model_lock *b)
{
	return a->cause == b->cause && a->from == b->from &&
	       a->until == b->until;
}

static void
store_lock(const struct lock *l, int account)
{
	CHECK(run.locks_n < ROWS);
	run.locks[run.locks_n] = *l;
	run.locks[run.locks_n++].account = str_of(accounts[account]);
}

static void
store_unlock(const struct lock *l)
{
	for (unsigned i = 0; i < run.locks_n; i++) {
		if (run.locks[i].cause == l->cause)
			run.locks[i].until = l->until;
	}
}

static void
take_effect(struct effects *got, const struct model_told *want, int account)
{
	const struct effect *e = &got->list[--got->n];

	if (e->type == EFFECT_TRUST) {
		CHECK(e->trust.day == want->trust_day);
		run.trusts[run.trusts_n++] = e->trust;
		return;
	}
	CHECK(e->type == want->lock_effect);
	CHECK(same_lock(&e->lock, &want->lock));
	CHECK(e->lock.is_observed == (run.settings.mode == MODE_OBSERVE));
	if (e->type == EFFECT_LOCK)
		store_lock(&e->lock, account);
	else
		store_unlock(&e->lock);
}

/* Take the effects about accounts, which are the last, off. */
static void
compare_account(struct effects *got, const struct model_told *want, int account)
{
	unsigned n = (want->lock_effect != 0) + (want->trust_day != 0);

	CHECK(got->n >= n + 1);
	while (n--)
		take_effect(got, want, account);
	run.just_locked = want->lock_effect == EFFECT_LOCK;
}

static void
do_event(void)
{
	struct model_event m = any_event();
	struct event ev = event_of(&m);
	struct fact f = { FACT_EVENT,
		{ { .event = &ev, .event_id = run.rows_n + 1 } } };
	const struct block *block = NULL;
	struct effects got;
	struct model_told want;

	if (below(20) == 0) {
		ev.time = below(2) ? 0 : run.now + below(1000);
		m.time = run.now;
	}
	model_event(&model, &m, run.now, &want);
	bool is_heavier = want.points > 0 ||
			  (want.count > 0 && event_is_login(want.kind));
	block = model_judge(
		&model, &m.addr, is_heavier ? m.time : run.now, run.now, false);
	engine_apply(run.e, &f, run.now, &got);

	const struct effect *e = &got.list[0];

	CHECK(e->type == EFFECT_EVENT);
	CHECK(e->event.outcome == want.outcome);
	CHECK(e->event.kind == want.kind);
	CHECK(e->event.count == want.count);
	CHECK(e->event.points == want.points);
	CHECK(e->event.marks == want.marks);
	CHECK(e->event.is_cause == (block != NULL));
	CHECK((e->event.identity.account != 0) == (m.account != 0));
	if (ev.time == 0)
		ev.time = run.now;
	store_event(&ev, e);
	compare_account(&got, &want, m.account);
	compare_block(&got, 1, block);
	run.just_blocked = block && block->until > run.now && is_heavier;
}

static void
do_connect(void)
{
	struct fact f = { FACT_CONNECT, { .addr = any_addr() } };
	struct effects got;

	engine_apply(run.e, &f, run.now, &got);
	compare_block(
		&got, 0, model_judge(&model, &f.addr, run.now, run.now, true));
}

static void
do_refused(void)
{
	struct model_event m = any_event();
	struct event ev;
	struct effects got;

	if (run.seed % 4)
		return;
	m.kind = EVENT_LOGIN_FAILURE;
	m.time = run.now;
	ev = event_of(&m);
	struct login login = { .addr = m.addr,
		.account = ev.account,
		.session = ev.session,
		.source = ev.source };
	struct fact f = { FACT_REFUSED, { .login = &login } };

	model_refused(&model, &m);
	engine_apply(run.e, &f, run.now, &got);
	CHECK(got.n == 0);
	run.has_refused = true;
}

/* By hand: of all addresses, or of one. */
static void
do_unlock(void)
{
	int account = 1 + (int)below(ARRAY_LEN(accounts) - 1);
	struct login login = { .addr = any_addr(),
		.account = str_of(shouted[account]),
		.is_everywhere = below(2) ||
				 run.settings.account_scope == LOCKS_ANYWHERE };
	struct fact f = { FACT_UNLOCK, { .login = &login } };
	struct effects got;
	unsigned n = 0;

	engine_apply(run.e, &f, run.now, &got);
	for (unsigned i = 0; i < model.locks_n; i++) {
		struct model_lock *l = &model.locks[i];
		struct lock stored = { .cause = l->cause, .until = run.now };
		bool is_told = false;

		if (l->account != account ||
			!(login.is_everywhere ||
				model_same_key(&model, &l->key, &login.addr)))
			continue;
		if (model_unlock(&model, l, run.now)) {
			store_unlock(&stored);
			n++;
			is_told = l->from < run.now;
		}
		if (!is_told)
			run.forgot_at = run.now;
	}
	CHECK(got.n == 1 && got.list[0].type == EFFECT_UNLOCK);
	CHECK(got.list[0].unlocked == n);
}

static void
do_block(void)
{
	struct block b = { .prefix = any_prefix(),
		.from = run.now,
		.until = run.now + 1 + below(below(5) ? 60 : 2000),
		.origin = ORIGIN_MANUAL };
	struct fact f = { FACT_BLOCK, { .block = &b } };
	struct effects got;

	engine_apply(run.e, &f, run.now, &got);
	CHECK(got.n == 1 && got.list[0].type == EFFECT_BLOCK);
	CHECK(same_block(&got.list[0].block, model_block(&model, &b)));
	store_block(&got.list[0].block);
}

static struct model_block *
model_find(uint64_t id)
{
	for (unsigned i = 0; i < model.blocks_n; i++) {
		if (model.blocks[i].block.id == id && id)
			return &model.blocks[i];
	}
	return NULL;
}

static void
do_unblock(void)
{
	uint64_t back = below(5);
	struct fact f = { FACT_UNBLOCK,
		{ .block_id = model.last_id > back ? model.last_id - back
						   : 1 } };
	struct model_block *b = model_find(f.block_id);
	struct effects got;

	engine_apply(run.e, &f, run.now, &got);
	if (!b || b->is_over || b->block.until <= run.now) {
		CHECK(got.n == 0);
		return;
	}
	b->block.until = run.now;
	b->block.is_lifted = true;
	b->is_over = true;
	CHECK(got.n == 1 && got.list[0].type == EFFECT_LIFT);
	CHECK(same_block(&got.list[0].block, &b->block));
	store_end(&b->block);
}

/* All effects of this and the ticks that follow end blocks; each once. */
static void
drain(struct effects *got, enum effect_type type)
{
	for (int turn = 0; turn < DRAIN_MAX; turn++) {
		for (unsigned i = 0; i < got->n; i++) {
			const struct effect *e = &got->list[i];
			struct model_block *b = model_find(e->block.id);

			CHECK(b && !b->is_over);
			CHECK(e->type == type || e->type == EFFECT_EXPIRE);
			if (e->type == EFFECT_LIFT) {
				b->block.until = run.now;
				b->block.is_lifted = true;
			}
			CHECK(same_block(&b->block, &e->block));
			b->is_over = true;
			store_end(&b->block);
		}
		if (!got->has_more)
			return;
		engine_tick(run.e, run.now, got);
	}
	CHECK(!got->has_more);
}

static void
do_tick(void)
{
	struct effects got;

	engine_tick(run.e, run.now, &got);
	drain(&got, EFFECT_EXPIRE);
	for (unsigned i = 0; i < model.blocks_n; i++)
		CHECK(model.blocks[i].is_over ||
			model.blocks[i].block.until > run.now);
	model_forget(&model, run.now);
}

static void
do_never_add(void)
{
	struct fact f = { FACT_NEVER_ADD, { .prefix = any_prefix() } };
	struct effects got;

	if (model.never_n == MODEL_NEVER || (f.prefix.len < 112 && below(4)))
		return;
	for (unsigned i = 0; i < model.never_n; i++) {
		if (prefix_eq(&model.never[i], &f.prefix))
			return;
	}
	model.never[model.never_n++] = f.prefix;
	engine_apply(run.e, &f, run.now, &got);
	drain(&got, EFFECT_LIFT);
	for (unsigned i = 0; i < model.blocks_n; i++) {
		const struct model_block *b = &model.blocks[i];

		CHECK(b->is_over || b->block.until <= run.now ||
			!model_covers(&f.prefix, &b->block.prefix));
	}
}

static void
do_never_remove(void)
{
	struct fact f = { .type = FACT_NEVER_REMOVE };
	struct effects got;

	if (model.never_n <= 2)
		return; /* loopback */
	unsigned i = 2 + below(model.never_n - 2);

	f.prefix = model.never[i];
	model.never[i] = model.never[--model.never_n];
	engine_apply(run.e, &f, run.now, &got);
	CHECK(got.n == 0);
}

static void
any_settings(struct settings *s)
{
	s->mode = below(2);
	s->evaluate = below(3) == 0;
	s->is_repeat_once = below(4) != 0;
	for (int c = 0; c < COMPONENTS; c++) {
		s->limits[c].period_s = 20 + below(300);
		s->limits[c].block_time_s = 1 + below(200);
	}
	s->account_failures = below(5);
	s->account_lock_s = 20 + below(300);
	s->trust_days = below(3);
	s->trust_percent = 50 + below(51);
	s->limits[COMPONENT_SMTP].threshold = 100 + below(1500);
	s->limits[COMPONENT_LOGIN].threshold = 2 + below(12);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (event_types[kinds[i]].is_settable)
			s->weight[kinds[i]] = below(4) ? below(120) : 0;
	}
}

static void
do_settings(void)
{
	struct fact f = { FACT_SETTINGS, { .settings = &run.settings } };
	struct effects got;

	any_settings(&run.settings);
	model_settings(&model, &run.settings, run.now);
	engine_apply(run.e, &f, run.now, &got);
	CHECK(got.n == 0);
}

static void
compare_explanation(void)
{
	static struct explanation got, want;
	struct addr a = any_addr();
	uint32_t rows[EVENT_KINDS] = { 0 };

	want.component = (enum component)below(2);
	model_explain(&model, &a, run.now, run.now, &want);
	engine_explain(run.e, &a, run.now, want.component, &got);
	CHECK(got.score == want.score);
	CHECK(memcmp(&got.tally, &want.tally, sizeof(got.tally)) == 0);
	CHECK(memcmp(&got.trusted, &want.trusted, sizeof(got.trusted)) == 0);
	for (uint32_t i = 0; i < got.rows_n; i++) {
		rows[got.rows[i].kind] += got.rows[i].count;
		CHECK(i == 0 || got.rows[i - 1].time <= got.rows[i].time);
	}
	CHECK(got.rows_n == ENGINE_ROWS_MAX ||
		memcmp(rows, want.tally.count, sizeof(rows)) == 0);
}

static void
compare_lists(void)
{
	int64_t deadline = INT64_MAX;
	unsigned covering = 0;
	uint64_t id = 0;
	struct prefix p = any_prefix();
	struct block b;

	for (unsigned i = 0; i < model.blocks_n; i++) {
		const struct model_block *row = &model.blocks[i];

		if (row->is_over)
			continue;
		if (row->block.until < deadline)
			deadline = row->block.until;
		covering += row->block.until > run.now &&
			    model_covers(&row->block.prefix, &p);
		CHECK(engine_block_next(run.e, id, &b));
		CHECK(same_block(&b, &row->block));
		id = b.id;
	}
	CHECK(!engine_block_next(run.e, id, &b));
	CHECK(engine_next_deadline(run.e) == deadline);
	CHECK(engine_block_covering(run.e, &p, run.now, &b, 1) == covering);
}

static void
compare_lock(void)
{
	int account = 1 + (int)below(ARRAY_LEN(accounts) - 1);
	struct addr a = any_addr();
	struct prefix p = { a, ADDR_BITS };
	const struct model_lock *l = model_lock_find(&model, &a, account);
	bool is_locked = l && l->until > run.now &&
			 run.settings.account_failures &&
			 !model_is_never(&model, &p);
	bool is_refused = is_locked && run.settings.mode == MODE_ENFORCE;
	struct account_verdict v = engine_check_account(
		run.e, &a, str_of(shouted[account]), run.now);

	CHECK((v.word == VERDICT_REFUSE) == is_refused);
	CHECK(v.would_lock == (is_locked && !is_refused));
	CHECK(!is_locked || v.until == l->until);
}

static void
compare(void)
{
	struct addr a = any_addr();
	struct prefix p = { a, ADDR_BITS };
	const struct block *b = model_last(&model, &a, run.now);
	struct verdict v = engine_check(run.e, &a, run.now);
	bool is_never = model_is_never(&model, &p);

	CHECK(v.is_never == is_never);
	CHECK((v.word == VERDICT_REFUSE || v.would_block) == (b && !is_never));
	CHECK(!v.would_block || run.settings.mode == MODE_OBSERVE);
	CHECK(v.word == VERDICT_ALLOW || run.settings.mode == MODE_ENFORCE);
	if (b && !is_never)
		CHECK(v.block_id == b->id && v.until == b->until);
	compare_explanation();
	compare_lock();
	if (below(8) == 0)
		compare_lists();
}

/* May a replay that begins now differ?  See struct model, and README of
 * the replay in engine.h: rows up to the horizon aren't there any more. */
static bool
can_restart(int64_t horizon)
{
	int64_t floor = model.floor;

	if (floor >= horizon && floor > 0 &&
		model_horizon(&model, run.now) == floor)
		return false;
	if (horizon >= model.blurred_from && horizon < model.blurred_to)
		return false;
	if (run.has_refused || model.missed_at > horizon ||
		run.forgot_at > horizon)
		return false;
	for (unsigned i = 0; i < model.failures_n; i++) {
		int64_t age = horizon - model.failures[i].time;

		if (age >= 0 && age < FAILURE_MAX_S)
			return false;
	}
	for (unsigned i = 0; i < model.blocks_n; i++) {
		const struct block *b = &model.blocks[i].block;

		if (!addr_is_v4(&b->prefix.addr) &&
			b->prefix.len > config.v6_len && b->until > horizon)
			return false;
	}
	return true;
}

/* A new engine from what was stored: never entries, blocks, events.  When
 * the last event made a block, that may not have reached the disk. */
static void
do_restart(void)
{
	int64_t horizon = model_horizon(&model, run.now);
	bool is_new = run.rows_n && run.rows[run.rows_n - 1].time > horizon;
	bool is_lost = run.just_blocked && below(2) && is_new;
	bool is_lock_lost = run.just_locked && below(2) && is_new;
	struct engine_config c = config;
	struct effects got;

	if (!can_restart(horizon))
		return;
	run.restarts++;
	c.last_block = model.last_id - is_lost;
	engine_free(run.e);
	run.e = engine_new(&c, &run.settings);
	for (unsigned i = 2; i < model.never_n; i++) {
		struct fact f = { FACT_NEVER_ADD,
			{ .prefix = model.never[i] } };

		engine_apply(run.e, &f, run.now, &got);
	}
	for (unsigned i = 0; i < run.blocks_n - is_lost; i++) {
		struct fact f = { FACT_BLOCK, { .block = &run.blocks[i] } };

		engine_apply(run.e, &f, run.now, &got);
	}
	for (unsigned i = 0; i < run.locks_n - is_lock_lost; i++) {
		struct fact f = { FACT_LOCK, { .lock = &run.locks[i] } };

		if (run.locks[i].until > horizon || run.locks[i].from > horizon)
			engine_apply(run.e, &f, run.now, &got);
	}
	for (unsigned i = 0; i < run.trusts_n; i++) {
		struct fact f = { FACT_TRUST, { .trust = run.trusts[i] } };

		engine_apply(run.e, &f, run.now, &got);
	}
	/* What ended unnoticed is history now. */
	for (unsigned i = 0; i < model.blocks_n; i++)
		model.blocks[i].is_over |= model.blocks[i].block.until <=
					   run.now;
	for (unsigned i = 0; i < run.rows_n; i++) {
		struct fact f = { FACT_STORED, { .stored = &run.rows[i] } };

		if (run.rows[i].time <= horizon)
			continue;
		engine_apply(run.e, &f, run.now, &got);
		bool is_last = i == run.rows_n - 1;
		bool is_again = is_lost && is_last;

		if (is_lock_lost && is_last) {
			CHECK(got.n == 1u + is_again);
			CHECK(got.list[0].type == EFFECT_LOCK);
			CHECK(got.list[0].lock.cause ==
				run.locks[run.locks_n - 1].cause);
			CHECK(got.list[0].lock.until ==
				run.locks[run.locks_n - 1].until);
			got.list[0] = got.list[1];
			got.n--;
		}
		CHECK(got.n == is_again);
		if (is_again)
			CHECK(same_block(&got.list[0].block,
				&run.blocks[run.blocks_n - 1]));
	}
}

static const struct {
	unsigned share; /* of 1000 */
	void (*run)(void);
} operations[] = {
	{ 735, do_event },
	{ 80, do_connect },
	{ 25, do_block },
	{ 30, do_unblock },
	{ 5, do_unlock },
	{ 5, do_refused },
	{ 10, do_never_add },
	{ 15, do_never_remove },
	{ 15, do_settings },
	{ 75, do_tick },
	{ 5, do_restart },
};

static void
step(void)
{
	unsigned pick = below(1000), i = 0;
	bool was_blocked = run.just_blocked || run.just_locked;

	if (!was_blocked || below(4)) {
		static const unsigned spans[] = { 1, 1, 1, 2, 4, 4, 10, 60 };

		run.now += below(spans[below(ARRAY_LEN(spans))] + 1);
		if (below(500) == 0)
			run.now += below(1000);
		was_blocked = false;
	}
	while (pick >= operations[i].share)
		pick -= operations[i++].share;
	/* A block that isn't stored yet: this is when kills hurt. */
	if (was_blocked)
		do_restart();
	run.just_blocked = run.just_locked = false;
	operations[i].run();
	compare();
}

static void
start(uint64_t seed)
{
	run.seed = run.random = seed;
	run.now = INT64_C(1800000000);
	run.settings = settings_default();
	run.settings.account_scope = seed / 2 % 2 ? LOCKS_ADDRESS
						  : LOCKS_ANYWHERE;
	run.rows_n = run.blocks_n = 0;
	run.just_blocked = run.just_locked = run.has_refused = false;
	run.locks_n = run.trusts_n = 0;
	run.forgot_at = 0;
	any_settings(&run.settings);
	run.e = engine_new(&config, &run.settings);
	model.settings = run.settings;
	model.v6_len = config.v6_len;
	model.floor = model.blurred_from = model.blurred_to = 0;
	model.last_id = 0;
	model.acts_n = model.blocks_n = model.seen_n = 0;
	model.locks_n = model.failures_n = model.logins_n = 0;
	model.missed_at = 0;
	model.never_n = 2;
	assert(prefix_parse(S("127.0.0.0/8"), &model.never[0], NULL));
	assert(prefix_parse(S("::1"), &model.never[1], NULL));
}

int
main(int argc, char **argv)
{
	unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) : OPERATIONS;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10)
				 : (uint64_t)time(NULL) << 20;
	unsigned long runs = 0;

	printf("%lu operations from seed %llu\n", left,
		(unsigned long long)seed);
	for (; left; runs++, seed++) {
		unsigned steps = runs % 50 ? RUN_SHORT : RUN_LONG;

		start(seed);
		for (run.step = 0; run.step < steps && left; run.step++) {
			step();
			left--;
		}
		engine_free(run.e);
	}
	printf("%lu runs, %u restarts\n", runs, run.restarts);
	return 0;
}
