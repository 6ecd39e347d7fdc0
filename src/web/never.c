/* SPDX-License-Identifier: ISC */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	NOTE_MAX = 500, /* bytes of a note */
};

static void
on_row(void *ctx, const struct store_never *row)
{
	render_never(ctx, row);
}

void
never_get(struct ask *a)
{
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	node_never_each(a->node, on_row, &a->out);
	json_close(&a->out, ']');
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

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

void
never_post(struct ask *a)
{
	struct prefix p;
	struct store_never entry;
	struct str note;
	char text[PREFIX_TEXT_MAX];

	if (!ask_prefix(a, &p) || !note_get(a, &note))
		return;
	if (never_find(a, &p, &entry) && prefix_eq(&entry.prefix, &p)) {
		ask_fail(a, PROBLEM_EXISTS, "#/address",
			"%s is in the never-block list already",
			prefix_format(&p, text));
		return;
	}
	a->status = 201;
	ask_hold(a); /* it may be stored before we are done here */
	ask_hold(a);
	unsigned lifted = node_never_add(a->node,
		&(struct node_never){ p, str_of(a->by), note }, ask_on_done, a);
	json_open(&a->out, '{');
	render_prefix(&a->out, "address", &p);
	json_member_str(&a->out, "by", str_of(a->by));
	if (note.n)
		json_member_str(&a->out, "note", note);
	json_member_int(&a->out, "lifted", lifted);
	json_close(&a->out, '}');
	ask_on_done(a, NULL);
}

void
never_delete(struct ask *a)
{
	struct prefix p;
	struct store_never entry;
	char text[PREFIX_TEXT_MAX], wider[PREFIX_TEXT_MAX];

	if (!ask_prefix(a, &p))
		return;
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
