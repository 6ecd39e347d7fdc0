/* SPDX-License-Identifier: ISC */

/*
 * Holds docs/causes.md and docs/logs.md against the tables by which the
 * dialects decide, and the samples in them against the dialects.
 *
 *	causes_test why|logs FILE    exits 0 when FILE ends with the tables
 *	causes_test why|logs         prints them
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/def.h"
#include "core/event.h"
#include "dialect/cause.h"
#include "dialect/dialect.h"

#define DIALECT(name) extern const struct causes causes_##name;
#include "dialects.def"
#undef DIALECT

#define DIALECT(name) &causes_##name,
static const struct causes *const all[] = {
#include "dialects.def"
};
#undef DIALECT

enum {
	PAGE_MAX = 1 << 20
};

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
causes_add(struct buf *b, const struct causes *c)
{
	buf_printf(b, "\n## %s\n", c->dialect);
	for (unsigned k = 0; k < c->n; k++)
		table_add(b, &c->tables[k]);
}

/* A sample in a cell: its lines apart, and no bar that ends the cell. */
static void
sample_add(struct buf *b, const char *s)
{
	buf_add(b, S(" `"));
	for (; *s; s++)
		if (*s == '\n')
			buf_add(b, S("`<br>`"));
		else if (*s == '|')
			buf_add(b, S("\\|"));
		else
			buf_addc(b, *s);
	buf_add(b, S("` |\n"));
}

static void
samples_add(struct buf *b, const struct cause_table *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct cause *c = t->causes ? &t->causes[i]
						  : &t->refusals[i].cause;

		if (!c->sample)
			continue;
		buf_printf(b, "| %s |", kind_name(c));
		if (c->kind == CAUSE_NOTHING)
			buf_add(b, S(" |"));
		else
			buf_printf(b, " %u |", event_types[c->kind].weight);
		sample_add(b, c->sample);
	}
}

static const struct dialect *
dialect_named(const char *name)
{
	for (unsigned i = 0; i < dialects_n; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return NULL;
}

static void
logs_add(struct buf *b, const struct causes *c)
{
	buf_printf(b, "\n## %s\n\n%s.\n", c->dialect,
		dialect_named(c->dialect)->summary);
	if (c->setup)
		buf_printf(b, "\n%s\n", c->setup);
	buf_add(b, S("\n| event | points | the server writes |\n"
		     "|---|---|---|\n"));
	for (unsigned k = 0; k < c->n; k++)
		samples_add(b, &c->tables[k]);
}

static void
page_add(struct buf *b, bool is_logs)
{
	buf_add(b, str_of(marker));
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (is_logs)
			logs_add(b, all[i]);
		else
			causes_add(b, all[i]);
}

/* What the lines of a sample come to: a kind, CAUSE_NOTHING, or -2 where an
 * event has another address or the last line isn't known. */
static int
sample_read(const char *sample, const char *dialect)
{
	static const struct hash_key key = { 1, 2 };
	struct reader *r = reader_new(dialect, &(struct zone){ 0 }, &key);
	struct str rest = str_of(sample), line;
	enum reading reading = READING_NOTHING;
	int kind = CAUSE_NOTHING;
	struct events evs;
	struct addr client;

	addr_parse(S("203.0.113.7"), &client);
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		reading = reader_feed(r, line, 1795651200, &evs);
		for (unsigned i = 0; i < evs.n; i++)
			kind = addr_eq(&evs.list[i].addr, &client)
				       ? (int)evs.list[i].kind
				       : -2;
	}
	reader_free(r);
	return reading == READING_EVENT || reading == READING_NOTHING ? kind
								      : -2;
}

static int
samples_check(const struct causes *c, const struct cause_table *t)
{
	int bad = 0;

	for (unsigned i = 0; i < t->n; i++) {
		const struct cause *row = t->causes ? &t->causes[i]
						    : &t->refusals[i].cause;

		if (!row->sample)
			continue;
		if (sample_read(row->sample, c->dialect) == row->kind &&
			sample_read(row->sample, NULL) == row->kind)
			continue;
		printf("%s: this should be %s and isn't:\n%s\n", c->dialect,
			kind_name(row), row->sample);
		bad = 1;
	}
	return bad;
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
	got.n = fread(buf_room(&got, PAGE_MAX), 1, PAGE_MAX, f);
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

	if (argc < 2) {
		fputs("usage: causes_test why|logs [FILE]\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		for (unsigned k = 0; k < all[i]->n; k++)
			bad |= samples_check(all[i], &all[i]->tables[k]);
	page_add(&page, strcmp(argv[1], "logs") == 0);
	if (argc > 2)
		bad |= page_compare(argv[2], &page);
	else
		fputs(buf_text(&page), stdout);
	buf_free(&page);
	return bad;
}
