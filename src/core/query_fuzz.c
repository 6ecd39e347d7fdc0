/* SPDX-License-Identifier: ISC */

/*
 * Fuzz target: whatever is typed is taken apart within its bounds, or the
 * column at fault lies in it.
 */

#include <stdlib.h>

#include "base/def.h"
#include "core/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const colors[] = { "red", "green", NULL };
static const struct query_field rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL, "" },
	{ "kind", QUERY_KIND, QUERY_IS_KIND, NULL, "" },
	{ "state", QUERY_STATE, QUERY_IS_CHOICE, colors, "" },
	{ "account", QUERY_ACCOUNT, QUERY_IS_NAME, NULL, "" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL, "" },
	{ "expires", QUERY_EXPIRES, QUERY_IS_END, NULL, "" },
	{ "score", QUERY_SCORE, QUERY_IS_NUMBER, NULL, "" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL, "" },
};

static void
must(bool is_right)
{
	if (!is_right)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct query_fields fields = { rows, ARRAY_LEN(rows) };
	const struct query_input in = { { (const char *)bytes, n }, &fields,
		1790000000 };
	struct query_error err = { 0 };
	struct arena arena = { 0 };
	struct query q;

	if (query_parse(&in, &arena, &q, &err)) {
		must(err.column >= 1 && err.column <= n + 1 && *err.text);
	} else {
		must(q.n <= QUERY_TERMS_MAX);
		for (unsigned i = 0; i < q.n; i++)
			must(q.terms[i].n >= 1 && q.terms[i].field &&
				q.terms[i].n <= QUERY_VALUES_MAX);
	}
	arena_free(&arena);
	return 0;
}
