/* SPDX-License-Identifier: ISC */

/*
 * How often each value of a field comes in a search of the event log.
 */

#include <stdlib.h>

#include "control/names.h"
#include "web/route.h"
#include "web/search.h"

enum {
	VALUES_MAX = 2000, /* that are told apart */
	SHOWN_MAX = 50,
};

struct value {
	struct str text;
	int64_t number;
	uint64_t n;
};

struct facets {
	struct ask *ask;
	struct query terms;
	struct store_facets q;
	struct value *values;
	size_t n;
	bool is_exact, has_failed;
	struct err err;
};

static int
on_facet(void *ctx, const struct store_facet *f)
{
	struct facets *s = ctx;
	struct value *v = s->values;

	for (size_t i = 0; i < s->n; i++, v++) {
		if (v->number == f->number && str_eq(v->text, f->text)) {
			v->n += f->n;
			return 0;
		}
	}
	if (s->n == VALUES_MAX) {
		s->is_exact = false;
		return 0;
	}
	s->values[s->n++] = (struct value){ arena_str(&s->ask->arena, f->text),
		f->number, f->n };
	return 0;
}

static void
facets_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct facets *s = a->state;
	int rc = store_count_facets(events, &s->q, on_facet, s, &s->err);

	(void)store;
	s->has_failed = rc < 0;
	s->is_exact &= rc == 0;
}

static int
by_count(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	return (y->n > x->n) - (y->n < x->n);
}

/* The value as a search takes it, and what people read. */
static void
add_value(struct json *j, const struct facets *s, const struct value *v)
{
	struct str value = v->text, label = v->text;
	bool is_kind = v->number < EVENT_KINDS && event_types[v->number].id;

	if (s->q.by == STORE_FACET_KIND && is_kind) {
		value = str_of(event_types[v->number].id);
		label = str_of(event_types[v->number].label);
	} else if (s->q.by == STORE_FACET_OUTCOME) {
		value = label = str_of(outcome_names[v->number & 7]);
	}
	json_open(j, '{');
	json_member_str(j, "value", value);
	json_member_str(j, "label", label);
	json_member_int(j, "count", (int64_t)v->n);
	json_close(j, '}');
}

static void
facets_done(struct ask *a)
{
	struct facets *s = a->state;
	struct json *j = &a->out;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
		return;
	}
	qsort(s->values, s->n, sizeof(*s->values), by_count);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < s->n && i < SHOWN_MAX; i++)
		add_value(j, s, &s->values[i]);
	json_close(j, ']');
	/* Otherwise only the newest events were counted. */
	json_member_bool(j, "exact", s->is_exact);
	json_close(j, '}');
	ask_reply(a, 200);
}

void
facets_get(struct ask *a)
{
	static const char *const names[STORE_FACETS] = {
		[STORE_FACET_KIND] = "kind",
		[STORE_FACET_SERVICE] = "service",
		[STORE_FACET_SOURCE] = "source",
		[STORE_FACET_ACCOUNT] = "account",
		[STORE_FACET_OUTCOME] = "outcome",
	};
	struct facets *s = arena_alloc(&a->arena, sizeof(*s));
	struct str field = S("kind");
	bool is_known = false;

	a->state = s;
	s->ask = a;
	s->is_exact = true;
	http_query(a->request, "field", &field);
	for (unsigned i = 0; i < STORE_FACETS; i++) {
		if (!str_eq(field, str_of(names[i])))
			continue;
		s->q.by = (enum store_facet_by)i;
		is_known = true;
	}
	if (!is_known) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"field must be kind, service, source, account or "
			"outcome");
		return;
	}
	if (!search_get(a, &event_fields, &s->terms))
		return;
	if (query_find(&s->terms, QUERY_BLOCK)) {
		ask_fail(a, PROBLEM_BAD_REQUEST, "#/q",
			"block is no field of a count");
		return;
	}
	s->q.query = &s->terms;
	s->values = arena_alloc(&a->arena, VALUES_MAX * sizeof(*s->values));
	ask_search(a, facets_read, facets_done);
}
