/* SPDX-License-Identifier: ISC */

#include "core/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "core/engine_account.h"

enum {
	LIFT_STEP = 4096, /* blocks looked at in one call */
	SWEEP_TICK = 32,  /* entries looked at in one tick */
	ROWS_MIN = 8,	  /* of a table with eight ways */
	CHUNKS_MIN = 4096,
};

static const struct {
	const char *text;
	unsigned len;
} loopback[] = {
	{ "127.0.0.0", ADDR_V4_BITS + 8 },
	{ "::1", ADDR_BITS },
};

static void
never_built_in(struct engine *e)
{
	for (size_t i = 0; i < ARRAY_LEN(loopback); i++) {
		struct addr a = { { 0 } };

		if (!addr_parse(str_of(loopback[i].text), &a))
			abort();
		struct prefix p = addr_prefix(&a, loopback[i].len);

		trie_set(&e->never, &p, NEVER_BUILT_IN);
	}
}

/* The weights of one class: a failed login weighs 1 in its component. */
static void
weigh(uint32_t *of, enum event_kind kind, int64_t weight, uint32_t percent)
{
	of[COMPONENT_SMTP] = event_types[kind].is_settable
				     ? (uint32_t)weight * percent
				     : 0;
	of[COMPONENT_LOGIN] = event_is_login(kind) ? percent : 0;
}

void
engine_weigh(const struct settings *s, struct cell_weights *ret)
{
	uint32_t percent = (uint32_t)s->trust_percent;

	for (int k = 0; k < EVENT_KINDS; k++)
		weigh(ret->of[k], (enum event_kind)k, s->weight[k], 100);
	weigh(ret->of[CELL_TRUSTED_AUTH], EVENT_AUTH_FAILURE,
		s->weight[EVENT_AUTH_FAILURE], percent);
	weigh(ret->of[CELL_TRUSTED_LOGIN], EVENT_LOGIN_FAILURE, 0, percent);
}

static void
settings_take(struct engine *e, const struct settings *s)
{
	e->settings = *s;
	e->generation++;
	engine_weigh(s, &e->weights);
}

static uint32_t
at_least(uint32_t n, uint32_t least)
{
	return n < least ? least : n;
}

struct engine *
engine_new(const struct engine_config *config, const struct settings *settings)
{
	struct engine *e = mem_alloc(1, sizeof(*e));
	uint64_t tracked = (uint64_t)config->max_v4 + config->max_v6;

	e->config = *config;
	e->floor = INT64_MIN;
	settings_take(e, settings);
	table_init(&e->tables[0]);
	table_init(&e->tables[1]);
	window_pool_init(&e->windows, (uint32_t)(tracked / 8) + CHUNKS_MIN);
	acts_init(&e->acts, config->acts);
	repeats_init(&e->repeats, at_least(config->acts / 2, ROWS_MIN));
	repeats_init(&e->trust, at_least(config->acts / 2, ROWS_MIN));
	locks_init(&e->locks, at_least(config->acts / 8, ROWS_MIN));
	blocks_init(&e->blocks, config->last_block);
	never_built_in(e);
	return e;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	table_free(&e->tables[0]);
	table_free(&e->tables[1]);
	pool_free(&e->windows.chunks);
	acts_free(&e->acts);
	repeats_free(&e->repeats);
	repeats_free(&e->trust);
	locks_free(&e->locks);
	blocks_free(&e->blocks);
	trie_free(&e->never);
	order_free(&e->causes);
	free(e);
}

/* A connection: with evaluate = "connect" it is what blocks; otherwise it
 * does only when a setting was changed. */
static void
on_connect(struct engine *e, const struct addr *addr, int64_t now,
	struct effects *ret)
{
	const unsigned all = 1U << COMPONENT_SMTP | 1U << COMPONENT_LOGIN;
	struct cause cause = { .at = now };
	struct client c;

	engine_client(e, addr, now, &c);
	if (!c.entry || c.is_never || c.cover.is_live)
		return;
	if (e->settings.evaluate == EVALUATE_CONNECT || engine_is_due(e, &c))
		engine_judge(e, &c, cause, all, ret);
}

static void
on_block(struct engine *e, const struct block *given, int64_t now,
	struct effects *ret)
{
	struct block b = *given;

	if (b.origin == ORIGIN_AUTOMATIC && b.cause)
		order_add(&e->causes, b.cause, 1);
	if (b.id > e->blocks.last_id)
		e->blocks.last_id = b.id;
	if (b.id && blocks_find(&e->blocks, b.id))
		return;
	if (b.until <= now) {
		if (b.until > engine_horizon(e, now))
			lease_end(engine_lease(e, &b.prefix, now), &b);
		return;
	}
	if (b.from > now)
		b.from = now;
	struct lease *lease = engine_lease(e, &b.prefix, now);
	struct effect *effect = effect_add(ret, EFFECT_BLOCK);

	effect->block = *blocks_add(&e->blocks, &b, lease, now);
	effect->why = NULL;
}

static void
effect_lift(struct effects *ret, enum effect_type type, const struct block *b)
{
	struct effect *effect = effect_add(ret, type);

	effect->block = *b;
	effect->why = NULL;
}

static void
on_unblock(struct engine *e, uint64_t id, int64_t now, struct effects *ret)
{
	struct block b;

	if (blocks_end(&e->blocks, id, now, &b))
		effect_lift(ret, EFFECT_LIFT, &b);
}

/* Without an entry there is nothing to forgive. */
static void
on_forgive(struct engine *e, const struct forgiven *f, int64_t now)
{
	const struct block end = { .until = f->time, .is_lifted = true };
	struct client c;

	engine_client(e, &f->key.addr, now, &c);
	if (c.entry)
		lease_end(&c.entry->lease, &end);
}

static void
on_extend(struct engine *e, const struct block *given, int64_t now,
	struct effects *ret)
{
	struct block b;

	if (blocks_extend(&e->blocks, given, now, &b))
		effect_lift(ret, EFFECT_EXTEND, &b);
}

static bool
is_newly_never(const struct engine *e, const struct prefix *p)
{
	uint32_t values[TRIE_COVERING_MAX];
	unsigned n = trie_covering(&e->never, p, values);

	while (n && values[n - 1] >> NEVER_SHIFT <= e->lift_after)
		n--;
	return n > 0;
}

/* Lift live blocks that lie inside new never-block entries, as many as
 * there is room for. */
static void
lift_some(struct engine *e, int64_t now, struct effects *ret)
{
	for (int i = 0; i < LIFT_STEP; i++) {
		const struct block *b = blocks_next(&e->blocks, e->lift_at);

		if (!b) {
			e->is_lifting = false;
			e->lift_after = e->never_last;
			return;
		}
		bool is_due = b->until > now && is_newly_never(e, &b->prefix);

		if (is_due && ret->n == ENGINE_EFFECTS_MAX)
			return;
		e->lift_at = b->id;
		if (is_due)
			on_unblock(e, b->id, now, ret);
	}
}

/* Inside an address, or what is scored as one, lies nothing but itself:
 * no need to look at all blocks. */
static bool
lift_one(struct engine *e, const struct prefix *p, int64_t now,
	struct effects *ret)
{
	struct block live[ENGINE_EFFECTS_MAX];
	unsigned n;

	if (e->is_lifting || e->blocks.narrow ||
		p->len < engine_key(e, &p->addr).len)
		return false;
	n = engine_block_covering(e, p, now, live, ENGINE_EFFECTS_MAX);
	if (n > ENGINE_EFFECTS_MAX)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (prefix_eq(&live[i].prefix, p))
			on_unblock(e, live[i].id, now, ret);
	}
	e->lift_after = e->never_last;
	return true;
}

static void
on_never_add(struct engine *e, const struct prefix *p, int64_t now,
	struct effects *ret)
{
	uint32_t flags = trie_find(&e->never, p) &
			 (NEVER_BUILT_IN | NEVER_LISTED);

	e->never_n += !(flags & NEVER_LISTED);
	e->never_last++;
	trie_set(&e->never, p,
		e->never_last << NEVER_SHIFT | flags | NEVER_LISTED);
	if (lift_one(e, p, now, ret))
		return;
	e->is_lifting = true;
	e->lift_at = 0;
	lift_some(e, now, ret);
}

static void
on_never_remove(struct engine *e, const struct prefix *p)
{
	uint32_t value = trie_find(&e->never, p);

	e->never_n -= (value & NEVER_LISTED) != 0;
	if (value & NEVER_BUILT_IN)
		trie_set(&e->never, p, NEVER_BUILT_IN);
	else
		trie_del(&e->never, p);
}

/* What the longest period has let go doesn't come back when it grows. */
static void
on_settings(struct engine *e, const struct settings *s, int64_t now)
{
	e->floor = engine_horizon(e, now);
	settings_take(e, s);
}

void
engine_apply(struct engine *e, const struct fact *f, int64_t now,
	struct effects *ret)
{
	ret->n = 0;
	switch (f->type) {
	case FACT_EVENT: engine_event(e, f, now, ret); break;
	case FACT_STORED: engine_stored(e, f->stored, now, ret); break;
	case FACT_CONNECT: on_connect(e, &f->addr, now, ret); break;
	case FACT_BLOCK: on_block(e, f->block, now, ret); break;
	case FACT_UNBLOCK: on_unblock(e, f->block_id, now, ret); break;
	case FACT_EXTEND: on_extend(e, f->block, now, ret); break;
	case FACT_NEVER_ADD: on_never_add(e, &f->prefix, now, ret); break;
	case FACT_NEVER_REMOVE: on_never_remove(e, &f->prefix); break;
	case FACT_SETTINGS: on_settings(e, f->settings, now); break;
	case FACT_LOCK: account_load(e, f->lock, now); break;
	case FACT_UNLOCK: account_unlock(e, f->login, now, ret); break;
	case FACT_REFUSED: account_refused(e, f->login, now); break;
	case FACT_FORGIVE: on_forgive(e, &f->forgiven, now); break;
	case FACT_TRUST:
		repeats_note(&e->trust, f->trust.who, f->trust.day);
		break;
	}
	ret->has_more = e->is_lifting;
}

static bool
is_due(const struct engine *e, int64_t now)
{
	const struct heap_item *first = heap_first(&e->blocks.deadlines);

	return first && first->key <= now;
}

void
engine_tick(struct engine *e, int64_t now, struct effects *ret)
{
	struct block b;

	ret->n = 0;
	if (e->is_lifting)
		lift_some(e, now, ret);
	while (ret->n < ENGINE_EFFECTS_MAX &&
		blocks_expire(&e->blocks, now, &b))
		effect_lift(ret, EFFECT_EXPIRE, &b);
	engine_sweep(e, now, SWEEP_TICK);
	ret->has_more = e->is_lifting || is_due(e, now);
}

int64_t
engine_next_deadline(const struct engine *e)
{
	const struct heap_item *first = heap_first(&e->blocks.deadlines);

	if (e->is_lifting)
		return 0;
	return first ? first->key : INT64_MAX;
}
