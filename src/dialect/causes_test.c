/* SPDX-License-Identifier: ISC */

/*
 * Holds docs/causes.md against the tables by which the dialects decide.
 *
 *	causes_test FILE    exits 0 when FILE ends with the tables
 *	causes_test         prints them
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/def.h"
#include "core/event.h"
#include "dialect/cause.h"

#define DIALECT(name) extern const struct causes causes_##name;
#include "dialects.def"
#undef DIALECT

#define DIALECT(name) &causes_##name,
static const struct causes *const all[] = {
#include "dialects.def"
};
#undef DIALECT

static const char marker[] = "<!-- made by causes_test -->\n";

static const char *
kind_name(const struct cause *c)
{
	return c->kind == CAUSE_NOTHING ? "nothing" : event_types[c->kind].id;
}

static void
table_add(struct buf *b, const struct cause_table *t)
{
	buf_printf(b, "\n### %s\n\n", t->title);
	buf_add(b, t->causes
			   ? S("| the line says | becomes | because |\n"
			       "|---|---|---|\n")
			   : S("| reply | enhanced | text | becomes | because "
			       "|\n|---|---|---|---|---|\n"));
	for (unsigned i = 0; i < t->n; i++) {
		const struct refusal_cause *r = t->refusals;
		const struct cause *c = t->causes ? &t->causes[i] : &r[i].cause;

		if (r)
			buf_printf(b, "| %s | %s ", r[i].reply, r[i].dsn);
		buf_printf(b, "| %s | %s | %s |\n", c->words, kind_name(c),
			c->why);
	}
}

static void
page_add(struct buf *b)
{
	buf_add(b, str_of(marker));
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		buf_printf(b, "\n## %s\n", all[i]->dialect);
		for (unsigned k = 0; k < all[i]->n; k++)
			table_add(b, &all[i]->tables[k]);
	}
}

static int
page_compare(const char *path, struct buf *want)
{
	struct buf got = { 0 };
	FILE *f = fopen(path, "r");
	int bad;

	if (!f) {
		perror(path);
		return 1;
	}
	got.n = fread(buf_room(&got, 1 << 18), 1, 1 << 18, f);
	fclose(f);
	bad = !str_ends(buf_str(&got), buf_str(want));
	if (bad)
		printf("%s isn't what the code decides by; replace its end, "
		       "from the marker on, with:\n\n%s",
			path, buf_text(want));
	buf_free(&got);
	return bad;
}

int
main(int argc, char **argv)
{
	struct buf page = { 0 };
	int bad = 0;

	page_add(&page);
	if (argc > 1)
		bad = page_compare(argv[1], &page);
	else
		fputs(buf_text(&page), stdout);
	buf_free(&page);
	return bad;
}
