/* SPDX-License-Identifier: ISC */

#include "web/search.h"

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
