/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "core/engine_account.h"

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

static unsigned
class_of(const struct act *act)
{
	return cell_class_of(
		(enum event_kind)act->kind, act->flags & ACT_IS_TRUSTED);
}

/* Count acts in a class. */
static void
cell_add(struct engine *e, struct client *c, unsigned class, uint32_t time,
	uint32_t count)
{
	if (count > CELL_COUNT_MAX)
		count = CELL_COUNT_MAX;
	struct cell cell = { time, class << 24 | count };

	window_add(&e->windows, &c->entry->window, cell, dead_of(c));
	if (UNLIKELY(e->watch))
		e->watch->changed(e->watch, cell, false);
}

/* Take one act back. */
static bool
cell_take(struct engine *e, struct client *c, const struct act *act)
{
	unsigned class = class_of(act);

	if (!window_take(&e->windows, &c->entry->window, class, act->time))
		return false;
	if (UNLIKELY(e->watch))
		e->watch->changed(e->watch,
			(struct cell){ act->time, class << 24 | 1 }, true);
	return true;
}

static uint32_t
points_of(const struct engine *e, unsigned class, uint32_t count)
{
	uint64_t weight = e->weights.of[class][COMPONENT_SMTP];
	uint64_t points = weight * count / 100;

	return points > UINT32_MAX ? UINT32_MAX : (uint32_t)points;
}

/* Returns the flags that the acts have by it. */
static unsigned
score(struct engine *e, struct client *c, struct report *r, uint32_t count)
{
	bool is_trusted = account_is_trusted(e, c, r);
	unsigned class = cell_class_of(r->telling.kind, is_trusted);
	unsigned flags = ACT_IS_SCORED;

	cell_add(e, c, class, r->telling.time, count);
	r->outcome = OUTCOME_SCORED;
	r->added = count;
	r->points += points_of(e, class, count);
	r->is_heavier = r->points > 0 || event_is_login(r->telling.kind);
	if (is_trusted) {
		r->marks |= MARK_TRUSTED;
		flags |= ACT_IS_TRUSTED;
	}
	if (account_fail(e, c, r, r->telling.time))
		flags |= ACT_IS_FAILED;
	return flags;
}

/* Is it in the window, and not forgiven? */
static bool
still_counts(const struct client *c, const struct act *act)
{
	return act->flags & ACT_IS_SCORED && c->entry &&
	       act->time >= c->cover.since;
}

/* Its cell is another from now on. */
static bool
reclass(struct engine *e, struct client *c, const struct act *act,
	unsigned class)
{
	if (!still_counts(c, act) || !cell_take(e, c, act))
		return false;
	cell_add(e, c, class, act->time, 1);
	return true;
}

/* A failed login turns out to be one at SMTP: it counts as that. */
static void
specify(struct engine *e, struct client *c, struct report *r, struct act *act)
{
	unsigned class = cell_class_of(
		EVENT_AUTH_FAILURE, act->flags & ACT_IS_TRUSTED);
	bool is_counted = reclass(e, c, act, class);

	act->kind = EVENT_AUTH_FAILURE;
	if (!is_counted)
		return;
	r->points += points_of(e, class, 1);
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

/* The first source that knows the account of an act: it counts against
 * that, and less when it is trusted. */
static void
learn(struct engine *e, struct client *c, struct report *r, struct act *act)
{
	unsigned class = cell_class_of((enum event_kind)act->kind, true);

	if (!(act->flags & ACT_IS_SCORED))
		return;
	if (account_is_trusted(e, c, r) && reclass(e, c, act, class)) {
		act->flags |= ACT_IS_TRUSTED;
		r->marks |= MARK_TRUSTED;
	}
	if (account_fail(e, c, r, act->time))
		act->flags |= ACT_IS_FAILED;
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
unscore(struct engine *e, struct client *c, struct report *r, struct act *act)
{
	if (still_counts(c, act))
		(void)cell_take(e, c, act);
	if (act->flags & ACT_IS_FAILED)
		account_take(e, c, r, act);
	act->flags &= (uint8_t) ~(ACT_IS_SCORED | ACT_IS_FAILED);
	r->outcome = OUTCOME_REPEAT;
	r->points = 0;
	r->is_heavier = false;
}

/* A source tells an act that another has told.  If this is the first that
 * knows the password, it may show that the act should not have counted. */
static void
fold_joined(
	struct engine *e, struct client *c, struct report *r, struct act *act)
{
	bool has_news = act->account == 0 && r->telling.account != 0;
	bool has_tag = r->fingerprint && !(act->flags & ACT_HAS_TAG);
	bool is_seen = has_tag && is_repeat(e, c, r);

	if (!r->is_silent && has_news && !is_seen)
		learn(e, c, r, act);
	join(e, c, r, act);
	if (act->kind == EVENT_AUTH_FAILURE)
		r->kind = EVENT_AUTH_FAILURE;
	if (r->is_silent)
		return;
	r->outcome = OUTCOME_JOINED;
	if (!has_tag)
		return;
	act->flags |= ACT_HAS_TAG;
	repeats_note(&e->repeats, r->fingerprint, r->telling.time);
	if (is_seen)
		unscore(e, c, r, act);
}

static void
begin(struct engine *e, const struct report *r, uint32_t count, unsigned flags)
{
	for (uint32_t i = 0; i < count && i < ACTS_WALK_MAX; i++)
		acts_begin(&e->acts, &r->telling, flags);
}

/* Of a never-block address from which accounts can be locked. */
static unsigned
fail_free(struct engine *e, struct client *c, struct report *r)
{
	bool is_seen = !r->is_stored && is_repeat(e, c, r);

	if (r->fingerprint)
		repeats_note(&e->repeats, r->fingerprint, r->telling.time);
	return !is_seen && account_fail(e, c, r, r->telling.time)
		       ? ACT_IS_FAILED
		       : 0;
}

static void
fold_new(struct engine *e, struct client *c, struct report *r)
{
	unsigned tag = r->fingerprint ? ACT_HAS_TAG : 0;

	/* A stored event that joined an act joined one that is forgotten. */
	if (r->is_stored && r->outcome == OUTCOME_JOINED)
		return;
	if (r->is_silent) {
		begin(e, r, 1, r->is_free ? fail_free(e, c, r) : 0);
		return;
	}
	if (is_repeat(e, c, r)) {
		begin(e, r, 1, tag);
		r->outcome = OUTCOME_REPEAT;
	} else if (engine_track(e, c)) {
		begin(e, r, r->count, tag | score(e, c, r, r->count));
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
		flags |= score(e, c, r, more);
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
