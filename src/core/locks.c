/* SPDX-License-Identifier: ISC */

#include "core/locks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	WAYS = 8, /* their hashes are a cache line */
};

void
locks_init(struct locks *l, uint32_t size)
{
	*l = (struct locks){ mem_alloc(size, sizeof(*l->who)),
		mem_alloc(size, sizeof(*l->rows)), size - 1 };
}

void
locks_free(struct locks *l)
{
	free(l->who);
	free(l->rows);
	*l = (struct locks){ 0 };
}

size_t
locks_bytes(const struct locks *l)
{
	return (l->mask + (size_t)1) * (sizeof(*l->who) + sizeof(*l->rows));
}

static uint32_t
set_of(const struct locks *l, uint64_t who)
{
	return (uint32_t)who & l->mask & ~(uint32_t)(WAYS - 1);
}

struct lockout *
locks_find(const struct locks *l, uint64_t who)
{
	uint32_t set = set_of(l, who);

	for (uint32_t i = set; i < set + WAYS; i++) {
		if (l->who[i] == who)
			return &l->rows[i];
	}
	return NULL;
}

uint32_t
lock_newest(const struct lockout *k)
{
	uint32_t newest = 0;

	for (int i = 0; i < SETTINGS_FAILURES_MAX; i++) {
		if (k->times[i] > newest)
			newest = k->times[i];
	}
	return newest;
}

/* How much it would be missed: a lock that holds by its end, others by
 * their newest failure. */
static int64_t
worth_of(const struct lockout *k, int64_t now)
{
	return lock_is_live(k, now) ? (int64_t)k->until << 32
				    : (int64_t)lock_newest(k);
}

struct lockout *
locks_get(struct locks *l, uint64_t who, uint32_t account, int64_t now)
{
	struct lockout *k = locks_find(l, who);
	uint32_t set = set_of(l, who), victim = set;
	int64_t least = INT64_MAX;

	if (k)
		return k;
	for (uint32_t i = set; i < set + WAYS; i++) {
		int64_t worth = l->who[i] ? worth_of(&l->rows[i], now) : -1;

		if (worth < least) {
			least = worth;
			victim = i;
		}
	}
	l->who[victim] = who;
	l->rows[victim] = (struct lockout){ .account = account };
	return &l->rows[victim];
}

void
lock_forget(struct lockout *k, int64_t before)
{
	memset(k->times, 0, sizeof(k->times));
	k->until = 0;
	if (k->since < before)
		k->since = (uint32_t)before;
}

/* When a lock is over, what came before its end doesn't count. */
static void
settle(struct lockout *k, int64_t now)
{
	if (k->until && !lock_is_live(k, now))
		lock_forget(k, k->until);
}

bool
lock_unlock(struct lockout *k, int64_t now)
{
	settle(k, now);
	bool was_live = lock_is_live(k, now);

	lock_forget(k, was_live ? now : 0);
	return was_live;
}

unsigned
locks_unlock(struct locks *l, uint32_t account, int64_t now)
{
	unsigned n = 0;

	for (uint32_t i = 0; i <= l->mask; i++) {
		if (l->who[i] && l->rows[i].account == account)
			n += lock_unlock(&l->rows[i], now);
	}
	return n;
}

void
lock_restore(struct lockout *k, uint32_t time)
{
	uint32_t *oldest = k->times;

	if (time < k->since)
		return;
	for (int i = 1; i < SETTINGS_FAILURES_MAX; i++) {
		if (k->times[i] < *oldest)
			oldest = &k->times[i];
	}
	if (*oldest < time)
		*oldest = time;
}

/* Failures that lock together with one at a time. */
static unsigned
count(const struct lockout *k, uint32_t time, const struct lock_rule *rule)
{
	int64_t after = (int64_t)time - rule->time_s;
	unsigned n = 0;

	for (int i = 0; i < SETTINGS_FAILURES_MAX; i++)
		n += k->times[i] && k->times[i] > after;
	return n;
}

void
lock_begin(struct lockout *k, int64_t from, int64_t until)
{
	k->from = (uint32_t)from;
	k->until = until > UINT32_MAX ? UINT32_MAX : (uint32_t)until;
}

enum lock_failure
lock_fail(struct lockout *k, uint32_t time, int64_t now,
	const struct lock_rule *rule)
{
	settle(k, now);
	if (time < k->since || (lock_is_live(k, now) && time > k->from))
		return LOCK_IGNORED;
	lock_restore(k, time);
	uint32_t newest = lock_newest(k);

	if (lock_is_live(k, now) || count(k, newest, rule) < rule->failures)
		return LOCK_COUNTED;
	lock_begin(k, newest, (int64_t)newest + rule->time_s);
	return LOCK_LOCKED;
}

bool
lock_take(struct lockout *k, uint32_t time, const struct lock_rule *rule)
{
	for (int i = 0; i < SETTINGS_FAILURES_MAX; i++) {
		if (k->times[i] != time)
			continue;
		k->times[i] = 0;
		return count(k, k->from, rule) < rule->failures;
	}
	return false;
}

bool
lock_succeed(struct lockout *k, uint32_t time, const struct lock_rule *rule)
{
	if (k->since < time)
		k->since = time;
	for (int i = 0; i < SETTINGS_FAILURES_MAX; i++) {
		if (k->times[i] <= time)
			k->times[i] = 0;
	}
	return time >= k->from || count(k, k->from, rule) < rule->failures;
}
