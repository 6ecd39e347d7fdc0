/* SPDX-License-Identifier: ISC */

/*
 * Which settings were changed, and the way back.
 */

#include "http/json_tree.h"
#include "web/route.h"
#include "web/settings.h"

struct history {
	struct store_change_query query;
	int64_t limit;
	unsigned rows;
	bool has_more;
	struct err err;
	/* Of the change that is taken back. */
	bool is_found;
	struct str name, before;
};

static int
on_change(void *ctx, const struct store_change *c)
{
	struct ask *a = ctx;
	struct history *h = a->state;
	struct json *j = &a->out;

	if (h->rows == h->limit) {
		h->has_more = true;
		return 1;
	}
	h->rows++;
	h->query.before = c->id;
	json_open(j, '{');
	json_member_int(j, "id", (int64_t)c->id);
	json_member_time(j, "time", c->time);
	json_member_str(j, "name", c->name);
	json_member_str(j, "before", c->before);
	json_key(j, "after");
	if (c->after.n)
		json_str(j, c->after);
	else
		json_null(j); /* the default again */
	json_member_str(j, "by", c->by);
	json_close(j, '}');
	return 0;
}

static void
history_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct history *h = a->state;

	(void)events;
	(void)store_find_changes(store, &h->query, on_change, a, &h->err);
}

static void
history_done(struct ask *a)
{
	struct history *h = a->state;

	if (*h->err.text)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", h->err.text);
	else
		ask_page_end(a, h->has_more ? h->query.before : 0);
}

void
settings_history(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, 1000, 100 };
	static const struct ask_number cursor = { "cursor", 0, INT64_MAX, 0 };
	struct history *h = arena_alloc(&a->arena, sizeof(*h));
	struct str name;
	int64_t before;

	a->state = h;
	if (!ask_int(a, &limit, &h->limit) || !ask_int(a, &cursor, &before))
		return;
	if (http_query(a->request, "name", &name))
		h->query.name = arena_str(&a->arena, name);
	h->query.before = (uint64_t)before;
	h->query.limit = (unsigned)h->limit + 1;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, history_read, history_done);
}

/* --- back ------------------------------------------------------------------ */

static int
on_found(void *ctx, const struct store_change *c)
{
	struct ask *a = ctx;
	struct history *h = a->state;

	h->is_found = c->id == h->query.before - 1;
	h->name = arena_str(&a->arena, c->name);
	h->before = arena_str(&a->arena, c->before);
	return 1;
}

static void
rollback_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct history *h = a->state;

	(void)events;
	(void)store_find_changes(store, &h->query, on_found, a, &h->err);
}

static void
rollback_done(struct ask *a)
{
	const struct history *h = a->state;
	const struct field *f = settings_find(h->name);
	struct settings_wish *w = arena_alloc(&a->arena, sizeof(*w));
	struct err err;

	if (*h->err.text) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", h->err.text);
		return;
	}
	if (!h->is_found || !f) {
		ask_fail(a, PROBLEM_NOT_FOUND, "#/id",
			"no change %ju is in the history of the settings",
			(uintmax_t)h->query.before - 1);
		return;
	}
	w->trial = *engine_settings(node_engine(a->node));
	if (!str_eq(settings_value(a, &w->trial, f), h->before))
		w->pairs[w->n++] = (struct node_pair){ str_of(f->name),
			h->before };
	if (settings_set(&w->trial, h->name, h->before, &err))
		ask_fail(a, PROBLEM_VALIDATION, "#/id", "%s", err.text);
	else
		settings_apply(a, w);
}

void
settings_rollback(struct ask *a)
{
	const struct json_in_range range = { 1, INT64_MAX - 1 };
	struct history *h = arena_alloc(&a->arena, sizeof(*h));
	struct err err;
	int64_t id;

	a->state = h;
	if (json_in_int(a->body, "id", range, &id, &err) != JSON_IN_FOUND) {
		ask_fail(a, PROBLEM_VALIDATION, "#/id",
			"id must be the number of a change, as the history "
			"has it");
		return;
	}
	h->query.before = (uint64_t)id + 1;
	h->query.limit = 1;
	ask_read(a, rollback_read, rollback_done);
}
