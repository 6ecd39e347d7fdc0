/* SPDX-License-Identifier: ISC */

#include <stdio.h>

#include "control/suggest.h"
#include "http/json_tree.h"
#include "web/render.h"
#include "web/route.h"

enum {
	PAIRS_MAX = 64,
};

static const char *const type_names[] = {
	[FIELD_INT] = "integer",
	[FIELD_SPAN] = "duration",
	[FIELD_CHOICE] = "choice",
	[FIELD_BOOL] = "boolean",
	[FIELD_TEXT] = "text",
};

static struct str
value_of(struct ask *a, const struct settings *s, const struct field *f)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	settings_add(&b, s, f);
	return arena_str(&a->arena, buf_str(&b));
}

static void
add_choices(struct json *j, const struct field *f)
{
	json_key(j, "choices");
	json_open(j, '[');
	for (unsigned i = 0; f->choices[i]; i++)
		json_str(j, str_of(f->choices[i]));
	json_close(j, ']');
}

static void
add_field(struct ask *a, const struct field *f, const struct settings *initial)
{
	const struct settings *now = engine_settings(node_engine(a->node));
	struct str value = value_of(a, now, f);
	struct str standard = value_of(a, initial, f);
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_str(j, "name", str_of(f->name));
	json_member_str(j, "value", value);
	json_member_str(j, "default", standard);
	json_member_bool(j, "changed", !str_eq(value, standard));
	json_member_str(j, "type", str_of(type_names[f->type]));
	if (f->type == FIELD_INT || f->type == FIELD_SPAN) {
		json_member_int(j, "min", f->min);
		json_member_int(j, "max", f->max);
	}
	if (f->choices)
		add_choices(j, f);
	json_member_str(j, "summary", str_of(f->summary));
	json_close(j, '}');
}

void
settings_get(struct ask *a)
{
	struct settings initial = settings_default();
	size_t n;
	const struct field *fields = settings_fields(&n);

	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	for (size_t i = 0; i < n; i++)
		add_field(a, &fields[i], &initial);
	json_close(&a->out, ']');
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

/* The wished values, each tried on a copy, so that the one at fault can
 * be named. */
struct wish {
	struct ask *ask;
	struct settings trial, initial;
	struct node_pair pairs[PAIRS_MAX];
	unsigned n;
	bool is_dry; /* say what would change, change nothing */
	char pointer[80];
	struct err err;
};

static int
fail_name(struct wish *w, struct str name)
{
	struct suggestion s = { 0 };
	struct buf b CLEANUP(buf_free) = { 0 };
	size_t n;
	const struct field *fields = settings_fields(&n);

	for (size_t i = 0; i < n; i++)
		suggest(&s, name, str_of(fields[i].name));
	json_quote(&b, name);
	if (s.name.n)
		return err_set(&w->err,
			"unknown setting %s: did you mean \"%.*s\"?",
			buf_text(&b), (int)s.name.n, s.name.p);
	return err_set(&w->err,
		"unknown setting %s: \"brattice settings\" "
		"lists them",
		buf_text(&b));
}

/* An empty text is no value, and no way back to the default either. */
static int
fail_empty(struct wish *w, const struct field *f)
{
	struct buf hint CLEANUP(buf_free) = { 0 };

	buf_printf(&hint,
		"To go back to the default: brattice settings reset %s",
		f->name);
	w->ask->hint = arena_str(&w->ask->arena, buf_str(&hint)).p;
	return settings_set(&w->trial, str_of(f->name), S(""), &w->err);
}

static int
on_pair(void *ctx, struct str name, const struct json_t *value)
{
	struct wish *w = ctx;
	struct buf b CLEANUP(buf_free) = { 0 };
	const struct field *f = settings_find(name);

	snprintf(w->pointer, sizeof(w->pointer), "#/%s", f ? f->name : "");
	if (!f)
		return fail_name(w, name);
	if (w->n == PAIRS_MAX)
		return err_set(
			&w->err, "more than %d settings at once", PAIRS_MAX);
	if (!json_tree_add(&b, value))
		return err_set(&w->err,
			"%s must be a text, a whole number, "
			"true, false, or null for the default",
			f->name);
	struct str text;
	if (json_in_text(value, &text) && text.n == 0)
		return fail_empty(w, f);
	struct str wanted = b.n ? buf_str(&b)
				: value_of(w->ask, &w->initial, f);
	if (settings_set(&w->trial, name, wanted, &w->err))
		return -1;
	w->pairs[w->n++] = (struct node_pair){ str_of(f->name),
		arena_str(&w->ask->arena, buf_str(&b)) };
	return 0;
}

static void
add_changes(struct ask *a, const struct wish *w)
{
	const struct settings *now = engine_settings(node_engine(a->node));
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_bool(j, "dry_run", w->is_dry);
	json_key(j, "changed");
	json_open(j, '[');
	for (unsigned i = 0; i < w->n; i++) {
		const struct field *f = settings_find(w->pairs[i].name);

		json_open(j, '{');
		json_member_str(j, "name", w->pairs[i].name);
		json_member_str(j, "before", value_of(a, now, f));
		json_member_str(j, "after", value_of(a, &w->trial, f));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static bool
wish_read(struct ask *a, struct wish *w)
{
	w->ask = a;
	w->trial = *engine_settings(node_engine(a->node));
	w->initial = settings_default();
	w->is_dry = ask_flag(a, "dry_run");
	if (json_in_each(a->body, on_pair, w) == 0)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, w->pointer, "%s", w->err.text);
	return false;
}

void
settings_patch(struct ask *a)
{
	struct wish *w = arena_alloc(&a->arena, sizeof(*w));
	struct err err;

	if (!wish_read(a, w))
		return;
	add_changes(a, w); /* before they are made */
	if (w->is_dry || w->n == 0) {
		ask_reply(a, 200);
		return;
	}
	ask_hold(a);
	if (node_set(a->node,
		    &(struct node_change){ w->pairs, w->n, str_of(a->by) },
		    &err, ask_on_done, a))
		ask_fail(a, PROBLEM_VALIDATION, "#", "%s", err.text);
}

struct history {
	int64_t limit;
	bool has_failed;
	struct err err;
};

static int
on_change(void *ctx, const struct store_change *c)
{
	struct json *j = ctx;

	json_open(j, '{');
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
	h->has_failed = store_find_changes(store, (unsigned)h->limit, on_change,
				&a->out, &h->err) < 0;
}

static void
history_done(struct ask *a)
{
	struct history *h = a->state;

	if (h->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", h->err.text);
		return;
	}
	json_close(&a->out, ']');
	json_key(&a->out, "next");
	json_null(&a->out);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
settings_history(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, 1000, 100 };
	struct history *h = arena_alloc(&a->arena, sizeof(*h));

	a->state = h;
	if (!ask_int(a, &limit, &h->limit))
		return;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, history_read, history_done);
}
