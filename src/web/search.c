/* SPDX-License-Identifier: ISC */

#include "web/search.h"

#include <string.h>

bool
search_parse(struct ask *a, const struct query_fields *fields, struct str text,
	struct query *ret)
{
	const struct query_input in = { text, fields, node_now(a->node) };
	struct query_error err;

	if (query_parse(&in, &a->arena, ret, &err) == 0)
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, "#/q", "column %u: %s", err.column,
		err.text);
	return false;
}

bool
search_get(struct ask *a, const struct query_fields *fields, struct query *ret)
{
	struct str text = { 0 };

	http_query(a->request, "q", &text);
	return search_parse(a, fields, text, ret);
}

bool
search_add(struct ask *a, struct query *q, enum query_subject subject,
	const union query_value *values, unsigned n)
{
	const struct query_fields *f = q->fields;
	struct query_term t = { .n = n };

	if (q->n == QUERY_TERMS_MAX) {
		ask_fail(a, PROBLEM_BAD_REQUEST, "#/q",
			"a search has at most %d terms, those of other "
			"parameters included",
			QUERY_TERMS_MAX);
		return false;
	}
	for (unsigned i = 0; i < f->n && !t.field; i++) {
		if (f->rows[i].subject == subject)
			t.field = &f->rows[i];
	}
	t.values = arena_alloc(&a->arena, n * sizeof(*values));
	memcpy(t.values, values, n * sizeof(*values));
	q->terms[q->n++] = t;
	return true;
}

bool
search_add_state(struct ask *a, struct query *q)
{
	static const char *const states[] = { [QUERY_ACTIVE] = "active",
		[QUERY_EXPIRED] = "expired",
		[QUERY_REMOVED] = "removed" };
	struct str state = S("active");
	bool is_given = http_query(a->request, "state", &state);

	/* "state:expired" means what it says without the parameter. */
	for (unsigned i = 0; !is_given && i < q->n; i++) {
		if (q->terms[i].field->subject == QUERY_STATE)
			return true;
	}
	if (str_eq(state, S("all")))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		union query_value v = { .number = (int64_t)i };

		if (str_eq(state, str_of(states[i])))
			return search_add(a, q, QUERY_STATE, &v, 1);
	}
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"state must be active, expired, removed or all");
	return false;
}
