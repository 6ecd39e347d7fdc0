/* SPDX-License-Identifier: ISC */

/* Accounts that are locked, and addresses that are trusted with them. */

#include "node/inside.h"
#include "sys/log.h"

/* The name can be anything, so it stands last. */
static void
log_lock(const struct lock *l, struct str account)
{
	char text[PREFIX_TEXT_MAX];

	log_line(LOG_LEVEL_NOTICE, "account.lock",
		"peer=%s ttl_s=%lld%s account=%.*s",
		l->is_anywhere ? "any" : prefix_format(&l->key, text),
		(long long)(l->until - l->from),
		l->is_observed ? " observed=yes" : "", (int)account.n,
		account.n ? account.p : "");
}

void
node_keep_account(
	struct node *n, const struct effect *e, const struct event *ev)
{
	static const enum record_type types[] = {
		[EFFECT_LOCK] = RECORD_LOCK,
		[EFFECT_UNLOCK] = RECORD_LOCK_END,
		[EFFECT_TRUST] = RECORD_TRUST,
	};
	struct record *r = node_record(n, types[e->type]);

	if (e->type == EFFECT_TRUST) {
		r->trust = e->trust;
		return;
	}
	r->lock.lock = e->lock;
	if (e->type == EFFECT_UNLOCK)
		r->lock.removed = node_now(n);
	if (e->type == EFFECT_LOCK && ev) {
		r->lock.lock.account = arena_str(&n->open->arena, ev->account);
		log_lock(&e->lock, ev->account);
	}
}

bool
node_refuses(struct node *n, const struct login *login)
{
	int64_t now = node_now(n);

	if (!n->stats.has_lists || engine_check_account(n->engine, &login->addr,
					   login->account, now)
						   .word == VERDICT_ALLOW)
		return false;
	if (n->stats.is_loaded)
		node_fold(n,
			&(struct fact){ .type = FACT_REFUSED, .login = login },
			NULL);
	return true;
}

unsigned
node_unlock(struct node *n, const struct login *login, struct str by,
	node_on_done *fn, void *ctx)
{
	int64_t now = node_now(n);
	struct arena *a;

	/* Its own record: the effect knows neither who nor by whom. */
	engine_apply(n->engine,
		&(struct fact){ .type = FACT_UNLOCK, .login = login }, now,
		&n->effects);
	node_tell(n, &(struct node_cause){ .by = by });
	unsigned ended = n->effects.list[0].unlocked;
	struct record *r = node_record(n, RECORD_UNLOCK);

	a = &n->open->arena;
	r->unlock = (struct store_unlock){
		.account = arena_str(a, login->account),
		.key = engine_key(n->engine, &login->addr),
		.is_everywhere = login->is_everywhere,
		.removed = now,
		.by = arena_str(a, by),
	};
	node_await(n, fn, ctx);
	return ended;
}
