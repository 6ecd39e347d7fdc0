/* SPDX-License-Identifier: ISC */

#include "cli/search.h"

static void
join(const struct cli *c, struct buf *b)
{
	for (unsigned i = 0; i < c->call.words; i++) {
		if (i)
			buf_addc(b, ' ');
		buf_add(b, str_of(c->call.word[i]));
	}
}

enum exit_code
search_check(struct cli *c, const struct query_fields *fields)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct arena arena = { 0 };
	struct query_error err;
	struct query q;

	join(c, &text);
	const struct query_input in = { buf_str(&text), fields, c->clock.now };
	int rc = query_parse(&in, &arena, &q, &err);
	arena_free(&arena);
	if (rc == 0)
		return EXIT_CODE_DONE;
	return cli_fail(
		c, EXIT_CODE_USAGE, "column %u: %s", err.column, err.text);
}

void
search_param(const struct cli *c, struct question *q)
{
	struct buf text CLEANUP(buf_free) = { 0 };

	join(c, &text);
	if (text.n)
		question_param(q, "q", buf_text(&text));
}
