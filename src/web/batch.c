/* SPDX-License-Identifier: ISC */

/*
 * One change for many entries of the block list: each is told apart.
 */

#include <stdio.h>

#include "http/json_tree.h"
#include "store/list.h"
#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"
#include "web/search.h"

enum {
	IDS_MAX = 1000,	   /* numbers in one request */
	FOUND_MAX = 10000, /* entries that a search may mean */
	SLICES_MAX = 1000, /* turns that it may take */
};

struct batch;

/* Does one; false with a->failed or why in @why. */
typedef bool change_one(struct ask *a, const struct block *b, struct err *why);

struct batch {
	change_one *change;
	int64_t span_s;
	struct str note;
	bool has_note, is_dry;
	uint64_t *ids;
	size_t n;
	struct query terms; /* instead of numbers */
	struct store_list list;
	unsigned slices;
	bool has_failed, is_over;
	struct err err;
};

static bool
remove_one(struct ask *a, const struct block *b, struct err *why)
{
	(void)why;
	return node_unblock(a->node, b->id, str_of(a->by), ask_on_done, a);
}

static bool
extend_one(struct ask *a, const struct block *b, struct err *why)
{
	const struct batch *t = a->state;
	const struct node_extend what = { .id = b->id,
		.span_s = t->span_s,
		.note = t->note,
		.has_note = t->has_note };

	(void)why;
	return node_extend(a->node, &what, ask_on_done, a);
}

static bool
never_one(struct ask *a, const struct block *b, struct err *why)
{
	const struct batch *t = a->state;
	struct store_never entry;

	if (prefix_is_wide(&b->prefix)) {
		err_set(why, "it is too wide to be never blocked by a batch");
		return false;
	}
	if (never_find(a, &b->prefix, &entry)) {
		err_set(why, "it is in the never-block list already");
		return false;
	}
	node_never_add(a->node,
		&(struct node_never){ b->prefix, str_of(a->by), t->note },
		ask_on_done, a);
	return true;
}

static const struct {
	const char *name;
	change_one *change;
} changes[] = {
	{ "remove", remove_one },
	{ "extend", extend_one },
	{ "never", never_one },
};

/* --- doing it ------------------------------------------------------------------ */

static void
change_id(struct ask *a, uint64_t id)
{
	const struct batch *t = a->state;
	struct err why = { "it is not in force: it has ended, or never was" };
	struct json *j = &a->out;
	struct block b;
	bool is_done = engine_block_get(node_engine(a->node), id, &b) &&
		       b.until > node_now(a->node);

	if (is_done && !t->is_dry) {
		ask_hold(a);
		is_done = t->change(a, &b, &why);
		if (!is_done)
			a->pending--;
	}
	json_open(j, '{');
	json_member_int(j, "id", (int64_t)id);
	json_member_bool(j, "ok", is_done);
	if (!is_done)
		json_member_str(j, "detail", str_of(why.text));
	json_close(j, '}');
}

static void
change_all(struct ask *a)
{
	const struct batch *t = a->state;
	struct json *j = &a->out;

	a->status = 207;
	ask_hold(a); /* it may be stored before we are done here */
	json_open(j, '{');
	json_member_bool(j, "dry_run", t->is_dry);
	json_member_int(j, "n", (int64_t)t->n);
	json_key(j, "results");
	json_open(j, '[');
	for (size_t i = 0; i < t->n; i++)
		change_id(a, t->ids[i]);
	json_close(j, ']');
	json_close(j, '}');
	ask_on_done(a, NULL);
}

/* --- which are meant ----------------------------------------------------------- */

static int
on_block(void *ctx, const struct store_block *b)
{
	struct batch *t = ctx;

	if (t->n < FOUND_MAX)
		t->ids[t->n] = b->block.id;
	return ++t->n > FOUND_MAX;
}

static void
find_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct batch *t = a->state;
	int rc = store_list_blocks(store, &t->list, on_block, t, &t->err);

	(void)events;
	t->has_failed = rc < 0;
	t->is_over = rc || t->list.is_end;
}

static void
find_done(struct ask *a)
{
	struct batch *t = a->state;

	if (t->has_failed)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", t->err.text);
	else if (t->n > FOUND_MAX || ++t->slices > SLICES_MAX)
		ask_fail(a, PROBLEM_VALIDATION, "#/q",
			"more than %d entries match, or finding them takes "
			"too long; narrow the search",
			FOUND_MAX);
	else if (t->is_over)
		change_all(a);
	else
		ask_read(a, find_read, find_done);
}

static void
find_all(struct ask *a, struct str q)
{
	const union query_value active = { .number = QUERY_ACTIVE };
	struct batch *t = a->state;

	if (!search_parse(a, &block_fields, q, &t->terms) ||
		!search_add(a, &t->terms, QUERY_STATE, &active, 1))
		return;
	t->ids = arena_alloc(&a->arena, FOUND_MAX * sizeof(*t->ids));
	t->list.query = &t->terms;
	t->list.now = node_now(a->node);
	ask_read(a, find_read, find_done);
}

static bool
get_ids(struct ask *a, struct batch *t)
{
	const struct json_t *ids = json_tree_get(a->body, "ids"), *v;

	t->ids = arena_alloc(&a->arena, IDS_MAX * sizeof(*t->ids));
	while ((v = json_tree_at(ids, t->n)) && t->n < IDS_MAX) {
		int64_t id = json_tree_number(v);

		if (id < 1)
			break;
		t->ids[t->n++] = (uint64_t)id;
	}
	if (t->n && !v)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#/ids",
		"ids must be a list of 1 to %d numbers of entries; or q says "
		"which are meant",
		IDS_MAX);
	return false;
}

/* --- what is asked ------------------------------------------------------------- */

static bool
get_op(struct ask *a, struct batch *t)
{
	struct str op = { 0 };

	(void)json_in_str(a->body, "op", &op, NULL);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		if (str_eq(op, str_of(changes[i].name)))
			t->change = changes[i].change;
	}
	if (!t->change) {
		ask_fail(a, PROBLEM_VALIDATION, "#/op",
			"op must be remove, extend or never");
		return false;
	}
	return t->change != never_one || ask_may(a, SCOPE_NEVER_WRITE);
}

static bool
get_flag(struct ask *a, const char *name, bool *ret)
{
	char pointer[32];
	struct err err;

	if (json_in_bool(a->body, name, ret, &err) != JSON_IN_WRONG)
		return true;
	snprintf(pointer, sizeof(pointer), "#/%s", name);
	ask_fail(a, PROBLEM_VALIDATION, pointer, "%s", err.text);
	return false;
}

void
blocks_batch(struct ask *a)
{
	struct batch *t = arena_alloc(&a->arena, sizeof(*t));
	struct str q;

	a->state = t;
	t->has_note = json_tree_get(a->body, "note") != NULL;
	if (!get_op(a, t) || !note_get(a, &t->note) ||
		!span_get(a, &t->span_s) || !get_flag(a, "dry_run", &t->is_dry))
		return;
	if (json_in_str(a->body, "q", &q, NULL) == JSON_IN_FOUND)
		find_all(a, q);
	else if (get_ids(a, t))
		change_all(a);
}
