/* SPDX-License-Identifier: ISC */

#include "web/overview.h"

#include <string.h>

#include "control/names.h"
#include "core/hints.h"
#include "web/near.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SHOWN = 8, /* rows of the short lists */
	NEAR_PERCENT = 50,
	DAY_S = 86400,
	LOOKED_MAX = 100000, /* rows of a list that are counted */
};

struct overview {
	struct near_list near; /* first: near.c finds it so */
	struct render_view view;
	uint64_t manual, never;
	uint64_t blocks_24h, events_24h, locked;
	unsigned shown;
	bool is_log_slow;
	struct err slow;
	struct buf newest; /* finished rows … */
	struct json rows;  /* … and their writer */
	ask_ender *done;
	uint64_t hinted_n; /* live blocks with signs of a false positive */
	struct buf hinted; /* the newest of them */
	struct json hinted_rows;
};

static int
on_block(void *ctx, const struct store_block *row)
{
	struct overview *o = ctx;
	int64_t day_ago = o->view.now - DAY_S;

	if (row->block.from > day_ago)
		o->blocks_24h++;
	if (o->shown < SHOWN && !row->removed &&
		row->block.until > o->view.now) {
		render_block(&o->rows, row, &o->view);
		o->shown++;
	}
	/* What an old log told of has an old time and a new number. */
	return o->shown == SHOWN && row->block.from < day_ago - DAY_S;
}

static int
on_hinted(void *ctx, const struct store_block *row)
{
	struct overview *o = ctx;

	if (o->hinted_n++ < SHOWN)
		render_block(&o->hinted_rows, row, &o->view);
	return o->hinted_n == LOOKED_MAX;
}

static int
on_lock(void *ctx, const struct store_lock *row)
{
	struct overview *o = ctx;

	(void)row;
	o->locked++;
	return 0;
}

static int
on_count(void *ctx, const struct store_count *c)
{
	struct overview *o = ctx;

	o->events_24h += c->n;
	return 0;
}

static void
overview_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct overview *o = a->state;
	const struct store_lock_query locks = { .live_at = o->view.now,
		.limit = LOOKED_MAX };
	struct err err = { { 0 } };

	const struct store_hinted hinted = { hint_innocent_bits(),
		o->view.now };

	(void)events;
	json_open(&o->rows, '[');
	if (store_find_blocks(store, NULL, 0, LOOKED_MAX, on_block, o, &err) <
			0 ||
		store_find_locks(store, &locks, on_lock, o, &err) < 0)
		a->failed = err;
	json_close(&o->rows, ']');
	json_open(&o->hinted_rows, '[');
	if (store_find_hinted(store, &hinted, on_hinted, o, &err) < 0)
		a->failed = err;
	json_close(&o->hinted_rows, ']');
}

static void
count_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct overview *o = a->state;
	const struct store_stretch day = { o->view.now - DAY_S + 1, o->view.now,
		DAY_S };

	(void)store;
	o->is_log_slow = store_count_kinds(
				 events, &day, on_count, o, &o->slow) < 0;
}

static void
add_problem(struct json *j, const char *code, const char *level, const char *s)
{
	json_open(j, '{');
	json_member_str(j, "code", str_of(code));
	json_member_str(j, "level", str_of(level));
	json_member_str(j, "text", str_of(s));
	json_close(j, '}');
}

static void
add_sources(struct ask *a)
{
	struct source list[API_SOURCES_MAX];
	unsigned n = api_sources(a->api, list);
	struct json *j = &a->out;

	json_key(j, "sources");
	json_open(j, '[');
	for (unsigned i = 0; i < n; i++) {
		const struct source *s = &list[i];

		json_open(j, '{');
		json_member_str(j, "name", str_of(s->name));
		json_member_str(j, "kind", str_of(s->hook));
		json_member_str(j, "state",
			s->is_running ? S("running") : S("not running"));
		json_member_int(j, "lines", (int64_t)s->counts.lines);
		json_member_int(j, "unknown", (int64_t)s->counts.unknown);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
add_problems(struct ask *a, const struct node_stats *s)
{
	const struct overview *o = a->state;
	struct json *j = &a->out;

	json_key(j, "problems");
	json_open(j, '[');
	if (*s->store_error)
		add_problem(j, "store-error", "error", s->store_error);
	if (s->shed)
		add_problem(j, "events-shed", "error",
			"events came faster than they could be stored: some "
			"are scored but not in the log");
	if (*s->notice)
		add_problem(j, "store-notice", "warning", s->notice);
	if (o->is_log_slow)
		add_problem(j, "event-log", "warning", o->slow.text);
	json_close(j, ']');
}

static void
add_counts(struct ask *a, const struct node_stats *s)
{
	const struct overview *o = a->state;
	struct json *j = &a->out;

	json_member_int(j, "blocked", (int64_t)s->engine.blocks_live);
	json_key(j, "events_24h");
	if (o->is_log_slow)
		json_null(j);
	else
		json_int(j, (int64_t)o->events_24h);
	json_member_int(j, "manual", (int64_t)o->manual);
	json_member_int(j, "blocks_24h", (int64_t)o->blocks_24h);
	json_member_int(j, "locked", (int64_t)o->locked);
	json_member_int(j, "near", (int64_t)o->near.found);
	json_member_int(j, "never", (int64_t)s->engine.never);
}

static void
overview_done(struct ask *a)
{
	const struct settings *set = engine_settings(node_engine(a->node));
	struct overview *o = a->state;
	struct json *j = &a->out;
	struct node_stats s;

	if (!*a->failed.text) {
		node_stats(a->node, &s);
		json_open(j, '{');
		add_counts(a, &s);
		json_member_str(j, "mode", str_of(mode_names[set->mode]));
		json_key(j, "newest");
		buf_add(j->b, buf_str(&o->newest));
		j->comma = true;
		json_member_int(j, "hints", (int64_t)o->hinted_n);
		json_key(j, "hint_list");
		buf_add(j->b, buf_str(&o->hinted));
		j->comma = true;
		near_add(j, "near_list", &o->near);
		add_sources(a);
		add_problems(a, &s);
		json_close(j, '}');
	}
	buf_free(&o->newest);
	buf_free(&o->hinted);
	o->done(a);
}

static void
lists_done(struct ask *a)
{
	ask_search(a, count_read, overview_done);
}

static void
near_done(struct ask *a)
{
	ask_read(a, overview_read, lists_done);
}

/* Entries by hand are few beside those the engine makes, but they stand
 * among them. */
static uint64_t
count_manual(const struct engine *e)
{
	struct block b = { 0 };
	uint64_t n = 0;

	for (unsigned i = 0; i < LOOKED_MAX && engine_block_next(e, b.id, &b);
		i++)
		n += b.origin == ORIGIN_MANUAL;
	return n;
}

void
overview_begin(struct ask *a, ask_ender *done)
{
	struct overview *o = arena_alloc(&a->arena, sizeof(*o));
	const struct engine *e = node_engine(a->node);

	a->state = o;
	o->done = done;
	o->near.limit = SHOWN;
	o->view = render_view_of(e, node_now(a->node));
	o->manual = count_manual(e);
	o->rows.b = &o->newest;
	o->hinted_rows.b = &o->hinted;
	near_begin(a, &o->near, NEAR_PERCENT, near_done);
}

static void
reply(struct ask *a)
{
	if (*a->failed.text)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", a->failed.text);
	else
		ask_reply(a, 200);
}

void
overview_get(struct ask *a)
{
	overview_begin(a, reply);
}
