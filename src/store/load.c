/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

enum {
	SOURCES_MAX = 64, /* different sources of an era that are kept */
};

/* The sources of an era: a handful, whose texts are kept while it is
 * read. */
struct sources {
	unsigned n;
	struct source {
		int64_t id;
		uint8_t text_n;
		char text[EVENT_TEXT_MAX];
	} list[SOURCES_MAX];
};

static int
read_source(struct db *db, int64_t id, struct source *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, EV_WORD_TEXT, err);
	struct str text;
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, id);
	rc = db_step(db, st, err);
	if (rc < 0)
		return -1;
	text = rc ? get_str(st, 0) : S("");
	if (text.n > sizeof(ret->text))
		text.n = sizeof(ret->text);
	ret->id = id;
	ret->text_n = (uint8_t)text.n;
	if (text.n)
		memcpy(ret->text, text.p, text.n);
	sqlite3_reset(st);
	return 0;
}

static const struct source *
source_get(struct sources *all, struct db *db, int64_t id, struct err *err)
{
	struct source *s = all->list;

	for (unsigned i = 0; i < all->n; i++)
		if (s[i].id == id)
			return &s[i];
	if (all->n == SOURCES_MAX)
		all->n = 0;
	if (read_source(db, id, &s[all->n], err))
		return NULL;
	return &s[all->n++];
}

static int
read_stored(struct db *db, sqlite3_stmt *st, struct sources *all,
	struct stored *ret, struct err *err)
{
	const struct source *source = source_get(all, db, get_int(st, 9), err);
	struct halves h = { get_int(st, 2), get_int(st, 3) };
	struct store_event e;

	if (!source)
		return -1;
	event_set_what(get_int(st, 4), &e);
	*ret = (struct stored){
		.id = (uint64_t)get_int(st, 0),
		.addr = halves_addr(&h),
		.time = get_int(st, 1),
		.identity = { (uint32_t)get_int(st, 6),
			(uint32_t)get_int(st, 7), (uint32_t)get_int(st, 8) },
		.count = (uint32_t)get_int(st, 5),
		.kind = e.kind,
		.outcome = e.outcome,
		.marks = e.marks,
		.is_cause = e.is_cause,
		.is_summary = e.event.is_summary,
		.told = (uint32_t)get_int(st, 10),
		.span_s = (uint32_t)get_int(st, 11),
		.source = { source->text, source->text_n },
	};
	return 0;
}

struct load {
	struct db *db;
	int64_t since;
	store_on_stored *fn;
	void *ctx;
};

static int
load_era(const struct load *l, int64_t era, struct err *err)
{
	sqlite3_stmt *st = db_stmt(l->db, EV_LOAD, err);
	struct sources all = { .n = 0 };
	struct stored e;
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, era << ERA_BITS);
	put_int(st, 2, (era + 1) << ERA_BITS);
	put_int(st, 3, l->since);
	while ((rc = db_step(l->db, st, err)) > 0) {
		rc = read_stored(l->db, st, &all, &e, err);
		if (rc == 0)
			rc = l->fn(l->ctx, &e);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
store_load_events(struct store *s, int64_t since, store_on_stored *fn,
	void *ctx, struct err *err)
{
	struct load l = { &s->events, since, fn, ctx };
	sqlite3_stmt *st = db_stmt(&s->events, EV_ERAS, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, 0);
	put_int(st, 2, INT64_MAX);
	put_int(st, 3, since);
	put_int(st, 4, INT64_MAX);
	while ((rc = db_step(&s->events, st, err)) > 0) {
		rc = load_era(&l, get_int(st, 0), err);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}
