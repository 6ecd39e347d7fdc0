/* SPDX-License-Identifier: ISC */

#include "node/load.h"

#include <stdlib.h>

#include "base/mem.h"
#include "node/feed.h"
#include "sys/clock.h"

/* Acts whose identity is remembered: 32 bytes each, touched when used. */
#define ACTS (UINT32_C(1) << 18)

/* Rows that the engine is told of before their turn: engine_prefetch(). */
#define AHEAD 4

struct loading {
	struct store *store;
	struct loaded *to;
	int64_t now;
	struct effects effects;
};

static void
apply(struct loading *l, const struct fact *f)
{
	engine_apply(l->to->engine, f, l->now, &l->effects);
}

static int
on_never(void *ctx, const struct store_never *n)
{
	struct loading *l = ctx;
	struct arena *a = &l->to->arena;
	struct loaded_never *row = arena_alloc(a, sizeof(*row));

	row->next = l->to->never;
	row->row = *n;
	row->row.by = arena_str(a, n->by);
	row->row.note = arena_str(a, n->note);
	l->to->never = row;
	apply(l, &(struct fact){ .type = FACT_NEVER_ADD, .prefix = n->prefix });
	return 0;
}

static int
on_lock(void *ctx, const struct store_lock *row)
{
	apply(ctx, &(struct fact){ .type = FACT_LOCK, .lock = &row->lock });
	return 0;
}

static int
on_trust(void *ctx, const struct trust *t)
{
	apply(ctx, &(struct fact){ .type = FACT_TRUST, .trust = *t });
	return 0;
}

static int
on_position(void *ctx, struct str name, const struct log_position *p)
{
	struct loading *l = ctx;
	struct loaded_position *row = arena_alloc(&l->to->arena, sizeof(*row));

	row->next = l->to->positions;
	row->name = arena_str(&l->to->arena, name);
	row->at = *p;
	l->to->positions = row;
	return 0;
}

static int
on_forgiven(void *ctx, const struct forgiven *f)
{
	apply(ctx, &(struct fact){ .type = FACT_FORGIVE, .forgiven = *f });
	return 0;
}

static struct batch *
made(struct loading *l)
{
	if (!l->to->made)
		l->to->made = batch_new();
	return l->to->made;
}

static void
keep_block(struct loading *l, const struct effect *e)
{
	struct batch *b = made(l);
	struct record *r = batch_add(b, RECORD_BLOCK);

	r->block.row.block = e->block;
	if (e->why) {
		struct explanation *why = arena_alloc(&b->arena, sizeof(*why));

		*why = *e->why;
		r->block.why = why;
	}
}

static void
keep_lock(struct loading *l, const struct effect *e)
{
	batch_add(made(l), RECORD_LOCK)->lock.lock = e->lock;
}

/* An event was stored, but a kill came before what it caused: the fold
 * causes it now, and it must reach the store. */
static void
keep_made(struct loading *l, const struct effect *e)
{
	switch (e->type) {
	case EFFECT_BLOCK: keep_block(l, e); break;
	case EFFECT_LOCK: keep_lock(l, e); break;
	default: break;
	}
}

static void
fold_block(struct loading *l, const struct block *b)
{
	apply(l, &(struct fact){ .type = FACT_BLOCK, .block = b });
}

static void
fold_event(struct loading *l, const struct stored *s)
{
	apply(l, &(struct fact){ .type = FACT_STORED, .stored = s });
	for (unsigned i = 0; i < l->effects.n; i++)
		keep_made(l, &l->effects.list[i]);
}

static void
fold_some(struct loading *l, const struct feed_rows *rows)
{
	for (unsigned i = 0; i < rows->n; i++) {
		if (rows->type == FEED_BLOCKS) {
			fold_block(l, &rows->blocks[i]);
			continue;
		}
		if (i + AHEAD < rows->n)
			engine_prefetch(
				l->to->engine, &rows->events[i + AHEAD].addr);
		fold_event(l, &rows->events[i]);
	}
}

static int
fold_rows(struct loading *l, int64_t since, struct err *err)
{
	struct feed *f = feed_start(l->store, since);
	struct feed_rows *rows = NULL;

	while ((rows = feed_next(f, rows)))
		fold_some(l, rows);
	return feed_end(f, err);
}

static int
load_all(struct loading *l, const struct settings *settings, struct err *err)
{
	int64_t since = l->now - engine_horizon_s(settings);

	/* Never-block first, so that nothing that is loaded can break it. */
	if (store_load_never(l->store, on_never, l, err) < 0 ||
		store_load_locks(l->store, since, on_lock, l, err) < 0 ||
		store_load_trust(l->store, on_trust, l, err) < 0 ||
		fold_rows(l, since, err) < 0 ||
		store_load_forgiven(l->store, on_forgiven, l, err) < 0 ||
		store_load_positions(l->store, on_position, l, err) < 0)
		return -1;
	return 0;
}

static int
on_block(void *ctx, const struct store_block *b)
{
	fold_block(ctx, &b->block);
	return 0;
}

/* Blocks are good to have; without the never-block list there are none. */
static int
load_some(struct loading *l, const struct settings *settings, struct err *err)
{
	struct err ignored;
	int rc;

	(void)settings;
	if (store_load_never(l->store, on_never, l, err) < 0)
		return -1;
	rc = store_load_blocks(l->store, l->now, on_block, l, &ignored);
	if (rc == 0)
		rc = store_load_locks(l->store, l->now, on_lock, l, &ignored);
	return rc < 0 ? 0 : rc;
}

typedef int load_rows(
	struct loading *l, const struct settings *settings, struct err *err);

static int
load_with(struct store *store, const struct node_config *config,
	load_rows *rows, struct loaded *ret, struct err *err)
{
	struct settings settings;

	if (store_load_settings(store, &settings, err) < 0)
		return -1;
	if (err->text[0] && !ret->opened.notice[0])
		memcpy(ret->opened.notice, err->text, sizeof(err->text));
	struct engine_config ec = {
		.key = ret->opened.key,
		.max_v4 = config->max_v4,
		.max_v6 = config->max_v6,
		.acts = ACTS,
		.v6_len = config->v6_len,
		.last_block = ret->opened.last_block,
	};
	struct loading l = { .store = store, .to = ret, .now = clock_wall_s() };

	ret->engine = engine_new(&ec, &settings);
	if (rows(&l, &settings, err) < 0) {
		engine_free(ret->engine);
		ret->engine = NULL;
		load_free(ret);
		return -1;
	}
	return 0;
}

int
load_engine(struct store *store, const struct node_config *config,
	struct loaded *ret, struct err *err)
{
	return load_with(store, config, load_all, ret, err);
}

int
load_lists(struct store *store, const struct node_config *config,
	struct loaded *ret, struct err *err)
{
	return load_with(store, config, load_some, ret, err);
}

void
load_free(struct loaded *l)
{
	arena_free(&l->arena);
	batch_free(l->made);
	l->never = NULL;
	l->positions = NULL;
	l->made = NULL;
}
