/* SPDX-License-Identifier: ISC */

#include "node/load.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sys/clock.h"

/* Acts whose identity is remembered: 32 bytes each, touched when used. */
#define ACTS (UINT32_C(1) << 18)

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
on_block(void *ctx, const struct store_block *b)
{
	struct block block = b->block;

	block.is_lifted = b->removed != 0;
	apply(ctx, &(struct fact){ .type = FACT_BLOCK, .block = &block });
	return 0;
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

/* An event was stored, but a kill came before the block that it caused:
 * the fold makes the block now, and it must reach the store. */
static void
keep_made(struct loading *l, const struct effect *e)
{
	struct batch *b = l->to->made;

	if (!b)
		b = l->to->made = batch_new();
	struct record *r = batch_add(b, RECORD_BLOCK);

	r->block.row.block = e->block;
	if (e->why) {
		struct explanation *why = arena_alloc(&b->arena, sizeof(*why));

		*why = *e->why;
		r->block.why = why;
	}
}

static int
on_stored(void *ctx, const struct stored *s)
{
	struct loading *l = ctx;

	apply(l, &(struct fact){ .type = FACT_STORED, .stored = s });
	for (unsigned i = 0; i < l->effects.n; i++) {
		if (l->effects.list[i].type == EFFECT_BLOCK)
			keep_made(l, &l->effects.list[i]);
	}
	return 0;
}

/* How far back the fold must look: the longest period. */
static int64_t
horizon_s(const struct settings *s)
{
	int64_t smtp = s->limits[COMPONENT_SMTP].period_s;
	int64_t login = s->limits[COMPONENT_LOGIN].period_s;

	return smtp > login ? smtp : login;
}

static int
load_all(struct loading *l, const struct settings *settings, struct err *err)
{
	int64_t since = l->now - horizon_s(settings);

	/* Never-block first, so that nothing that is loaded can break it. */
	if (store_load_never(l->store, on_never, l, err) < 0 ||
		store_load_blocks(l->store, since, on_block, l, err) < 0 ||
		store_load_events(l->store, since, on_stored, l, err) < 0 ||
		store_load_positions(l->store, on_position, l, err) < 0)
		return -1;
	return 0;
}

int
load_engine(struct store *store, const struct node_config *config,
	struct loaded *ret, struct err *err)
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
	if (load_all(&l, &settings, err) < 0) {
		engine_free(ret->engine);
		ret->engine = NULL;
		load_free(ret);
		return -1;
	}
	return 0;
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
