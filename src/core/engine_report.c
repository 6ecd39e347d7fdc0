/* SPDX-License-Identifier: ISC */

#include "core/engine_report.h"

#include "base/def.h"

void
report_identify(const struct engine *e, const struct client *c,
	const struct identity *identity, struct report *r)
{
	struct telling *t = &r->telling;

	t->who = acts_who(c->addr_hash, t->kind);
	t->session = identity->session;
	t->account = identity->account;
	t->horizon = c->horizon;
	if (identity->credential && event_is_login(t->kind))
		r->fingerprint = hash_pair(
			&e->config.key, c->key_hash, identity->credential);
}

/* Cells up to this will never count again for this client's key. */
static int64_t
dead_of(const struct client *c)
{
	int64_t end = lease_since(&c->entry->lease) - 1;

	return end > c->horizon && end < c->now ? end : c->horizon;
}

static void
cell_add(struct engine *e, struct client *c, struct telling t, uint32_t count)
{
	if (count > CELL_COUNT_MAX)
		count = CELL_COUNT_MAX;
	struct cell cell = { t.time, (uint32_t)t.kind << 24 | count };

	window_add(&e->windows, &c->entry->window, cell, dead_of(c));
}

static uint32_t
points_of(const struct engine *e, enum event_kind kind, uint32_t count)
{
	uint64_t points = (uint64_t)e->weights[kind] * count;

	return points > UINT32_MAX ? UINT32_MAX : (uint32_t)points;
}

static void
score(struct engine *e, struct client *c, struct report *r, uint32_t count)
{
	enum event_kind kind = r->telling.kind;

	cell_add(e, c, r->telling, count);
	r->outcome = OUTCOME_SCORED;
	r->added = count;
	r->points += points_of(e, kind, count);
	r->is_heavier = r->points > 0 || event_is_login(kind);
}

/* Is it in the window, and not forgiven? */
static bool
still_counts(const struct client *c, const struct act *act)
{
	return act->flags & ACT_IS_SCORED && c->entry &&
	       act->time >= c->cover.since;
}

/* A failed login turns out to be one at SMTP: it counts as that. */
static void
specify(struct engine *e, struct client *c, struct report *r, struct act *act)
{
	act->kind = EVENT_AUTH_FAILURE;
	if (!still_counts(c, act) ||
		!window_take(&e->windows, &c->entry->window,
			EVENT_LOGIN_FAILURE, act->time))
		return;
	struct telling t = { .time = act->time, .kind = EVENT_AUTH_FAILURE };

	cell_add(e, c, t, 1);
	r->points += points_of(e, EVENT_AUTH_FAILURE, 1);
	r->is_heavier = r->points > 0;
}

static void
join(struct engine *e, struct client *c, struct report *r, struct act *act)
{
	acts_join(act, &r->telling);
	if (r->telling.kind == EVENT_AUTH_FAILURE &&
		act->kind == EVENT_LOGIN_FAILURE && !r->is_silent)
		specify(e, c, r, act);
}

/* Was this password tried in the login period, and after the last block? */
static bool
is_repeat(
	const struct engine *e, const struct client *c, const struct report *r)
{
	const struct limits *l = &e->settings.limits[COMPONENT_LOGIN];
	int64_t after = (int64_t)r->telling.time - l->period_s;

	if (r->is_stored)
		return r->outcome == OUTCOME_REPEAT;
	if (!e->settings.is_repeat_once || r->fingerprint == 0)
		return false;
	int64_t seen = repeats_get(&e->repeats, r->fingerprint);

	return seen > after && seen > c->horizon && seen >= c->cover.since;
}

static void
unscore(struct engine *e, struct client *c, struct act *act)
{
	if (still_counts(c, act))
		window_take(&e->windows, &c->entry->window,
			(enum event_kind)act->kind, act->time);
	act->flags &= (uint8_t)~ACT_IS_SCORED;
}

/* A source tells an act that another has told.  If this is the first that
 * knows the password, it may show that the act should not have counted. */
static void
fold_joined(
	struct engine *e, struct client *c, struct report *r, struct act *act)
{
	bool is_seen = is_repeat(e, c, r);

	join(e, c, r, act);
	if (act->kind == EVENT_AUTH_FAILURE)
		r->kind = EVENT_AUTH_FAILURE;
	if (r->is_silent)
		return;
	r->outcome = OUTCOME_JOINED;
	if (r->fingerprint == 0 || act->flags & ACT_HAS_TAG)
		return;
	act->flags |= ACT_HAS_TAG;
	repeats_note(&e->repeats, r->fingerprint, r->telling.time);
	if (!is_seen)
		return;
	unscore(e, c, act);
	r->outcome = OUTCOME_REPEAT;
	r->points = 0;
	r->is_heavier = false;
}

static void
begin(struct engine *e, const struct report *r, uint32_t count, unsigned flags)
{
	for (uint32_t i = 0; i < count && i < ACTS_WALK_MAX; i++)
		acts_begin(&e->acts, &r->telling, flags);
}

static void
fold_new(struct engine *e, struct client *c, struct report *r)
{
	unsigned tag = r->fingerprint ? ACT_HAS_TAG : 0;

	/* A stored event that joined an act joined one that is forgotten. */
	if (r->is_stored && r->outcome == OUTCOME_JOINED)
		return;
	if (r->is_silent) {
		begin(e, r, 1, 0);
		return;
	}
	if (is_repeat(e, c, r)) {
		begin(e, r, 1, tag);
		r->outcome = OUTCOME_REPEAT;
	} else if (engine_track(e, c)) {
		begin(e, r, r->count, tag | ACT_IS_SCORED);
		score(e, c, r, r->count);
	} else {
		r->outcome = OUTCOME_UNTRACKED;
		return;
	}
	if (tag)
		repeats_note(&e->repeats, r->fingerprint, r->telling.time);
}

/* A summary adds the acts of its span that nobody has told, and closes the
 * session. */
static void
fold_summary(struct engine *e, struct client *c, struct report *r)
{
	struct act *acts[ACTS_WALK_MAX];
	unsigned n = acts_cover(
		&e->acts, &r->telling, r->span_s, r->count, acts);
	uint32_t more = r->count > n ? r->count - n : 0;
	unsigned flags = ACT_IS_CLOSED;

	for (unsigned i = 0; i < n; i++) {
		join(e, c, r, acts[i]);
		acts[i]->flags |= ACT_IS_CLOSED;
	}
	if (r->is_stored && !r->is_silent)
		more = r->added;
	if (!r->is_silent) {
		r->added = 0;
		r->outcome = OUTCOME_NOTED;
		if (more == 0)
			return;
		if (!engine_track(e, c)) {
			r->outcome = OUTCOME_UNTRACKED;
			return;
		}
		score(e, c, r, more);
		flags |= ACT_IS_SCORED;
	}
	begin(e, r, more, flags);
}

void
report_fold(struct engine *e, struct client *c, struct report *r)
{
	struct act *act;

	r->kind = r->telling.kind;
	if (r->is_summary) {
		fold_summary(e, c, r);
		return;
	}
	act = r->is_stored && r->outcome == OUTCOME_SCORED
		      ? NULL
		      : acts_find(&e->acts, &r->telling);
	if (act)
		fold_joined(e, c, r, act);
	else
		fold_new(e, c, r);
}
