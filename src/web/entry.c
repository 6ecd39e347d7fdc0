/* SPDX-License-Identifier: ISC */

/*
 * One entry of the block list: what it is, another end, its removal.
 */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	FORGIVEN_MAX = 10000, /* events that are counted */
	COUNT_MS = 300,	      /* and for how long */
};

struct entry {
	uint64_t id;
	struct store_block row; /* its texts are in the request's arena */
	struct render_view view;
	bool is_found, has_failed;
	int64_t forgiven; /* events, or -1: not counted */
	int64_t span_s;	  /* of a change; 0: it ends as it did */
	bool has_note, is_never;
	struct str note;
	struct err err;
};

static int
on_row(void *ctx, const struct store_block *b)
{
	struct ask *a = ctx;
	struct entry *e = a->state;

	if (b->block.id != e->id)
		return 1;
	e->row = *b;
	e->row.by = arena_str(&a->arena, b->by);
	e->row.note = arena_str(&a->arena, b->note);
	e->row.removed_by = arena_str(&a->arena, b->removed_by);
	e->is_found = true;
	return 1;
}

static void
row_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct entry *e = a->state;

	(void)events;
	e->has_failed = store_find_blocks(store, NULL, e->id + 1, 1, on_row, a,
				&e->err) < 0;
}

/* Is the row there, and has it been read? */
static bool
has_row(struct ask *a)
{
	const struct entry *e = a->state;

	if (e->has_failed)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", e->err.text);
	else if (!e->is_found)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no entry %ju in the block list or its "
			"history",
			(uintmax_t)e->id);
	return !e->has_failed && e->is_found;
}

static struct entry *
begin(struct ask *a)
{
	struct entry *e = arena_alloc(&a->arena, sizeof(*e));

	a->state = e;
	e->view = render_view_of(node_engine(a->node), node_now(a->node));
	return ask_id(a, &e->id) ? e : NULL;
}

static void
fail_over(struct ask *a, uint64_t id)
{
	ask_fail(a, PROBLEM_NOT_FOUND, NULL,
		"no entry %ju is live in the block list", (uintmax_t)id);
}

static void
show_done(struct ask *a)
{
	const struct entry *e = a->state;

	if (!has_row(a))
		return;
	render_block(&a->out, &e->row, &e->view);
	ask_reply(a, 200);
}

void
block_get(struct ask *a)
{
	if (begin(a))
		ask_read(a, row_read, show_done);
}

/* --- another end ------------------------------------------------------------ */

static void
change_done(struct ask *a)
{
	struct entry *e = a->state;
	const struct node_extend what = { e->id, e->span_s, e->note,
		e->has_note };
	struct store_block row = e->row;

	if (!has_row(a))
		return;
	ask_hold(a);
	ask_hold(a);
	if (!node_extend(a->node, &what, ask_on_done, a)) {
		fail_over(a, e->id);
		return;
	}
	(void)engine_block_get(node_engine(a->node), e->id, &row.block);
	if (e->has_note)
		row.note = e->note;
	render_block(&a->out, &row, &e->view);
	ask_on_done(a, NULL);
}

void
block_patch(struct ask *a)
{
	const struct json_in_range range = { 1, ENGINE_NO_END_S };
	struct entry *e = begin(a);
	struct err err;

	if (!e || !note_get(a, &e->note))
		return;
	e->has_note = e->note.p != NULL;
	switch (json_in_int(a->body, "duration", range, &e->span_s, &err)) {
	case JSON_IN_WRONG:
		ask_fail(a, PROBLEM_VALIDATION, "#/duration",
			"%s [seconds from now]", err.text);
		return;
	case JSON_IN_ABSENT:
		if (!e->has_note) {
			ask_fail(a, PROBLEM_VALIDATION, "#",
				"duration or note says what shall change");
			return;
		}
		break;
	case JSON_IN_FOUND: break;
	}
	ask_read(a, row_read, change_done);
}

/* --- its removal ------------------------------------------------------------- */

static int
on_event(void *ctx, const struct store_event *ev)
{
	struct entry *e = ctx;

	e->forgiven += ev->outcome <= OUTCOME_REPEAT && !ev->is_forgiven;
	return 0;
}

/* What counted against its addresses. */
static void
count_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct entry *e = a->state;
	const struct store_query q = {
		.prefix = &e->row.block.prefix,
		.kind = -1,
		.since = e->view.now - e->span_s,
		.limit = FORGIVEN_MAX,
		.limit_ms = COUNT_MS,
	};

	(void)store;
	if (store_find_events(events, &q, on_event, e, &e->err))
		e->forgiven = -1;
}

/* How it could be made again. */
static void
add_undo(struct ask *a, const struct entry *e)
{
	const struct block *b = &e->row.block;
	struct json *j = &a->out;
	bool is_endless = b->until - b->from >= ENGINE_NO_END_S;

	json_key(j, "undo");
	json_open(j, '{');
	render_prefix(j, "address", &b->prefix);
	json_member_int(j, "duration",
		is_endless ? ENGINE_NO_END_S : b->until - e->view.now);
	json_member_str(j, "note", e->row.note);
	json_close(j, '}');
}

/* Behind the removed row: what else there is to say. */
static void
add_rest(struct ask *a, const struct entry *e)
{
	struct json *j = &a->out;

	json_member_bool(j, "more", false);
	json_key(j, "forgiven");
	if (e->forgiven < 0)
		json_null(j); /* too many to be counted in time */
	else
		json_int(j, e->forgiven);
	add_undo(a, e);
	still_add(a, &e->row.block.prefix);
}

static void
make_never(struct ask *a, const struct entry *e)
{
	struct store_never entry;

	if (never_find(a, &e->row.block.prefix, &entry))
		return;
	ask_hold(a);
	node_never_add(a->node,
		&(struct node_never){
			e->row.block.prefix, str_of(a->by), e->row.note },
		ask_on_done, a);
}

static void
remove_done(struct ask *a)
{
	struct entry *e = a->state;
	struct json *j = &a->out;

	ask_hold(a);
	ask_hold(a);
	if (!node_unblock(a->node, e->id, str_of(a->by), ask_on_done, a)) {
		fail_over(a, e->id);
		return;
	}
	e->row.removed = node_now(a->node);
	e->row.removed_by = str_of(a->by);
	json_open(j, '{');
	json_key(j, "removed");
	json_open(j, '[');
	render_block(j, &e->row, &e->view);
	json_close(j, ']');
	if (e->is_never)
		make_never(a, e);
	add_rest(a, e);
	json_close(j, '}');
	ask_on_done(a, NULL);
}

static void
row_done(struct ask *a)
{
	struct entry *e = a->state;

	if (!has_row(a))
		return;
	if (!engine_block_get(node_engine(a->node), e->id, &e->row.block)) {
		fail_over(a, e->id);
		return;
	}
	if (e->is_never && prefix_is_wide(&e->row.block.prefix)) {
		ask_fail(a, PROBLEM_WIDE, NULL,
			"the entry is too wide to be never blocked without "
			"being asked for by itself");
		return;
	}
	e->span_s = engine_horizon_s(engine_settings(node_engine(a->node)));
	ask_search(a, count_read, remove_done);
}

void
block_delete(struct ask *a)
{
	struct entry *e = begin(a);
	struct str text;

	if (!e)
		return;
	if (http_query(a->request, "forgive", &text) &&
		!ask_flag(a, "forgive")) {
		ask_fail(a, PROBLEM_VALIDATION, NULL,
			"the end of a block forgives what led to it: forgive "
			"can only be true");
		return;
	}
	e->is_never = ask_flag(a, "never");
	if (e->is_never && !ask_may(a, SCOPE_NEVER_WRITE))
		return;
	ask_read(a, row_read, row_done);
}
