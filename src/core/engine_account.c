/* SPDX-License-Identifier: ISC */

#include "core/engine_account.h"

#include "base/def.h"

enum {
	DAY_S = 86400,
};

static uint32_t
short_hash(uint64_t hash)
{
	uint32_t h = (uint32_t)(hash ^ hash >> 32);

	return h ? h : 1; /* 0 means "not told" */
}

uint32_t
account_hash(const struct engine *e, struct str name)
{
	return name.n ? short_hash(hash_folded(&e->config.key, name)) : 0;
}

/* Both hashes are keyed already; they only have to be told apart together. */
static uint64_t
who_of(uint64_t key_hash, uint32_t account)
{
	uint64_t who = key_hash + account * 0x9e3779b97f4a7c15;

	who = (who ^ who >> 32) * 0xd6e8feb86659fd93;
	who ^= who >> 32;
	return who ? who : 1;
}

/* The row that an account's failures from a client count in. */
static uint64_t
lock_who(const struct engine *e, const struct client *c, uint32_t account)
{
	bool is_anywhere = e->settings.account_scope == LOCKS_ANYWHERE;

	return who_of(is_anywhere ? 0 : c->key_hash, account);
}

static bool
is_loopback(const struct addr *a)
{
	static const struct addr v6 = { .b = { [15] = 1 } };

	return addr_is_v4(a) ? a->b[12] == 127 : addr_eq(a, &v6);
}

bool
account_is_exempt(const struct engine *e, const struct client *c)
{
	if (c->is_never && is_loopback(&c->addr))
		return e->settings.is_loopback_exempt;
	return c->is_never;
}

static struct lock_rule
rule_of(const struct engine *e)
{
	return (struct lock_rule){
		.failures = (unsigned)e->settings.account_failures,
		.time_s = (uint32_t)e->settings.account_lock_s,
	};
}

void
account_prefetch(
	const struct engine *e, const struct client *c, uint32_t account)
{
	repeats_prefetch(&e->trust, who_of(c->key_hash, account));
	locks_prefetch(&e->locks, lock_who(e, c, account));
}

/* --- trust ---------------------------------------------------------------- */

static bool
is_trust_on(const struct engine *e)
{
	return e->settings.trust_days > 0 && e->settings.trust_percent < 100;
}

bool
account_is_trusted(
	const struct engine *e, const struct client *c, const struct report *r)
{
	uint32_t account = r->telling.account;

	if (r->is_stored)
		return r->kept & MARK_TRUSTED;
	if (!account || !event_is_login(r->telling.kind) || !is_trust_on(e))
		return false;
	uint32_t seen = repeats_get(&e->trust, who_of(c->key_hash, account));

	return seen && seen + e->settings.trust_days >= r->telling.time / DAY_S;
}

/* Even while it is switched off: so it is known when it is on. */
static void
trust(struct engine *e, const struct client *c, struct report *r)
{
	struct trust t = { who_of(c->key_hash, r->telling.account),
		r->telling.time / DAY_S };

	if (c->is_never || repeats_get(&e->trust, t.who) >= t.day)
		return;
	repeats_note(&e->trust, t.who, t.day);
	r->trust = t;
}

/* --- locks ---------------------------------------------------------------- */

static void
lock_tell(const struct engine *e, const struct client *c,
	const struct lockout *k, struct lock *ret)
{
	*ret = (struct lock){
		.cause = k->cause,
		.key = engine_key(e, &c->addr),
		.is_anywhere = e->settings.account_scope == LOCKS_ANYWHERE,
		.is_observed = e->settings.mode == MODE_OBSERVE,
		.from = k->from,
		.until = k->until,
	};
}

/* The store had the event, and that it locks; did it have the lock? */
static bool
is_lost(const struct lockout *k, const struct report *r)
{
	return r->kept & MARK_LOCKS && r->event_id > k->cause;
}

static enum lock_failure
fail_again(const struct engine *e, struct lockout *k, const struct report *r,
	uint32_t time)
{
	lock_restore(k, time);
	if (!is_lost(k, r))
		return LOCK_COUNTED;
	uint32_t from = lock_newest(k);

	lock_begin(k, from, from + e->settings.account_lock_s);
	return LOCK_LOCKED;
}

bool
account_fail(struct engine *e, const struct client *c, struct report *r,
	uint32_t time)
{
	const struct lock_rule rule = rule_of(e);
	enum lock_failure what;

	if (!r->telling.account || !event_is_login(r->telling.kind))
		return false;
	if (r->is_stored ? !(r->kept & MARK_FAILED)
			 : rule.failures == 0 || account_is_exempt(e, c))
		return false;
	struct lockout *k = locks_get(&e->locks,
		lock_who(e, c, r->telling.account), r->telling.account, c->now);

	what = r->is_stored ? fail_again(e, k, r, time)
			    : lock_fail(k, time, c->now, &rule);
	if (what == LOCK_IGNORED)
		return false;
	r->marks |= MARK_FAILED;
	if (what == LOCK_COUNTED)
		return true;
	k->cause = r->event_id;
	r->marks |= MARK_LOCKS;
	lock_tell(e, c, k, &r->lock);
	r->lock_effect = EFFECT_LOCK;
	return true;
}

/* Only by what happens: the store knows which locks it ended, and the
 * settings that a replay would judge by are others. */
static void
lift(const struct engine *e, const struct client *c, struct lockout *k,
	struct report *r)
{
	if (r->is_stored || !lock_is_live(k, c->now))
		return;
	lock_tell(e, c, k, &r->lock);
	r->lock.until = r->lock.from;
	r->lock_effect = EFFECT_UNLOCK;
	k->until = 0;
}

void
account_take(struct engine *e, const struct client *c, struct report *r,
	const struct act *act)
{
	const struct lock_rule rule = rule_of(e);
	struct lockout *k = locks_find(&e->locks, lock_who(e, c, act->account));

	if (k && lock_take(k, act->time, &rule))
		lift(e, c, k, r);
}

void
account_succeed(struct engine *e, struct client *c, struct report *r)
{
	const struct lock_rule rule = rule_of(e);

	/* Never-block entries are those of then, not of now. */
	if (r->is_stored)
		c->is_never = r->is_free;
	trust(e, c, r);
	if (account_is_exempt(e, c))
		return;
	struct lockout *k = locks_get(&e->locks,
		lock_who(e, c, r->telling.account), r->telling.account, c->now);

	if (lock_succeed(k, r->telling.time, &rule))
		lift(e, c, k, r);
}

void
account_effects(const struct report *r, int64_t now, struct effects *ret)
{
	bool is_missed = r->lock_effect == EFFECT_LOCK && r->lock.until <= now;

	if (r->lock_effect && !is_missed)
		effect_add(ret, r->lock_effect)->lock = r->lock;
	if (r->trust.who && !r->is_stored)
		effect_add(ret, EFFECT_TRUST)->trust = r->trust;
}

void
account_load(struct engine *e, const struct lock *lock, int64_t now)
{
	uint32_t account = account_hash(e, lock->account);
	struct client c;

	engine_client(e, &lock->key.addr, now, &c);
	struct lockout *k = locks_get(&e->locks,
		who_of(lock->is_anywhere ? 0 : c.key_hash, account), account,
		now);

	if (lock->cause < k->cause)
		return;
	if (lock->until > lock->from && lock->until <= now)
		lock_forget(k, lock->until);
	lock_begin(k, lock->from, lock->until > now ? lock->until : 0);
	k->cause = lock->cause;
}

void
account_unlock(struct engine *e, const struct login *login, int64_t now,
	struct effects *ret)
{
	uint32_t account = account_hash(e, login->account);
	struct effect *effect = effect_add(ret, EFFECT_UNLOCK);
	struct client c;

	effect->lock = (struct lock){ 0 };
	if (login->is_everywhere) {
		effect->unlocked = locks_unlock(&e->locks, account, now);
		return;
	}
	engine_client(e, &login->addr, now, &c);
	struct lockout *k = locks_find(&e->locks, who_of(c.key_hash, account));

	effect->unlocked = k && lock_unlock(k, now);
}

/* An act that counts nowhere; whoever else tells it joins it. */
void
account_refused(struct engine *e, const struct login *login, int64_t now)
{
	struct identity id = { .account = account_hash(e, login->account) };
	struct report r = {
		.telling.kind = EVENT_LOGIN_FAILURE,
		.telling.time = now < 0 ? 0 : (uint32_t)now,
		.telling.source = acts_source(&e->acts, login->source),
	};
	struct client c;

	if (login->session.n)
		id.session = short_hash(
			hash_bytes(&e->config.key, login->session));
	engine_client(e, &login->addr, now, &c);
	report_identify(e, &c, &id, &r);
	acts_begin(&e->acts, &r.telling, 0);
}

struct account_verdict
engine_check_account(const struct engine *e, const struct addr *addr,
	struct str account, int64_t now)
{
	struct account_verdict v = { .word = VERDICT_ALLOW };
	struct client c;

	if (e->settings.account_failures == 0 || account.n == 0)
		return v;
	engine_client(e, addr, now, &c);
	const struct lockout *k = locks_find(
		&e->locks, lock_who(e, &c, account_hash(e, account)));

	if (!k || !lock_is_live(k, now) || account_is_exempt(e, &c))
		return v;
	v.until = k->until;
	if (e->settings.mode == MODE_ENFORCE)
		v.word = VERDICT_REFUSE;
	else
		v.would_lock = true;
	return v;
}
