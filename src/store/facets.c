/* SPDX-License-Identifier: ISC */
#include "store/walk.h"

enum {
	FACETS_MS = 1000,
};

/* What is counted by, and the word that it is, if it is one. */
static const struct {
	const char *columns, *tail;
} facets[STORE_FACETS] = {
	[STORE_FACET_KIND] = { "select e.what & 63, count(*), null ",
		" group by 1" },
	[STORE_FACET_SERVICE] = { "select 0, count(*), se.text ",
		" group by e.service" },
	[STORE_FACET_SOURCE] = { "select 0, count(*), so.text ",
		" group by e.source" },
	[STORE_FACET_ACCOUNT] = { "select 0, count(*), ac.text ",
		" group by e.account" },
	[STORE_FACET_OUTCOME] = { "select e.what >> 6 & 7, count(*), null ",
		" group by 1" },
};

struct counting {
	store_on_facet *fn;
	void *ctx;
};

static int
on_row(struct walk *w, sqlite3_stmt *st)
{
	const struct counting *c = w->ctx;
	const struct store_facet f = { .number = get_int(st, 0),
		.n = (uint64_t)get_int(st, 1),
		.text = get_str(st, 2) };

	return c->fn(c->ctx, &f);
}

int
store_count_facets(struct store_reader *r, const struct store_facets *q,
	store_on_facet *fn, void *ctx, struct err *err)
{
	struct counting c = { fn, ctx };
	struct walk w = { .row = on_row, .ctx = &c };
	const struct store_query all = { .kind = -1, .query = q->query };
	int rc = reader_begin(r, FACETS_MS, err);

	if (rc)
		return -1;
	w.db = &r->events;
	walk_begin(&w, &all);
	rc = walk_prepare(&w, facets[q->by].columns, facets[q->by].tail, err);
	if (rc == 0)
		rc = walk_run(&w, err);
	walk_end(&w);
	reader_end(r);
	return rc < 0 && r->events.is_late ? STORE_LATE : rc;
}
