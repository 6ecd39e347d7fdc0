/* SPDX-License-Identifier: ISC */

/*
 * What an explanation looks up, away from the loop, and how the score went.
 */

#include "web/explain.h"

enum {
	DAY_S = 86400,
	NEIGHBOUR_DAYS = 7,
	CHANGES = 10000, /* of settings that are undone at most */
};

struct str
explain_keep(struct ask *a, struct buf *b)
{
	struct str s = arena_str(&a->arena, buf_str(b));

	buf_free(b);
	return s;
}

/* --- events ------------------------------------------------------------------ */

static void
told_add(struct ask *a, struct told_list *list, const struct store_event *e)
{
	struct told *t = &list->rows[list->n];
	struct buf b = { 0 };

	if (list->n == EXPLAIN_READ)
		return;
	list->n++;
	*t = (struct told){
		.s = { .id = e->id,
			.addr = e->event.addr,
			.time = e->event.time,
			.identity = e->identity,
			.count = e->count,
			.kind = e->kind,
			.outcome = e->outcome,
			.marks = e->marks,
			.is_cause = e->is_cause,
			.is_summary = e->event.is_summary,
			.told = e->event.count,
			.span_s = e->event.span_s,
			.source = arena_str(&a->arena, e->event.source) },
		.is_forgiven = e->is_forgiven,
	};
	/* The newest come first. */
	if (list->n > EXPLAIN_SHOWN)
		return;
	render_event_open(&(struct json){ .b = &b }, e);
	t->json = explain_keep(a, &b);
}

static int
on_kept(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;

	told_add(a, &q->kept, e);
	return 0;
}

static int
on_window(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;

	told_add(a, &q->log, e);
	return 0;
}

/* What the address did in the last days. */
static int
on_seen(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;
	const struct hint_event h = { &e->event, e->kind, e->outcome,
		e->marks };

	q->seen_n++;
	if (!q->seen_last)
		q->seen_last = e->event.time;
	q->seen_first = e->event.time;
	hint_facts_add(q->month, &h);
	hint_facts_add(q->day, &h);
	/* Without a block these are the events to be explained. */
	if (!q->why.is_found && e->event.time <= q->at)
		told_add(a, &q->log, e);
	return 0;
}

static void
turn(struct told_list *list)
{
	for (unsigned i = 0, n = list->n; i < n / 2; i++) {
		struct told t = list->rows[i];

		list->rows[i] = list->rows[n - 1 - i];
		list->rows[n - 1 - i] = t;
	}
}

static int64_t
longest_period(const struct settings *s)
{
	int64_t smtp = s->limits[COMPONENT_SMTP].period_s;
	int64_t login = s->limits[COMPONENT_LOGIN].period_s;

	return smtp > login ? smtp : login;
}

static int
read_log(struct ask *a, struct store_reader *events)
{
	struct inquiry *q = a->state;
	const struct explanation *why = &q->why.why;
	const struct store_query window = { .prefix = &q->key,
		.kind = -1,
		.since = why->at - longest_period(&q->settings) + 1,
		.until = why->at,
		.before = q->block.block.cause ? q->block.block.cause + 1 : 0,
		.limit = EXPLAIN_READ };
	const struct store_query seen = { .prefix = &q->key,
		.kind = -1,
		.since = q->at - (int64_t)EXPLAIN_DAYS * DAY_S + 1,
		.limit = EXPLAIN_READ };

	if (q->why.is_found && store_find_events(events, &window, on_window, a,
				       &q->failed) < 0)
		return -1;
	if (store_find_events(events, &seen, on_seen, a, &q->failed) < 0)
		return -1;
	turn(&q->log);
	return 0;
}

static int
on_neighbour(void *ctx, const struct addr *addr, uint64_t n)
{
	struct inquiry *q = ctx;
	struct prefix one = addr_prefix(addr, ADDR_BITS);

	if (q->key.len > 64 && prefix_covers(&q->key, &one))
		return 0;
	for (unsigned i = 0; i < q->neighbours_n; i++) {
		if (addr_eq(&q->neighbours[i].addr, addr)) {
			q->neighbours[i].n += n;
			return 0;
		}
	}
	if (q->neighbours_n < EXPLAIN_NEIGHBOURS)
		q->neighbours[q->neighbours_n++] = (struct neighbour){ *addr,
			n };
	return 0;
}

static int
read_neighbours(struct inquiry *q, struct store_reader *events)
{
	unsigned len = addr_is_v4(&q->key.addr) ? ADDR_V4_BITS + 24 : 64;
	struct prefix p = addr_prefix(&q->key.addr, len);

	if (q->key.len < len)
		return 0;
	return store_find_neighbours(events, &p,
		       q->now - (int64_t)NEIGHBOUR_DAYS * DAY_S, on_neighbour,
		       q, &q->failed) < 0
		       ? -1
		       : 0;
}

/* --- how it went --------------------------------------------------------------- */

/* The settings of that time: what was changed since is undone, the newest
 * change first. */
static int
on_change(void *ctx, const struct store_change *c)
{
	struct inquiry *q = ctx;
	struct err ignored;

	if (c->time <= q->at)
		return 1;
	(void)settings_set(&q->settings, c->name, c->before, &ignored);
	return 0;
}

/* What was stored with the block is surer. */
static void
take_why(struct inquiry *q)
{
	const struct explanation *x = &q->why.why;
	struct limits *l = &q->settings.limits[x->component];

	l->threshold = x->threshold;
	l->period_s = x->period_s;
	for (int k = 0; x->component == COMPONENT_SMTP && k < EVENT_KINDS;
		k++) {
		if (event_types[k].is_settable)
			q->settings.weight[k] = x->weight[k];
	}
}

static struct course *
fold(const struct inquiry *q, const struct told_list *list)
{
	int64_t begin = q->at - 2 * longest_period(&q->settings);
	struct course *c = course_new(&q->settings, q->since, list->n);

	for (unsigned i = 0; i < list->n; i++) {
		const struct told *t = &list->rows[i];

		if (t->s.time > begin && (q->why.is_found || !t->is_forgiven))
			course_add(c, &t->s);
	}
	course_end(c, q->at);
	return c;
}

static bool
is_same(const struct inquiry *q, const struct course *c)
{
	const struct explanation *x = inquiry_explained(q);

	return course_score(c, x->component) == x->score;
}

/* The log when it still has all of it, else what was kept with the block. */
static void
choose_events(struct inquiry *q)
{
	q->told = &q->log;
	q->course = fold(q, &q->log);
	if (q->why.is_found && !is_same(q, q->course) && q->kept.n) {
		struct course *other = fold(q, &q->kept);

		if (is_same(q, other) || q->log.n == 0) {
			course_free(q->course);
			q->course = other;
			q->told = &q->kept;
		} else {
			course_free(other);
		}
	}
	for (int i = 0; q->is_past && i < COMPONENTS; i++) {
		course_explain(q->course, (enum component)i, &q->held[i]);
		q->held[i].key = q->key;
	}
	q->is_exact = is_same(q, q->course);
}

/* How near a component is, in millionths. */
static uint64_t
nearness(const struct explanation *x)
{
	return (uint64_t)x->score * 1000000 / (x->threshold ? x->threshold : 1);
}

static void
choose_component(struct inquiry *q)
{
	if (q->why.is_found)
		q->chosen = q->why.why.component;
	else if (!q->has_choice)
		q->chosen = nearness(&q->held[COMPONENT_LOGIN]) >
					    nearness(&q->held[COMPONENT_SMTP])
				    ? COMPONENT_LOGIN
				    : COMPONENT_SMTP;
}

void
explain_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct inquiry *q = a->state;

	if (explain_read_blocks(a, store) || (!q->has_addr && !q->has_block))
		return;
	if (q->has_block) {
		q->at = q->block.block.from;
		q->since = 0; /* before it came; its history will say */
	}
	if (explain_read_history(a, store))
		return;
	if (q->id && store_block_why(
			     store, q->id, &q->why, on_kept, a, &q->failed) < 0)
		return;
	if (q->why.is_found) {
		q->at = q->why.why.at;
		q->key = q->why.why.key;
	}
	const struct store_change_query all = { .limit = CHANGES };
	if (store_find_changes(store, &all, on_change, q, &q->failed) < 0)
		return;
	if (q->why.is_found)
		take_why(q);
	q->day->since = q->at - HINT_SPAN_S;
	if (read_log(a, events) || read_neighbours(q, events))
		return;
	choose_component(q);
	choose_events(q);
	choose_component(q);
}
