/* SPDX-License-Identifier: ISC */

/*
 * Why is this address blocked, or what stands against it?  The engine
 * tells what holds now, the store what held when a block came.
 */

#include "control/names.h"
#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	COVERING_MAX = 16, /* blocks that are listed */
	LOOKED_MAX = 100,  /* rows of history looked at for the last one */
};

struct inquiry {
	int64_t now;
	struct render_view view;
	struct addr addr;
	bool has_addr; /* else a block is asked for */
	struct prefix key;
	struct verdict verdict;
	bool is_never;
	struct store_never never;
	struct block covering[COVERING_MAX]; /* live, longest first */
	unsigned covering_n;
	uint64_t id; /* of the block that is explained, or 0 */
	struct explanation held[COMPONENTS]; /* now */

	/* What the store said, as finished JSON. */
	struct str blocks[COVERING_MAX];
	struct str last;
	struct str events[ENGINE_ROWS_MAX]; /* oldest first */
	unsigned events_n;
	bool is_log; /* the events are the log's, not a block's own */
	struct store_block block; /* explained; its texts aren't kept */
	bool has_block;
	struct store_why why;
	struct err failed;
};

/* One object, kept until the answer is put together. */
static struct str
keep(struct ask *a, struct buf *b)
{
	struct str s = arena_str(&a->arena, buf_str(b));

	buf_free(b);
	return s;
}

static int
on_event(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;
	struct buf b = { 0 };

	render_event(&(struct json){ .b = &b }, e);
	q->events[q->events_n++] = keep(a, &b);
	return q->events_n == ENGINE_ROWS_MAX;
}

static void
turn_events(struct inquiry *q)
{
	for (unsigned i = 0, n = q->events_n; i < n / 2; i++) {
		struct str s = q->events[i];

		q->events[i] = q->events[n - 1 - i];
		q->events[n - 1 - i] = s;
	}
}

static struct str
keep_block(struct ask *a, const struct store_block *row)
{
	const struct inquiry *q = a->state;
	struct buf b = { 0 };

	render_block(&(struct json){ .b = &b }, row, &q->view);
	return keep(a, &b);
}

/* Which row of the list is being looked for. */
struct lookup {
	struct ask *ask;
	uint64_t id;
	struct str *ret;
};

static int
on_block(void *ctx, const struct store_block *row)
{
	struct lookup *l = ctx;
	struct inquiry *q = l->ask->state;

	if (row->block.id != l->id)
		return 1;
	*l->ret = keep_block(l->ask, row);
	if (row->block.id == q->id) {
		q->block = *row;
		q->has_block = true;
	}
	return 1;
}

static int
on_last(void *ctx, const struct store_block *row)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;

	if (!row->removed && row->block.until > q->now)
		return 0;
	q->last = keep_block(a, row);
	return 1;
}

static int
read_blocks(struct ask *a, struct store *store)
{
	struct inquiry *q = a->state;

	for (unsigned i = 0; i < q->covering_n; i++) {
		struct lookup l = { a, q->covering[i].id, &q->blocks[i] };

		if (store_find_blocks(store, NULL, l.id + 1, 1, on_block, &l,
			    &q->failed) < 0)
			return -1;
	}
	if (!q->has_addr)
		return 0;
	return store_find_blocks(store, &q->key, 0, LOOKED_MAX, on_last, a,
		       &q->failed) < 0
		       ? -1
		       : 0;
}

static void
inquiry_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct inquiry *q = a->state;
	const struct store_query all = {
		.prefix = &q->key, .kind = -1, .limit = ENGINE_ROWS_MAX
	};

	if (read_blocks(a, store))
		return;
	if (q->id && store_block_why(store, q->id, &q->why, on_event, a,
			     &q->failed) < 0)
		return;
	if (q->why.is_found || !q->has_addr)
		return;
	q->is_log = true;
	q->events_n = 0;
	store_find_events(events, &all, on_event, a, &q->failed);
	turn_events(q);
}

static void
add_raw(struct json *j, struct str s)
{
	if (j->comma)
		buf_addc(j->b, ',');
	buf_add(j->b, s);
	j->comma = true;
}

static void
add_list(struct json *j, const char *name, const struct str *list, unsigned n)
{
	json_key(j, name);
	json_open(j, '[');
	for (unsigned i = 0; i < n; i++) {
		if (list[i].n)
			add_raw(j, list[i]);
	}
	json_close(j, ']');
}

static void
add_components(struct ask *a)
{
	struct inquiry *q = a->state;
	struct json *j = &a->out;
	bool has_why = q->why.is_found;
	enum component c = has_why ? q->why.why.component : COMPONENTS;

	json_key(j, "components");
	json_open(j, '[');
	if (has_why)
		render_explanation(j, &q->why.why, "block");
	for (int i = 0; q->has_addr && i < COMPONENTS; i++) {
		if (i != (int)c)
			render_explanation(j, &q->held[i], "now");
	}
	json_close(j, ']');
}

static const char *
state_of(const struct inquiry *q)
{
	if (!q->has_addr)
		return render_block_state(&q->block, q->now);
	if (q->is_never)
		return "never";
	if (q->verdict.word == VERDICT_REFUSE)
		return "blocked";
	return q->verdict.would_block ? "would_block" : "not_blocked";
}

/* What an administrator may want to do now. */
static void
add_next(struct ask *a, const char *address)
{
	const struct inquiry *q = a->state;
	struct buf b CLEANUP(buf_free) = { 0 };
	struct json *j = &a->out;
	bool is_live = q->has_addr ? q->covering_n > 0 && !q->is_never
				   : !q->block.removed &&
					     q->block.block.until > q->now;

	json_key(j, "next");
	json_open(j, '[');
	if (is_live) {
		buf_printf(&b, "brattice unblock %ju",
			(uintmax_t)q->covering[0].id);
		json_str(j, buf_str(&b));
		b.n = 0;
	}
	if (is_live || q->held[COMPONENT_SMTP].score ||
		q->held[COMPONENT_LOGIN].score) {
		buf_printf(&b, "brattice never add %s -m \"…\"", address);
		json_str(j, buf_str(&b));
		b.n = 0;
	}
	buf_printf(&b, "brattice events %s", address);
	json_str(j, buf_str(&b));
	json_close(j, ']');
}

static void
add_head(struct ask *a, const char *address)
{
	const struct inquiry *q = a->state;
	const struct settings *s = engine_settings(node_engine(a->node));
	struct json *j = &a->out;

	json_member_str(j, "address", str_of(address));
	render_prefix(j, "key", &q->key);
	json_member_str(j, "state", str_of(state_of(q)));
	json_member_str(j, "mode", str_of(mode_names[s->mode]));
	json_member_time(j, "now", q->now);
	if (q->has_addr &&
		(q->verdict.word == VERDICT_REFUSE || q->verdict.would_block))
		render_until(j, q->now, q->verdict.until);
	if (q->is_never) {
		json_key(j, "never");
		render_never(j, &q->never);
	}
}

static void
inquiry_done(struct ask *a)
{
	struct inquiry *q = a->state;
	struct json *j = &a->out;
	char address[PREFIX_TEXT_MAX];

	if (*q->failed.text) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", q->failed.text);
		return;
	}
	if (!q->has_addr && !q->has_block) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no entry %ju in the block list or its "
			"history",
			(uintmax_t)q->id);
		return;
	}
	if (!q->has_addr)
		q->key = q->block.block.prefix;
	if (q->has_addr)
		addr_format(&q->addr, address);
	else
		prefix_format(&q->key, address);
	json_open(j, '{');
	add_head(a, address);
	add_list(j, "blocks", q->blocks, q->covering_n);
	if (q->id)
		json_member_int(j, "explained", (int64_t)q->id);
	add_components(a);
	json_member_str(j, "events_from", q->is_log ? S("log") : S("block"));
	add_list(j, "events", q->events, q->events_n);
	if (q->last.n) {
		json_key(j, "last_block");
		add_raw(j, q->last);
	}
	add_next(a, address);
	json_close(j, '}');
	ask_reply(a, 200);
}

/* The narrowest automatic block is the one to explain: only they have
 * events. */
static void
choose_block(struct inquiry *q)
{
	for (unsigned i = 0; i < q->covering_n && !q->id; i++) {
		if (q->covering[i].origin == ORIGIN_AUTOMATIC)
			q->id = q->covering[i].id;
	}
}

void
explain_address(struct ask *a)
{
	const struct engine *e = node_engine(a->node);
	struct inquiry *q = arena_alloc(&a->arena, sizeof(*q));

	a->state = q;
	if (!ask_addr(a, a->id, &q->addr))
		return;
	struct prefix one = addr_prefix(&q->addr, ADDR_BITS);
	q->has_addr = true;
	q->now = node_now(a->node);
	q->view = render_view_of(node_engine(a->node), q->now);
	q->key = engine_key(e, &q->addr);
	q->verdict = engine_check(e, &q->addr, q->now);
	q->is_never = never_find(a, &one, &q->never);
	q->covering_n = engine_block_covering(
		e, &one, q->now, q->covering, COVERING_MAX);
	if (q->covering_n > COVERING_MAX)
		q->covering_n = COVERING_MAX;
	for (int c = 0; c < COMPONENTS; c++)
		engine_explain(
			e, &q->addr, q->now, (enum component)c, &q->held[c]);
	choose_block(q);
	ask_read(a, inquiry_read, inquiry_done);
}

void
explain_block(struct ask *a)
{
	struct inquiry *q = arena_alloc(&a->arena, sizeof(*q));

	a->state = q;
	if (!ask_id(a, &q->id))
		return;
	q->now = node_now(a->node);
	q->view = render_view_of(node_engine(a->node), q->now);
	/* The list of what covers is this one. */
	q->covering[0].id = q->id;
	q->covering_n = 1;
	ask_read(a, inquiry_read, inquiry_done);
}
