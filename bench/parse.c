/* SPDX-License-Identifier: ISC */

/*
 * parse - log lines to events to JSON, beside counting newlines
 *
 *	parse FILE [ROUNDS]
 *
 * Reads FILE into memory, then, ROUNDS times, counts its newlines, feeds
 * its lines to a reader, and feeds them again with each event written as
 * JSON.  Prints the medians in nanoseconds of CPU time a line, lines per
 * CPU-second, and the ratio to counting newlines.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "dialect/dialect.h"
#include "median.h"

enum {
	ROUNDS_MAX = 99
};

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct str
file_read(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f) {
		perror(path);
		exit(1);
	}
	while ((n = fread(buf_room(&b, 1 << 20), 1, 1 << 20, f)) > 0)
		b.n += n;
	fclose(f);
	return buf_str(&b);
}

static uint64_t
newlines_count(struct str s)
{
	uint64_t n = 0;
	const char *p = s.p, *end = s.p + s.n;

	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

/* As `brattice parse` prints it. */
static void
event_write(struct json *j, uint64_t line, const struct event *ev)
{
	json_open(j, '{');
	json_key(j, "line");
	json_int(j, (int64_t)line);
	json_key(j, "event");
	json_int(j, ev->kind);
	json_key(j, "kind");
	json_str(j, str_of(event_types[ev->kind].id));
	json_key(j, "address");
	buf_addc(j->b, '"');
	addr_add(j->b, &ev->addr);
	buf_addc(j->b, '"');
	json_key(j, "account");
	json_str(j, ev->account);
	json_key(j, "service");
	json_str(j, ev->service);
	json_key(j, "time");
	json_time(j, ev->time);
	json_key(j, "detail");
	json_str(j, ev->detail);
	json_close(j, '}');
	buf_addc(j->b, '\n');
}

/* @out: where events go as JSON, or NULL.  Returns lines with events. */
static uint64_t
lines_read(struct str s, int64_t arrival, FILE *out)
{
	static const struct hash_key key = { 5, 6 };
	struct zone utc = { 0 };
	struct reader *r = reader_new(NULL, &utc, &key);
	struct buf b = { 0 };
	struct json j = { .b = &b };
	struct events evs;
	struct reader_stats st;
	const char *p = s.p, *end = s.p + s.n, *nl;

	for (uint64_t n = 1; (nl = memchr(p, '\n', (size_t)(end - p)));
		n++, p = nl + 1) {
		reader_feed(
			r, (struct str){ p, (size_t)(nl - p) }, arrival, &evs);
		for (unsigned i = 0; out && i < evs.n; i++)
			event_write(&j, n, &evs.list[i]);
		if (b.n > 1 << 16) {
			fwrite(b.p, 1, b.n, out);
			b.n = 0;
		}
	}
	reader_stats(r, &st);
	buf_free(&b);
	reader_free(r);
	return st.readings[READING_EVENT];
}

int
main(int argc, char **argv)
{
	double count[ROUNDS_MAX], feed[ROUNDS_MAX], json[ROUNDS_MAX], t;
	unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 5;
	FILE *out = fopen("/dev/null", "w");
	int64_t now = time(NULL);
	uint64_t lines = 0, told = 0;
	struct str s;

	if (argc < 2 || !out || rounds < 1 || rounds > ROUNDS_MAX) {
		fputs("usage: parse FILE [ROUNDS]\n", stderr);
		return 2;
	}
	s = file_read(argv[1]);
	for (unsigned i = 0; i < rounds; i++) {
		t = cpu_ns();
		lines = newlines_count(s);
		count[i] = cpu_ns() - t;
		t = cpu_ns();
		told = lines_read(s, now, NULL);
		feed[i] = cpu_ns() - t;
		t = cpu_ns();
		lines_read(s, now, out);
		json[i] = cpu_ns() - t;
	}
	if (!lines) {
		fputs("no lines\n", stderr);
		return 1;
	}
	double n = (double)lines, c = median_of(count, rounds),
	       f = median_of(feed, rounds), j = median_of(json, rounds);
	printf("lines %llu, %.0f bytes each, %.1f %% with events\n",
		(unsigned long long)lines, (double)s.n / n,
		100 * (double)told / n);
	printf("newlines     %7.1f ns/line\n", c / n);
	printf("reader_feed  %7.1f ns/line  %6.2f M lines/s  %5.1f x\n", f / n,
		n / f * 1e3, f / c);
	printf("with JSON    %7.1f ns/line  %6.2f M lines/s  %5.1f x\n", j / n,
		n / j * 1e3, j / c);
	fclose(out);
	return 0;
}
