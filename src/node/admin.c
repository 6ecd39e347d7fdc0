/* SPDX-License-Identifier: ISC */

/* Changes by people: in force at once, told when they are durable. */

#include <stdlib.h>

#include "base/mem.h"
#include "node/inside.h"

uint64_t
node_block(struct node *n, const struct node_block *what, node_on_done *fn,
	void *ctx)
{
	int64_t now = node_now(n);
	int64_t span_s = what->span_s < ENGINE_NO_END_S ? what->span_s
							: ENGINE_NO_END_S;
	struct block b = {
		.prefix = what->prefix,
		.cause_addr = what->prefix.addr,
		.from = now,
		.until = now + span_s,
		.origin = ORIGIN_MANUAL,
	};

	/* Its own record: the effect knows neither who nor why. */
	engine_apply(n->engine,
		&(struct fact){ .type = FACT_BLOCK, .block = &b }, now,
		&n->effects);
	for (unsigned i = 0; i < n->effects.n; i++) {
		if (n->effects.list[i].type == EFFECT_BLOCK)
			b = n->effects.list[i].block;
	}
	node_tell(
		n, &(struct node_cause){ .by = what->by, .note = what->note });
	struct record *r = node_record(n, RECORD_BLOCK);
	r->block.row.block = b;
	r->block.row.by = arena_str(&n->open->arena, what->by);
	r->block.row.note = arena_str(&n->open->arena, what->note);
	node_await(n, fn, ctx);
	return b.id;
}

bool
node_unblock(
	struct node *n, uint64_t id, struct str by, node_on_done *fn, void *ctx)
{
	struct block b;

	if (!engine_block_get(n->engine, id, &b))
		return false;
	engine_apply(n->engine,
		&(struct fact){ .type = FACT_UNBLOCK, .block_id = id },
		node_now(n), &n->effects);
	node_tell(n, &(struct node_cause){ .by = by });
	struct record *r = node_record(n, RECORD_END);
	r->end.block = b;
	r->end.removed = node_now(n);
	r->end.by = arena_str(&n->open->arena, by);
	node_await(n, fn, ctx);
	return true;
}

/* Acts that count in either component. */
static unsigned
count_acts(const struct node *n, const struct addr *addr)
{
	struct explanation x;
	unsigned most = 0;

	for (int c = 0; c < COMPONENTS; c++) {
		unsigned sum = 0;

		engine_explain(
			n->engine, addr, node_now(n), (enum component)c, &x);
		for (int k = 0; k < EVENT_KINDS; k++)
			sum += x.tally.count[k];
		if (sum > most)
			most = sum;
	}
	return most;
}

unsigned
node_forgive(
	struct node *n, const struct addr *addr, node_on_done *fn, void *ctx)
{
	struct forgiven f = { engine_key(n->engine, addr), node_now(n) };
	unsigned acts = count_acts(n, addr);

	node_fold(
		n, &(struct fact){ .type = FACT_FORGIVE, .forgiven = f }, NULL);
	node_record(n, RECORD_FORGIVE)->forgiven = f;
	node_await(n, fn, ctx);
	return acts;
}

bool
node_extend(struct node *n, const struct node_extend *what, node_on_done *fn,
	void *ctx)
{
	int64_t now = node_now(n);
	struct block b;

	if (!engine_block_get(n->engine, what->id, &b) || b.until <= now)
		return false;
	if (what->span_s) {
		/* No end is one from when it began. */
		b.until = what->span_s < ENGINE_NO_END_S
				  ? now + what->span_s
				  : b.from + ENGINE_NO_END_S;
		node_fold(n, &(struct fact){ .type = FACT_EXTEND, .block = &b },
			NULL);
	}
	struct record *r = node_record(n, RECORD_BLOCK_CHANGE);
	r->block.row.block = b;
	r->block.row.note = arena_str(&n->open->arena, what->note);
	r->block.has_note = what->has_note;
	node_await(n, fn, ctx);
	return true;
}

/* --- never-block list --------------------------------------------------- */

void
node_never_keep(struct node *n, const struct store_never *row, bool is_built_in)
{
	struct never_row *r = mem_alloc(1, sizeof(*r)), **at = &n->never;

	r->row = *row;
	r->row.by = arena_str(&r->arena, row->by);
	r->row.note = arena_str(&r->arena, row->note);
	r->is_built_in = is_built_in;
	while (*at && ((*at)->is_built_in || !is_built_in))
		at = &(*at)->next;
	r->next = *at;
	*at = r;
}

static void
drop_row(struct never_row **at)
{
	struct never_row *r = *at;

	*at = r->next;
	arena_free(&r->arena);
	free(r);
}

void
node_never_free(struct never_row *rows)
{
	while (rows)
		drop_row(&rows);
}

static struct never_row **
find_row(struct node *n, const struct prefix *p, bool is_built_in)
{
	struct never_row **at = &n->never;

	while (*at && !((*at)->is_built_in == is_built_in &&
			      prefix_eq(&(*at)->row.prefix, p)))
		at = &(*at)->next;
	return at;
}

unsigned
node_never_add(struct node *n, const struct node_never *what, node_on_done *fn,
	void *ctx)
{
	uint64_t before = n->stats.engine.blocks_live, after;
	struct engine_stats stats;

	engine_stats(n->engine, &stats);
	before = stats.blocks_live;
	node_fold(n,
		&(struct fact){
			.type = FACT_NEVER_ADD, .prefix = what->prefix },
		&(struct node_cause){ .by = what->by });
	engine_stats(n->engine, &stats);
	after = stats.blocks_live;

	struct record *r = node_record(n, RECORD_NEVER_ADD);
	r->never = (struct store_never){
		.id = ++n->next_never,
		.prefix = what->prefix,
		.added = node_now(n),
		.by = arena_str(&n->open->arena, what->by),
		.note = arena_str(&n->open->arena, what->note),
	};
	struct never_row **old = find_row(n, &what->prefix, false);
	if (*old)
		drop_row(old);
	node_never_keep(n, &r->never, false);
	node_await(n, fn, ctx);
	return (unsigned)(before - after);
}

void
node_never_note(struct node *n, const struct store_never *row, node_on_done *fn,
	void *ctx)
{
	struct never_row **old = find_row(n, &row->prefix, false);
	struct record *r = node_record(n, RECORD_NEVER_ADD);

	r->never = *row;
	r->never.by = arena_str(&n->open->arena, row->by);
	r->never.note = arena_str(&n->open->arena, row->note);
	if (*old)
		drop_row(old);
	node_never_keep(n, &r->never, false);
	node_await(n, fn, ctx);
}

void
node_own_address(struct node *n, const struct addr *addr)
{
	struct store_never row = {
		.prefix = { *addr, ADDR_BITS },
		.by = S("built in"),
		.note = S("an address of this machine"),
	};

	if (*find_row(n, &row.prefix, true))
		return;
	node_never_keep(n, &row, true);
	if (n->is_restoring)
		return; /* the next engine is told */
	node_fold(n,
		&(struct fact){ .type = FACT_NEVER_ADD, .prefix = row.prefix },
		NULL);
}

bool
node_never_remove(struct node *n, const struct prefix *prefix, node_on_done *fn,
	void *ctx)
{
	struct never_row **at = find_row(n, prefix, false);

	if (!*at)
		return false;
	drop_row(at);
	/* The machine's own address stays, whatever people add and remove. */
	if (!*find_row(n, prefix, true))
		node_fold(n,
			&(struct fact){
				.type = FACT_NEVER_REMOVE, .prefix = *prefix },
			NULL);
	node_record(n, RECORD_NEVER_REMOVE)->prefix = *prefix;
	node_await(n, fn, ctx);
	return true;
}

void
node_never_each(const struct node *n, node_on_never *fn, void *ctx)
{
	for (const struct never_row *r = n->never; r; r = r->next)
		fn(ctx, &r->row);
}

/* --- settings -------------------------------------------------------------- */

static struct str
value_of(struct arena *a, const struct settings *s, const struct field *f)
{
	struct buf b = { 0 };

	settings_add(&b, s, f);
	struct str kept = arena_str(a, buf_str(&b));
	buf_free(&b);
	return kept;
}

/* The value that @pair asks for: its own, or the default. */
static int
set_one(struct settings *s, const struct node_pair *pair, struct err *err)
{
	const struct settings fresh = settings_default();
	const struct field *f = settings_find(pair->name);
	struct buf b = { 0 };

	if (f && pair->value.n == 0 && f->type != FIELD_TEXT)
		settings_add(&b, &fresh, f);
	else if (f && pair->value.n == 0)
		buf_add(&b, str_of((const char *)&fresh + f->at));
	int r = settings_set(
		s, pair->name, b.n ? buf_str(&b) : pair->value, err);
	buf_free(&b);
	return r;
}

static void
record_change(struct node *n, const struct node_pair *pair, struct str by,
	const struct settings *before, const struct settings *after)
{
	const struct field *f = settings_find(pair->name);
	struct record *r = node_record(n, RECORD_CHANGE);
	struct arena *a = &n->open->arena;

	r->change = (struct store_change){
		.time = node_now(n),
		.name = arena_str(a, pair->name),
		.before = value_of(a, before, f),
		.by = arena_str(a, by),
	};
	if (pair->value.n)
		r->change.after = value_of(a, after, f);
}

int
node_set(struct node *n, const struct node_change *change, struct err *err,
	node_on_done *fn, void *ctx)
{
	struct settings before = *engine_settings(n->engine), after = before;

	for (unsigned i = 0; i < change->n; i++) {
		if (set_one(&after, &change->pairs[i], err) < 0)
			return -1;
	}
	for (unsigned i = 0; i < change->n; i++)
		record_change(
			n, &change->pairs[i], change->by, &before, &after);
	node_fold(n,
		&(struct fact){ .type = FACT_SETTINGS, .settings = &after },
		NULL);
	storage_settings(n->storage, &after);
	node_tell_settings(n, change);
	node_await(n, fn, ctx);
	return 0;
}

/* --- access ---------------------------------------------------------------- */

static void
keep_texts(struct arena *a, struct store_audit *row)
{
	struct str *const texts[] = { &row->actor, &row->via, &row->address,
		&row->action, &row->target, &row->before, &row->after,
		&row->note };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i]->n > AUDIT_TEXT_MAX)
			texts[i]->n = AUDIT_TEXT_MAX;
		*texts[i] = arena_str(a, *texts[i]);
	}
}

void
node_keep(struct node *n, const struct store_access *what)
{
	struct record *r = node_record(n, RECORD_ACCESS);
	struct store_access *kept = arena_alloc(&n->open->arena, sizeof(*kept));

	*kept = *what;
	if (kept->op == ACCESS_AUDIT)
		keep_texts(&n->open->arena, &kept->audit);
	r->access = kept;
}

void
node_settle(struct node *n, node_on_done *fn, void *ctx)
{
	node_await(n, fn, ctx);
}
