/* SPDX-License-Identifier: ISC */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	LIFTED_MAX = 100, /* rows that are shown */
};

/* The narrowest entry that covers a prefix, and whether it is the same. */
struct search {
	const struct prefix *prefix;
	struct store_never *best;
	bool is_found;
};

static void
on_search(void *ctx, const struct store_never *row)
{
	struct search *s = ctx;

	if (!prefix_covers(&row->prefix, s->prefix))
		return;
	if (s->is_found && s->best->prefix.len >= row->prefix.len)
		return;
	*s->best = *row;
	s->is_found = true;
}

bool
never_find(struct ask *a, const struct prefix *p, struct store_never *ret)
{
	struct search s = { .prefix = p, .best = ret };

	node_never_each(a->node, on_search, &s);
	/* The engine knows some that are in no list. */
	if (!s.is_found && p->len == ADDR_BITS &&
		node_check(a->node, &p->addr).is_never) {
		*ret = (struct store_never){ .prefix = *p };
		return true;
	}
	if (s.is_found) {
		ret->by = arena_str(&a->arena, ret->by);
		ret->note = arena_str(&a->arena, ret->note);
	}
	return s.is_found;
}

void
never_check(struct ask *a)
{
	struct prefix p;
	struct store_never entry;

	if (!ask_prefix(a, &p))
		return;
	bool is_covered = never_find(a, &p, &entry);
	json_open(&a->out, '{');
	render_prefix(&a->out, "address", &p);
	json_member_bool(&a->out, "covered", is_covered);
	if (is_covered) {
		json_key(&a->out, "entry");
		render_never(&a->out, &entry);
	}
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

bool
note_get(struct ask *a, struct str *ret)
{
	struct err err;

	*ret = (struct str){ 0 };
	if (json_in_str(a->body, "note", ret, &err) == JSON_IN_WRONG) {
		ask_fail(a, PROBLEM_VALIDATION, "#/note", "%s", err.text);
		return false;
	}
	if (ret->n <= NOTE_MAX)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#/note",
		"the note has %zu bytes; at most %d are kept", ret->n,
		NOTE_MAX);
	return false;
}

/* Live entries that lie inside: what it lifts. */
struct lifting {
	const struct prefix *prefix;
	struct render_view view;
	uint64_t n;
};

static void
add_lifted(struct ask *a, struct lifting *l)
{
	const struct engine *e = node_engine(a->node);
	struct store_block row = { .removed = l->view.now,
		.removed_by = str_of(a->by) };

	json_key(&a->out, "lifted");
	json_open(&a->out, '[');
	while (engine_block_next(e, row.block.id, &row.block)) {
		if (row.block.until <= l->view.now ||
			!prefix_covers(l->prefix, &row.block.prefix))
			continue;
		if (l->n++ < LIFTED_MAX)
			render_block(&a->out, &row, &l->view);
	}
	json_close(&a->out, ']');
	json_member_int(&a->out, "lifted_n", (int64_t)l->n);
}

/* Is it new, and meant? */
static bool
is_sensible(struct ask *a, const struct prefix *p)
{
	struct store_never entry;
	char text[PREFIX_TEXT_MAX];
	bool is_forced = false;
	struct err err;

	if (json_in_bool(a->body, "force", &is_forced, &err) == JSON_IN_WRONG) {
		ask_fail(a, PROBLEM_VALIDATION, "#/force", "%s", err.text);
		return false;
	}
	prefix_format(p, text);
	if (never_find(a, p, &entry) && prefix_eq(&entry.prefix, p)) {
		ask_fail(a, PROBLEM_EXISTS, "#/address",
			"%s is in the never-block list already", text);
		return false;
	}
	if (is_forced || !prefix_is_wide(p))
		return true;
	a->hint = "With force=true it is done anyway.";
	ask_fail(a, PROBLEM_WIDE, "#/address",
		"%s is so wide that much of the internet would never be "
		"blocked",
		text);
	return false;
}

void
never_post(struct ask *a)
{
	struct lifting l = { .view = render_view_of(
				     node_engine(a->node), node_now(a->node)) };
	struct prefix p;
	struct str note;

	if (!ask_prefix(a, &p) || !note_get(a, &note) || !is_sensible(a, &p))
		return;
	a->status = 201;
	ask_hold(a); /* it may be stored before we are done here */
	ask_hold(a);
	l.prefix = &p;
	json_open(&a->out, '{');
	render_prefix(&a->out, "address", &p);
	json_member_str(&a->out, "by", str_of(a->by));
	if (note.n)
		json_member_str(&a->out, "note", note);
	add_lifted(a, &l);
	node_never_add(a->node, &(struct node_never){ p, str_of(a->by), note },
		ask_on_done, a);
	json_close(&a->out, '}');
	ask_on_done(a, NULL);
}

static void
remove_entry(struct ask *a, struct prefix p)
{
	struct store_never entry;
	char text[PREFIX_TEXT_MAX], wider[PREFIX_TEXT_MAX];

	ask_hold(a);
	ask_hold(a);
	bool is_removed = node_never_remove(a->node, &p, ask_on_done, a);
	bool is_covered = never_find(a, &p, &entry);
	json_open(&a->out, '{');
	render_prefix(&a->out, "removed", &p);
	if (is_covered) {
		json_key(&a->out, "still_covered");
		render_never(&a->out, &entry);
	}
	json_close(&a->out, '}');
	if (is_removed) {
		ask_on_done(a, NULL);
		return;
	}
	if (is_covered && entry.id == 0) {
		ask_fail(a, PROBLEM_NOT_FOUND, "#/address",
			"%s is always in force: it can't be removed",
			prefix_format(&entry.prefix, wider));
		return;
	}
	ask_fail(a, PROBLEM_NOT_FOUND, "#/address",
		"%s is no entry of the never-block list%s%s",
		prefix_format(&p, text), is_covered ? "; it lies in " : "",
		is_covered ? prefix_format(&entry.prefix, wider) : "");
}

void
never_delete(struct ask *a)
{
	struct prefix p;

	if (ask_prefix(a, &p))
		remove_entry(a, p);
}

/* --- by number -------------------------------------------------------------- */

struct wanted {
	struct ask *a;
	uint64_t id;
	struct store_never row;
	bool is_found;
};

static void
on_wanted(void *ctx, const struct store_never *row)
{
	struct wanted *w = ctx;

	if (row->id != w->id)
		return;
	w->row = *row;
	w->row.by = arena_str(&w->a->arena, row->by);
	w->row.note = arena_str(&w->a->arena, row->note);
	w->is_found = true;
}

static bool
get_wanted(struct ask *a, struct wanted *w)
{
	*w = (struct wanted){ .a = a };
	if (!ask_id(a, &w->id))
		return false;
	node_never_each(a->node, on_wanted, w);
	if (!w->is_found)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no entry %ju in the never-block list",
			(uintmax_t)w->id);
	return w->is_found;
}

void
never_patch(struct ask *a)
{
	struct wanted w;
	struct str note;

	if (!note_get(a, &note) || !get_wanted(a, &w))
		return;
	w.row.note = note;
	ask_hold(a);
	ask_hold(a);
	node_never_note(a->node, &w.row, ask_on_done, a);
	render_never(&a->out, &w.row);
	ask_on_done(a, NULL);
}

void
never_delete_one(struct ask *a)
{
	struct wanted w;

	if (get_wanted(a, &w))
		remove_entry(a, w.row.prefix);
}
