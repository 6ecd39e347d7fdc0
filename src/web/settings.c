/* SPDX-License-Identifier: ISC */

#include "web/settings.h"

#include <stdio.h>

#include "base/hash.h"
#include "control/suggest.h"
#include "http/json_tree.h"
#include "web/access.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SLICE = 5000, /* entries looked at in a turn of the loop: 1 ms */
};

static const char *const type_names[] = {
	[FIELD_INT] = "integer",
	[FIELD_SPAN] = "duration",
	[FIELD_CHOICE] = "choice",
	[FIELD_BOOL] = "boolean",
	[FIELD_TEXT] = "text",
};

struct str
settings_value(struct ask *a, const struct settings *s, const struct field *f)
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
	struct str value = settings_value(a, now, f);
	struct str standard = settings_value(a, initial, f);
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

/* A digest of all values: the same settings, the same text. */
static void
tag_of(const struct settings *s, char ret[static 24])
{
	static const struct hash_key key = { 0, 0 };
	struct buf b CLEANUP(buf_free) = { 0 };
	size_t n;
	const struct field *fields = settings_fields(&n);

	for (size_t i = 0; i < n; i++) {
		settings_add(&b, s, &fields[i]);
		buf_addc(&b, '\n');
	}
	snprintf(ret, 24, "\"%016jx\"",
		(uintmax_t)hash_bytes(&key, buf_str(&b)));
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
	tag_of(engine_settings(node_engine(a->node)), a->etag);
	ask_reply(a, 200);
}

/* The wished values, each tried on a copy, so that the one at fault can
 * be named. */
struct wish {
	struct ask *ask;
	struct settings_wish to;
	struct settings initial;
	struct engine_impact impact; /* of a dry run */
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
	return settings_set(&w->to.trial, str_of(f->name), S(""), &w->err);
}

static int
on_pair(void *ctx, struct str name, const struct json_t *value)
{
	struct wish *w = ctx;
	struct buf b CLEANUP(buf_free) = { 0 };
	const struct field *f = settings_find(name);

	if (str_eq(name, S("note")))
		return 0; /* for the audit log */
	snprintf(w->pointer, sizeof(w->pointer), "#/%s", f ? f->name : "");
	if (!f)
		return fail_name(w, name);
	if (w->to.n == SETTINGS_PAIRS)
		return err_set(&w->err, "more than %d settings at once",
			SETTINGS_PAIRS);
	if (!json_tree_add(&b, value))
		return err_set(&w->err,
			"%s must be a text, a whole number, "
			"true, false, or null for the default",
			f->name);
	struct str text;
	if (json_in_text(value, &text) && text.n == 0)
		return fail_empty(w, f);
	struct str wanted = b.n ? buf_str(&b)
				: settings_value(w->ask, &w->initial, f);
	if (settings_set(&w->to.trial, name, wanted, &w->err))
		return -1;
	w->to.pairs[w->to.n++] = (struct node_pair){ str_of(f->name),
		arena_str(&w->ask->arena, buf_str(&b)) };
	return 0;
}

static void
add_changes(struct ask *a, const struct settings_wish *w, bool is_dry)
{
	const struct settings *now = engine_settings(node_engine(a->node));
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_bool(j, "dry_run", is_dry);
	json_key(j, "changed");
	json_open(j, '[');
	for (unsigned i = 0; i < w->n; i++) {
		const struct field *f = settings_find(w->pairs[i].name);

		json_open(j, '{');
		json_member_str(j, "name", w->pairs[i].name);
		json_member_str(j, "before", settings_value(a, now, f));
		json_member_str(j, "after", settings_value(a, &w->trial, f));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool
wish_read(struct ask *a, struct wish *w)
{
	w->ask = a;
	w->to.trial = *engine_settings(node_engine(a->node));
	w->initial = settings_default();
	if (json_in_each(a->body, on_pair, w) == 0)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, w->pointer, "%s", w->err.text);
	return false;
}

/* Somebody else was quicker: what stands now where something is wished. */
static void
fail_old(struct ask *a, const struct settings_wish *w)
{
	const struct settings *now = engine_settings(node_engine(a->node));
	struct buf b CLEANUP(buf_free) = { 0 };

	for (unsigned i = 0; i < w->n; i++) {
		struct str name = w->pairs[i].name;

		buf_add(&b, i ? S(", ") : S(" Now: "));
		buf_add(&b, name);
		buf_add(&b, S(" = "));
		buf_add(&b, settings_value(a, now, settings_find(name)));
	}
	a->hint = "GET /settings has all values and the ETag of now.";
	ask_fail(a, PROBLEM_OLD, NULL, "the settings were changed meanwhile.%s",
		buf_text(&b));
}

bool
settings_is_fresh(struct ask *a, const struct settings_wish *w)
{
	char tag[24];
	struct str told;

	if (!http_head(a->request, "If-Match", &told)) {
		if (a->via != VIA_WEB)
			return true;
		ask_fail(a, PROBLEM_UNSEEN, NULL,
			"If-Match is missing; expected the ETag of GET "
			"/settings");
		return false;
	}
	tag_of(engine_settings(node_engine(a->node)), tag);
	if (str_eq(told, str_of(tag)))
		return true;
	fail_old(a, w);
	return false;
}

static struct str
values_of(
	struct ask *a, const struct settings_wish *w, const struct settings *s)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &b };

	json_open(&j, '{');
	for (unsigned i = 0; i < w->n; i++) {
		const struct field *f = settings_find(w->pairs[i].name);

		json_member_str(&j, f->name, settings_value(a, s, f));
	}
	json_close(&j, '}');
	return arena_str(&a->arena, buf_str(&b));
}

/* With what it was and what it is. */
static void
audit(struct ask *a, const struct settings_wish *w)
{
	const struct settings *now = engine_settings(node_engine(a->node));
	struct buf names CLEANUP(buf_free) = { 0 };

	for (unsigned i = 0; i < w->n; i++) {
		if (i)
			buf_addc(&names, ' ');
		buf_add(&names, w->pairs[i].name);
	}
	access_audit(a, buf_str(&names), values_of(a, w, now),
		values_of(a, w, &w->trial));
}

void
settings_apply(struct ask *a, const struct settings_wish *w)
{
	struct err err;

	add_changes(a, w, false); /* before they are made */
	json_close(&a->out, '}');
	if (w->n == 0) {
		ask_reply(a, 200);
		return;
	}
	audit(a, w);
	tag_of(&w->trial, a->etag);
	ask_hold(a);
	if (node_set(a->node,
		    &(struct node_change){ w->pairs, w->n, str_of(a->by) },
		    &err, ask_on_done, a))
		ask_fail(a, PROBLEM_VALIDATION, "#", "%s", err.text);
}

/* --- what would it mean? -------------------------------------------------- */

static void
add_impact(struct json *j, const struct engine_impact *i)
{
	json_key(j, "impact");
	json_open(j, '{');
	json_member_int(j, "looked", (int64_t)i->looked);
	json_member_int(j, "over", (int64_t)i->over);
	json_member_int(j, "over_by", (int64_t)i->over_by);
	json_member_int(j, "would_block", (int64_t)i->more);
	json_member_int(j, "no_longer", (int64_t)i->fewer);
	json_key(j, "examples");
	json_open(j, '[');
	for (unsigned k = 0; k < i->rows_n; k++) {
		char text[PREFIX_TEXT_MAX];

		json_str(j, str_of(prefix_format(&i->rows[k], text)));
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void
try_some(struct ask *a)
{
	struct wish *w = a->state;

	if (engine_impact(node_engine(a->node), &w->impact, SLICE)) {
		ask_pause(a, try_some);
		return;
	}
	add_changes(a, &w->to, true);
	add_impact(&a->out, &w->impact);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
settings_patch(struct ask *a)
{
	struct wish *w = arena_alloc(&a->arena, sizeof(*w));

	a->state = w;
	if (!wish_read(a, w) || !settings_is_fresh(a, &w->to))
		return;
	if (!ask_flag(a, "dry_run")) {
		settings_apply(a, &w->to);
		return;
	}
	w->impact.now = node_now(a->node);
	w->impact.trial = &w->to.trial;
	try_some(a);
}
