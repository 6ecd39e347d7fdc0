/* SPDX-License-Identifier: ISC */

/*
 * The never-block list, and what each entry was good for.
 */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	DAY_S = 86400,
	HITS_MAX = 1000,   /* events that are counted of an entry */
	COUNTED_MAX = 500, /* entries whose events are counted */
	COUNT_MS = 20,	   /* of an entry */
};

struct row {
	struct store_never row;
	int64_t hits; /* or -1: not counted */
};

struct list {
	struct ask *ask;
	struct row *rows;
	size_t n, cap;
	int64_t now;
	bool has_self;
	struct prefix self;
};

static void
on_row(void *ctx, const struct store_never *row)
{
	struct list *l = ctx;
	struct arena *arena = &l->ask->arena;

	if (l->n == l->cap) {
		struct row *old = l->rows;

		l->cap = l->cap ? 2 * l->cap : 64;
		l->rows = arena_alloc(arena, l->cap * sizeof(*l->rows));
		for (size_t i = 0; i < l->n; i++)
			l->rows[i] = old[i];
	}
	l->rows[l->n] = (struct row){ *row, -1 };
	l->rows[l->n].row.by = arena_str(arena, row->by);
	l->rows[l->n].row.note = arena_str(arena, row->note);
	l->n++;
}

static int
on_event(void *ctx, const struct store_event *e)
{
	struct row *r = ctx;

	r->hits += e->outcome == OUTCOME_NEVER;
	return 0;
}

static void
count_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct list *l = a->state;
	struct err ignored; /* they are shown without a count */

	(void)store;
	for (size_t i = 0; i < l->n && i < COUNTED_MAX; i++) {
		struct row *r = &l->rows[i];
		const struct store_query q = { .prefix = &r->row.prefix,
			.kind = -1,
			.since = l->now - 30 * DAY_S,
			.limit = HITS_MAX,
			.limit_ms = COUNT_MS };

		r->hits = 0;
		if (store_find_events(events, &q, on_event, r, &ignored))
			r->hits = -1;
	}
}

static void
list_done(struct ask *a)
{
	const struct list *l = a->state;
	struct json *j = &a->out;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < l->n; i++) {
		const struct row *r = &l->rows[i];
		const struct render_never_use use = { .hits = r->hits,
			.covers_you = l->has_self &&
				      prefix_covers(&r->row.prefix, &l->self) };

		render_never_used(j, &r->row, &use);
	}
	json_close(j, ']');
	json_close(j, '}');
	ask_reply(a, 200);
}

void
never_get(struct ask *a)
{
	struct list *l = arena_alloc(&a->arena, sizeof(*l));
	struct addr self;

	a->state = l;
	l->ask = a;
	l->now = node_now(a->node);
	if (!self_get(a, &self, &l->has_self))
		return;
	l->self = addr_prefix(&self, ADDR_BITS);
	node_never_each(a->node, on_row, l);
	ask_search(a, count_read, list_done);
}
