/* SPDX-License-Identifier: ISC */
#include "dialect/hostile.h"

#include <stdio.h>

enum {
	ARRIVAL = 1795651200
};

static char wrong[4096];

static const char *
blame(const char *what, const struct event *ev, struct str lines)
{
	char text[ADDR_TEXT_MAX];

	snprintf(wrong, sizeof(wrong), "%s: %s from %s in\n%.*s", what,
		event_types[ev->kind].id, addr_format(&ev->addr, text),
		(int)(lines.n < 3800 ? lines.n : 3800), lines.p);
	return wrong;
}

/* Texts of events are inside what was read, or short and made. */
static const char *
event_check(const struct event *ev)
{
	if (ev->kind >= EVENT_KINDS || !event_types[ev->kind].id)
		return "kind";
	if (!ev->count || (ev->count > 1 && !ev->is_summary))
		return "count";
	if (!ev->time || !ev->source.n || !ev->detail.n)
		return "empty";
	return NULL;
}

static const char *
lines_check(struct reader *r, const struct forged *made, unsigned *ret_events,
	struct hostile_tally *tally)
{
	struct str rest = buf_str(&made->lines), line;
	struct events evs;
	const char *bad;

	*ret_events = 0;
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		if (reader_feed(r, line, ARRIVAL, &evs) == READING_AMBIGUOUS)
			tally->doubted++;
		*ret_events += evs.n;
		for (unsigned i = 0; i < evs.n; i++) {
			bad = event_check(&evs.list[i]);
			if (!addr_eq(&evs.list[i].addr, &made->addr))
				bad = "not the client's address";
			if (bad)
				return blame(bad, &evs.list[i],
					buf_str(&made->lines));
		}
	}
	return NULL;
}

static struct reader *
reader_get(const char *dialect)
{
	static const struct hash_key key = { 7, 8 };
	struct zone utc = { 0 };

	return reader_new(dialect, &utc, &key);
}

const char *
hostile_forged(const struct forge *f, const uint8_t *data, size_t size,
	struct hostile_tally *tally)
{
	static struct reader *named, *any;
	static const struct forge *of;
	struct forge_source src = { data, size, f->pieces };
	struct forged made = { 0 };
	unsigned events;
	const char *bad;

	if (of != f) {
		reader_free(named);
		named = reader_get(f->name);
		of = f;
	}
	if (!any)
		any = reader_get(NULL);
	f->make(forge_byte(&src) % f->ways, &src, &made);
	bad = lines_check(
		forge_byte(&src) & 1 ? named : any, &made, &events, tally);
	tally->lines += made.wanted;
	if (events < made.wanted)
		tally->missed += made.wanted - events;
	buf_free(&made.lines);
	return bad;
}

static bool
is_addr_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F') || c == '.' || c == ':';
}

static bool
stands_in(struct str s, const struct addr *a)
{
	size_t i = 0, end;
	struct addr found;

	while (i < s.n) {
		for (end = i; end < s.n && is_addr_byte(s.p[end]);)
			end++;
		if (addr_parse((struct str){ s.p + i, end - i }, &found) &&
			addr_eq(&found, a))
			return true;
		i = end + 1;
	}
	return false;
}

/* @all: where every event's address must stand. */
static const char *
line_check(struct reader *r, struct str line, struct str all)
{
	struct events evs;
	const char *bad;

	reader_feed(r, line, ARRIVAL, &evs);
	for (unsigned i = 0; i < evs.n; i++) {
		bad = event_check(&evs.list[i]);
		if (!stands_in(all, &evs.list[i].addr))
			bad = "an address from nowhere";
		if (bad)
			return blame(bad, &evs.list[i], all);
	}
	return NULL;
}

const char *
hostile_raw(const struct forge *f, const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size }, rest = all, line;
	struct reader *r = reader_get(f->name);
	const char *bad = NULL;

	while (rest.n && !bad) {
		str_cut(rest, '\n', &line, &rest);
		bad = line_check(r, line, all);
	}
	reader_free(r);
	return bad;
}

const char *
hostile_texts(const struct forge *f, const uint8_t *data, size_t size)
{
	static struct reader *r;
	static const struct forge *of;
	static unsigned hosts;
	struct str all = { (const char *)data, size }, rest = all, line;
	struct buf b = { 0 };
	const char *bad = NULL;

	if (of != f) {
		reader_free(r);
		r = reader_get(f->name);
		of = f;
	}
	hosts++;
	while (rest.n && !bad) {
		str_cut(rest, '\n', &line, &rest);
		b.n = 0;
		buf_printf(&b, "Nov 24 03:03:04 h%u ", hosts);
		buf_add(&b, line);
		bad = line_check(r, buf_str(&b), all);
	}
	buf_free(&b);
	return bad;
}
