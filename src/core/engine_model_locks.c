/* SPDX-License-Identifier: ISC */

/* Accounts of the model: failures in a list, locks, logins. */

#include <assert.h>

#include "core/engine_model.h"

struct model_lock *
model_lock_find(struct model *m, const struct addr *addr, int account)
{
	bool is_anywhere = m->settings.account_scope == LOCKS_ANYWHERE;

	for (unsigned i = 0; i < m->locks_n; i++) {
		struct model_lock *l = &m->locks[i];

		if (l->account == account &&
			(is_anywhere || model_same_key(m, &l->key, addr)))
			return l;
	}
	return NULL;
}

static struct model_lock *
lock_get(struct model *m, const struct addr *addr, int account)
{
	struct model_lock *l = model_lock_find(m, addr, account);

	if (l)
		return l;
	assert(m->locks_n < MODEL_LOCKS);
	m->locks[m->locks_n] = (struct model_lock){ .key = *addr,
		.account = account };
	return &m->locks[m->locks_n++];
}

/* Take out failures: of @l, with from ≤ time ≤ to, at most @max. */
static unsigned
drop(struct model *m, const struct model_lock *l, int64_t from, int64_t to,
	unsigned max)
{
	unsigned kept = 0, dropped = 0;

	for (unsigned i = 0; i < m->failures_n; i++) {
		struct model_failure f = m->failures[i];

		if (f.of == l && f.time >= from && f.time <= to &&
			dropped < max)
			dropped++;
		else
			m->failures[kept++] = f;
	}
	m->failures_n = kept;
	return dropped;
}

static int64_t
newest_of(const struct model *m, const struct model_lock *l)
{
	int64_t newest = 0;

	for (unsigned i = 0; i < m->failures_n; i++) {
		if (m->failures[i].of == l && m->failures[i].time > newest)
			newest = m->failures[i].time;
	}
	return newest;
}

/* Do its failures lock at a time? */
static bool
is_enough(const struct model *m, const struct model_lock *l, int64_t at)
{
	int64_t after = at - m->settings.account_lock_s;
	int64_t n = 0;

	for (unsigned i = 0; i < m->failures_n; i++)
		n += m->failures[i].of == l && m->failures[i].time > after;
	return n >= m->settings.account_failures;
}

static void
forget(struct model *m, struct model_lock *l, int64_t before)
{
	drop(m, l, 0, INT64_MAX, UINT32_MAX);
	l->until = 0;
	if (l->since < before)
		l->since = before;
}

bool
model_unlock(struct model *m, struct model_lock *l, int64_t now)
{
	bool was_locked = l->until > now;

	forget(m, l, was_locked ? now : l->until);
	return was_locked;
}

bool
model_fail(struct model *m, const struct model_event *ev, int64_t time,
	int64_t now, struct model_told *ret)
{
	struct model_lock *l;

	if (m->settings.account_failures == 0 || ev->account == 0 ||
		(ev->kind != 0 && ev->kind != 32))
		return false;
	l = lock_get(m, &ev->addr, ev->account);
	if (l->until && l->until <= now)
		forget(m, l, l->until);
	bool is_locked = l->until > now;

	if (time < l->since || (is_locked && time > l->from))
		return false;
	assert(m->failures_n < MODEL_FAILURES);
	m->failures[m->failures_n++] = (struct model_failure){ l, time };
	ret->marks |= MARK_FAILED;
	if (is_locked || !is_enough(m, l, newest_of(m, l)))
		return true;
	ret->marks |= MARK_LOCKS;
	l->from = newest_of(m, l);
	l->until = l->from + m->settings.account_lock_s;
	l->cause = ev->id;
	if (l->until > now) {
		ret->lock_effect = EFFECT_LOCK;
		ret->lock = *l;
	} else {
		m->missed_at = now;
	}
	return true;
}

static void
lift(struct model_lock *l, int64_t now, struct model_told *ret)
{
	if (l->until <= now)
		return;
	ret->lock_effect = EFFECT_UNLOCK;
	ret->lock = *l;
	ret->lock.until = l->from;
	l->until = 0;
}

void
model_take(struct model *m, const struct model_act *act, int64_t now,
	struct model_told *ret)
{
	struct model_lock *l = lock_get(m, &act->addr, act->account);

	if (drop(m, l, act->time, act->time, 1) && !is_enough(m, l, l->from))
		lift(l, now, ret);
}

void
model_succeed(struct model *m, const struct model_event *ev, int64_t now,
	struct model_told *ret)
{
	struct model_lock *l = lock_get(m, &ev->addr, ev->account);
	struct model_login *in = m->logins;
	int64_t day = ev->time / 86400;

	drop(m, l, 0, ev->time, UINT32_MAX);
	if (l->since < ev->time)
		l->since = ev->time;
	if (ev->time >= l->from || !is_enough(m, l, l->from))
		lift(l, now, ret);
	while (in < m->logins + m->logins_n &&
		!(in->account == ev->account &&
			model_same_key(m, &in->key, &ev->addr)))
		in++;
	if (in == m->logins + m->logins_n) {
		assert(m->logins_n++ < MODEL_LOCKS);
		*in = (struct model_login){ ev->addr, ev->account, 0 };
	}
	if (in->day >= day)
		return;
	in->day = ret->trust_day = day;
}

bool
model_trusts(const struct model *m, const struct model_event *ev)
{
	int64_t day = ev->time / 86400;

	if (m->settings.trust_days == 0 || m->settings.trust_percent == 100 ||
		ev->account == 0 || (ev->kind != 0 && ev->kind != 32))
		return false;
	for (unsigned i = 0; i < m->logins_n; i++) {
		const struct model_login *in = &m->logins[i];

		if (in->account == ev->account &&
			model_same_key(m, &in->key, &ev->addr))
			return in->day + m->settings.trust_days >= day;
	}
	return false;
}
