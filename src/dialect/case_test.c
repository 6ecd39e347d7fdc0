/* SPDX-License-Identifier: ISC */

/*
 * Runs a dialect over its case files.  A case is log lines, a line "==",
 * and what they must come to, a line each:
 *
 *	2: bad_recipient 10.77.0.2 account=x@example.test service=smtp
 *	3: NOTHING
 *
 * Fields that are empty aren't shown; count, span and "summary" only where
 * they say something.  Lines that aren't mentioned must be NOTHING.
 * Lines of input that begin with '#' say what is tried.
 *
 * With -p a file is log lines alone, and what they come to is printed.
 */

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dialect/dialect.h"

static const char *const readings[] = { "EVENT", "NOTHING", "UNKNOWN",
	"AMBIGUOUS", "FOREIGN" };

enum {
	ARRIVAL = 1795651200
}; /* 2026-11-26, after every case */

static void
field_add(struct buf *b, const char *name, struct str s)
{
	if (!s.n)
		return;
	buf_printf(b, " %s=", name);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			buf_printf(b, "\\x%02x", (unsigned char)s.p[i]);
		else
			buf_addc(b, s.p[i]);
}

static void
event_add(struct buf *b, const struct event *ev)
{
	buf_printf(b, "%s ", event_types[ev->kind].id);
	addr_add(b, &ev->addr);
	field_add(b, "account", ev->account);
	field_add(b, "service", ev->service);
	field_add(b, "session", ev->session);
	field_add(b, "helo", ev->helo);
	if (ev->is_summary)
		buf_printf(
			b, " summary count=%u span=%u", ev->count, ev->span_s);
	buf_addc(b, '\n');
}

/* What the lines of @in come to, the way a case file says it. */
static void
lines_read(struct reader *r, struct str in, struct buf *b)
{
	struct str line;
	struct events evs;

	for (unsigned n = 1; in.n; n++) {
		enum reading reading;

		str_cut(in, '\n', &line, &in);
		if (str_starts(line, S("#")))
			continue;
		reading = reader_feed(r, line, ARRIVAL, &evs);
		for (unsigned i = 0; i < evs.n; i++) {
			buf_printf(b, "%u: ", n);
			event_add(b, &evs.list[i]);
		}
		if (!evs.n && reading != READING_NOTHING)
			buf_printf(b, "%u: %s\n", n, readings[reading]);
	}
}

static struct buf
file_read(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f) {
		perror(path);
		exit(2);
	}
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0)
		b.n += n;
	fclose(f);
	return b;
}

/* Splits a case file at its line "==". */
static bool
case_split(struct str file, struct str *ret_in, struct str *ret_want)
{
	ptrdiff_t at = str_find(file, S("\n==\n"));

	if (at < 0)
		return false;
	*ret_in = (struct str){ file.p, (size_t)at + 1 };
	*ret_want = str_from(file, (size_t)at + 4);
	return true;
}

static int
case_run(const char *dialect, const char *path, bool is_print)
{
	static const struct hash_key key = { 1, 2 };
	struct zone utc = { 0 };
	struct reader *r = reader_new(dialect, &utc, &key);
	struct buf file = file_read(path);
	struct str in = buf_str(&file), want = { 0 };
	struct buf got = { 0 };
	int bad = 0;

	if (!r || (!is_print && !case_split(in, &in, &want))) {
		fprintf(stderr, "%s: no case of a dialect\n", path);
		return 1;
	}
	lines_read(r, in, &got);
	if (is_print) {
		fputs(buf_text(&got), stdout);
	} else {
		bad = !str_eq(buf_str(&got), want);
		printf("%s %s\n", bad ? "NOT OK" : "ok", path);
		if (bad)
			printf("--- got\n%s--- want\n%.*s", buf_text(&got),
				(int)want.n, want.p);
	}
	buf_free(&got);
	reader_free(r);
	buf_free(&file);
	return bad;
}

/* All *.case of a folder. */
static int
folder_run(const char *dialect, const char *folder)
{
	char pattern[4096];
	glob_t found;
	int bad = 0;

	snprintf(pattern, sizeof(pattern), "%s/*.case", folder);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "%s: no cases\n", folder);
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		bad |= case_run(dialect, found.gl_pathv[i], false);
	globfree(&found);
	return bad;
}

int
main(int argc, char **argv)
{
	if (argc == 3)
		return folder_run(argv[1], argv[2]);
	if (argc == 4 && strcmp(argv[2], "-p") == 0)
		return case_run(argv[1], argv[3], true);
	fputs("usage: case_test DIALECT FOLDER | DIALECT -p FILE\n", stderr);
	return 2;
}
