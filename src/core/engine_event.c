/* SPDX-License-Identifier: ISC */

/*
 * Events, as they come and as the store kept them.
 */

#include "base/def.h"
#include "core/engine_account.h"

static uint32_t
short_hash(uint64_t hash)
{
	uint32_t h = (uint32_t)(hash ^ hash >> 32);

	return h ? h : 1; /* 0 means "not told" */
}

static struct identity
identity_of(const struct engine *e, const struct event *ev)
{
	const struct hash_key *key = &e->config.key;
	struct identity id = { 0 };
	uint64_t account = 0;

	if (ev->session.n)
		id.session = short_hash(hash_bytes(key, ev->session));
	if (ev->account.n == 0)
		return id;
	account = hash_folded(key, ev->account);
	id.account = short_hash(account);
	if (ev->tag.n)
		id.credential = short_hash(
			hash_pair(key, account, hash_bytes(key, ev->tag)));
	return id;
}

/* A failed login at SMTP is one of that component, whoever tells it. */
static enum event_kind
kind_of(const struct event *ev)
{
	if (ev->kind == EVENT_LOGIN_FAILURE &&
		(str_eq_case(ev->service, S("smtp")) ||
			str_eq_case(ev->service, S("submission"))))
		return EVENT_AUTH_FAILURE;
	return ev->kind;
}

static bool
is_scored(enum event_kind kind)
{
	return kind >= 0 && kind < EVENT_LOGIN_SUCCESS &&
	       event_types[kind].id != NULL;
}

static uint32_t
time_of(int64_t time, int64_t now)
{
	if (time <= 0 || time > now)
		time = now;
	return time < 0 ? 0 : (uint32_t)time;
}

/* Acts are told apart even while nothing is scored: so another source, or
 * a summary, adds nothing later. */
static void
receive(struct engine *e, struct client *c, const struct identity *identity,
	struct report *r)
{
	r->kind = r->telling.kind;
	r->telling.account = identity->account;
	if (r->kind == EVENT_LOGIN_SUCCESS && identity->account)
		account_succeed(e, c, r);
	r->outcome = OUTCOME_NEVER;
	r->is_silent = r->is_free = c->is_never;
	if (c->is_never) {
		if (event_is_login(r->kind) && !account_is_exempt(e, c) &&
			r->telling.time > c->horizon) {
			report_identify(e, c, identity, r);
			report_fold(e, c, r);
		}
		return;
	}
	r->outcome = c->cover.is_live ? OUTCOME_BLOCKED : OUTCOME_NOTED;
	if (!is_scored(r->telling.kind))
		return;
	r->is_silent = c->cover.is_live;
	if (!r->is_silent && (r->telling.time <= c->horizon ||
				     r->telling.time < c->cover.since)) {
		r->outcome = OUTCOME_LATE;
		r->is_silent = true;
	}
	if (r->telling.time <= c->horizon)
		return;
	report_identify(e, c, identity, r);
	report_fold(e, c, r);
}

/* Ask the thresholds.  An event that adds something is judged at its own
 * time, or that of the newest act; any other only when a setting was
 * changed, and now. */
static bool
judge(struct engine *e, const struct client *c, const struct report *r,
	uint64_t event_id, struct effects *ret)
{
	struct cause cause = { .at = c->now, .event_id = event_id };
	unsigned ask = 1U << COMPONENT_LOGIN;

	if (!c->entry || c->is_never || c->cover.is_live)
		return false;
	if (r->is_heavier)
		cause.at = r->telling.time;
	else if (!engine_is_due(e, c))
		return false;
	if (e->settings.evaluate == EVALUATE_EVENT)
		ask |= 1U << COMPONENT_SMTP;
	return engine_judge(e, c, cause, ask, ret);
}

void
engine_event(struct engine *e, const struct fact *f, int64_t now,
	struct effects *ret)
{
	const struct event *ev = f->event;
	struct effect *effect = effect_add(ret, EFFECT_EVENT);
	struct report r = {
		.telling.kind = kind_of(ev),
		.telling.time = time_of(ev->time, now),
		.count = ev->is_summary && ev->count ? ev->count : 1,
		.span_s = ev->span_s,
		.is_summary = ev->is_summary,
		.event_id = f->event_id,
	};
	struct client c;

	/* Hashing texts takes about as long as memory does to come. */
	engine_client_begin(e, &ev->addr, now, &c);
	acts_prefetch(&e->acts, acts_who(c.addr_hash, r.telling.kind));
	effect->event.identity = identity_of(e, ev);
	table_prefetch_entry(&e->tables[c.is_v4], (uint32_t)c.key_hash);
	if (effect->event.identity.account)
		account_prefetch(e, &c, effect->event.identity.account);
	r.telling.source = acts_source(&e->acts, ev->source);
	engine_client_end(e, &c);
	receive(e, &c, &effect->event.identity, &r);
	effect->event.outcome = r.outcome;
	effect->event.kind = r.kind;
	effect->event.count = r.added;
	effect->event.points = r.points;
	effect->event.marks = r.marks;
	effect->event.is_cause = judge(e, &c, &r, f->event_id, ret);
	account_effects(&r, now, ret);
	e->outcomes[r.outcome]++;
}

/* Did it change what is known of acts? */
static bool
has_act(const struct stored *s, const struct client *c)
{
	static const bool plain[8] = {
		[OUTCOME_SCORED] = true,
		[OUTCOME_JOINED] = true,
		[OUTCOME_REPEAT] = true,
		[OUTCOME_BLOCKED] = true,
		[OUTCOME_LATE] = true,
	};

	if (!is_scored(s->kind) || s->outcome >= ARRAY_LEN(plain))
		return false;
	if (s->marks)
		return true;
	if (s->outcome == OUTCOME_LATE && s->time <= c->horizon)
		return false;
	if (s->is_summary)
		return s->outcome != OUTCOME_NEVER;
	return plain[s->outcome];
}

/* It made a block, but the store never had it: it does so again, even if
 * by other settings than those of now. */
static void
block_again(struct engine *e, const struct client *c, const struct stored *s,
	struct effects *ret)
{
	struct cause cause = { .at = s->time, .event_id = s->id };
	unsigned ask = 1U << COMPONENT_LOGIN;
	uint32_t found;

	if (order_find(&e->causes, s->id, &found))
		return;
	if (e->settings.evaluate == EVALUATE_EVENT)
		ask |= 1U << COMPONENT_SMTP;
	if (engine_judge(e, c, cause, ask, ret))
		return;
	cause.component = event_is_login(s->kind) ? COMPONENT_LOGIN
						  : COMPONENT_SMTP;
	engine_block(e, c, &cause, ret);
}

void
engine_stored(struct engine *e, const struct stored *s, int64_t now,
	struct effects *ret)
{
	struct report r = {
		.telling.kind = s->kind,
		.telling.time = time_of(s->time, now),
		.count = s->is_summary ? s->told : s->count,
		.added = s->count,
		.span_s = s->span_s,
		.is_summary = s->is_summary,
		.is_stored = true,
		.is_silent = s->outcome == OUTCOME_BLOCKED ||
			     s->outcome == OUTCOME_LATE ||
			     s->outcome == OUTCOME_NEVER,
		.is_free = s->outcome == OUTCOME_NEVER,
		.kept = s->marks,
		.event_id = s->id,
		.outcome = s->outcome,
	};
	struct client c;

	engine_client(e, &s->addr, now, &c);
	r.telling.account = s->identity.account;
	if (s->kind == EVENT_LOGIN_SUCCESS && s->identity.account)
		account_succeed(e, &c, &r);
	if (has_act(s, &c)) {
		r.telling.source = acts_source(&e->acts, s->source);
		report_identify(e, &c, &s->identity, &r);
		report_fold(e, &c, &r);
	}
	account_effects(&r, now, ret);
	if (!c.entry)
		return;
	if (s->is_cause)
		block_again(e, &c, s, ret);
	/* Whether it reaches a threshold is asked with the next fact. */
	c.entry->generation = (uint16_t)(e->generation - 1);
}
