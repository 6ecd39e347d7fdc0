/* SPDX-License-Identifier: ISC */

/*
 * What the event log comes to: by time, by kind, by who.
 */

#include <string.h>

#include "web/render.h"
#include "web/route.h"

enum {
	BUCKETS_MAX = 300,
	DAY_S = 86400,
	TOPS_MAX = 1000,
};

static const char slow[] = "Ask for a shorter time.";

struct series {
	struct store_stretch stretch;
	bool has_bucket; /* one is open in the answer */
	int64_t bucket;
	bool has_failed;
	struct err err;
};

static void
close_bucket(struct ask *a, struct series *s)
{
	if (!s->has_bucket)
		return;
	json_close(&a->out, '}');
	json_close(&a->out, '}');
}

static int
on_count(void *ctx, const struct store_count *c)
{
	struct ask *a = ctx;
	struct series *s = a->state;
	struct json *j = &a->out;

	if (!event_types[c->kind].id)
		return 0;
	if (!s->has_bucket || s->bucket != c->from) {
		close_bucket(a, s);
		s->has_bucket = true;
		s->bucket = c->from;
		json_open(j, '{');
		json_member_time(j, "time", c->from);
		json_key(j, "counts");
		json_open(j, '{');
	}
	json_member_int(j, event_types[c->kind].id, (int64_t)c->n);
	return 0;
}

static void
series_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct series *s = a->state;

	(void)store;
	s->has_failed = store_count_kinds(
				events, &s->stretch, on_count, a, &s->err) < 0;
}

static void
series_done(struct ask *a)
{
	struct series *s = a->state;

	if (s->has_failed) {
		a->hint = slow;
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
		return;
	}
	close_bucket(a, s);
	json_close(&a->out, ']');
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

/* The only one there is; others may come. */
static bool
check_by(struct ask *a)
{
	struct str by;

	if (!http_query(a->request, "by", &by) || str_eq(by, S("kind")))
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL, "by must be kind");
	return false;
}

/* Empty buckets are left out. */
void
series_get(struct ask *a)
{
	static const struct ask_number step = { "step", 1, 366 * DAY_S, 0 };
	struct series *s = arena_alloc(&a->arena, sizeof(*s));
	struct store_stretch *t = &s->stretch;

	a->state = s;
	t->until = node_now(a->node);
	if (!check_by(a) || !ask_time(a, "to", &t->until))
		return;
	t->since = t->until - DAY_S + 1;
	if (!ask_time(a, "from", &t->since) || !ask_int(a, &step, &t->step))
		return;
	int64_t least = (t->until - t->since) / BUCKETS_MAX + 1;
	if (t->until < t->since) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"to must not lie before from");
		return;
	}
	if (t->step < least)
		t->step = least;
	json_open(&a->out, '{');
	json_member_time(&a->out, "from", t->since);
	json_member_time(&a->out, "to", t->until);
	json_member_int(&a->out, "step", t->step);
	json_key(&a->out, "buckets");
	json_open(&a->out, '[');
	ask_search(a, series_read, series_done);
}

/* --- who comes often ---------------------------------------------------- */

struct tops {
	struct store_tops q;
	bool has_failed;
	struct err err;
};

static int
on_top(void *ctx, const struct store_top *t)
{
	struct ask *a = ctx;
	const struct tops *s = a->state;
	struct prefix p = addr_prefix(&t->addr, ADDR_BITS);
	struct json *j = &a->out;

	json_open(j, '{');
	if (s->q.by == STORE_TOP_ADDRESS)
		render_prefix(j, "address", &p);
	else
		json_member_str(j, "account", t->account);
	json_member_int(j, "events", (int64_t)t->n);
	json_member_int(j, "points", (int64_t)t->points);
	json_close(j, '}');
	return 0;
}

static void
tops_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct tops *s = a->state;

	(void)store;
	s->has_failed = store_find_tops(events, &s->q, on_top, a, &s->err) < 0;
}

static void
tops_done(struct ask *a)
{
	struct tops *s = a->state;

	if (s->has_failed) {
		a->hint = slow;
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
		return;
	}
	json_close(&a->out, ']');
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
tops_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, TOPS_MAX, 20 };
	struct tops *s = arena_alloc(&a->arena, sizeof(*s));
	struct str by = S("address");
	int64_t n;

	a->state = s;
	http_query(a->request, "by", &by);
	if (!str_eq(by, S("address")) && !str_eq(by, S("account"))) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"by must be address or account");
		return;
	}
	s->q.by = str_eq(by, S("account")) ? STORE_TOP_ACCOUNT
					   : STORE_TOP_ADDRESS;
	s->q.until = node_now(a->node);
	s->q.since = s->q.until - DAY_S + 1;
	if (!ask_time(a, "since", &s->q.since) ||
		!ask_time(a, "until", &s->q.until) || !ask_int(a, &limit, &n))
		return;
	s->q.limit = (unsigned)n;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_search(a, tops_read, tops_done);
}

/* --- kinds of events ------------------------------------------------------ */

struct kinds {
	uint64_t seen[EVENT_KINDS]; /* in 7 days */
	bool has_failed;
	struct err err;
	int64_t now;
};

static int
on_kind(void *ctx, const struct store_count *c)
{
	struct kinds *k = ctx;

	k->seen[c->kind] += c->n;
	return 0;
}

static void
kinds_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct kinds *k = a->state;
	const struct store_stretch week = { k->now - 7 * DAY_S + 1, k->now,
		8 * DAY_S };

	(void)store;
	k->has_failed = store_count_kinds(events, &week, on_kind, k, &k->err) <
			0;
}

/* Whole percent of all points of the week, as the weights are now. */
static int64_t
share_of(const struct kinds *k, const struct settings *s, int kind)
{
	uint64_t total = 0;

	for (int i = 0; i < EVENT_KINDS; i++)
		total += k->seen[i] * (uint64_t)s->weight[i];
	return total ? (int64_t)(k->seen[kind] * (uint64_t)s->weight[kind] *
				 100 / total)
		     : 0;
}

static void
add_kind(struct ask *a, int kind)
{
	const struct kinds *k = a->state;
	const struct settings *s = engine_settings(node_engine(a->node));
	const struct event_type *t = &event_types[kind];
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_int(j, "event", kind);
	json_member_str(j, "kind", str_of(t->id));
	json_member_str(j, "label", str_of(t->label));
	json_member_str(j, "meaning", str_of(t->meaning));
	json_member_int(j, "points", s->weight[kind]);
	json_member_int(j, "default", t->weight);
	json_member_bool(j, "settable", t->is_settable);
	json_key(j, "seen_7d");
	if (k->has_failed)
		json_null(j); /* too many to be counted in time */
	else
		json_int(j, (int64_t)k->seen[kind]);
	json_key(j, "share");
	if (k->has_failed)
		json_null(j);
	else
		json_int(j, share_of(k, s, kind));
	json_close(j, '}');
}

static void
kinds_done(struct ask *a)
{
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id)
			add_kind(a, k);
	}
	json_close(&a->out, ']');
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
event_types_get(struct ask *a)
{
	struct kinds *k = arena_alloc(&a->arena, sizeof(*k));

	k->now = node_now(a->node);
	a->state = k;
	ask_search(a, kinds_read, kinds_done);
}
