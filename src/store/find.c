/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/mem.h"
#include "store/filter.h"
#include "store/parts.h"

enum {
	QUERY_MS = 2000, /* no question may take longer [ms] */
	LIMIT_DEFAULT = 1000,
};

/* A walk from era to era. */
struct walk {
	struct db *db;
	const struct store_query *q;
	store_on_event *fn;
	void *ctx;
	enum find_way way;
	sqlite3_stmt *own; /* when there is a filter */
	struct filter filter;
	struct span span;
	int64_t above, below, until;
	int64_t left;			  /* rows still wanted */
	int64_t source, service, account; /* words of the era, or 0 */
};

static void
read_event(sqlite3_stmt *st, struct store_event *ret)
{
	struct halves h = { get_int(st, 2), get_int(st, 3) };

	*ret = (struct store_event){
		.id = (uint64_t)get_int(st, 0),
		.event = {
			.addr = halves_addr(&h),
			.time = get_int(st, 1),
			.source = get_str(st, 10),
			.service = get_str(st, 11),
			.account = get_str(st, 12),
			.count = (uint32_t)get_int(st, 13),
			.span_s = (uint32_t)get_int(st, 14),
			.session = get_str(st, 15),
			.helo = get_str(st, 16),
			.detail = get_str(st, 17),
		},
		.identity = { (uint32_t)get_int(st, 7),
			(uint32_t)get_int(st, 8), (uint32_t)get_int(st, 9) },
		.count = (uint32_t)get_int(st, 5),
		.points = (uint32_t)get_int(st, 6),
	};
	event_set_what(get_int(st, 4), ret);
	if (!ret->event.count)
		ret->event.count = 1; /* no row in text: a plain event */
	ret->is_forgiven = get_int(st, 18) && ret->outcome <= OUTCOME_REPEAT;
}

static void
bind_era(const struct walk *w, sqlite3_stmt *st, int64_t era)
{
	int64_t first = era << ERA_BITS, end = first + ERA_EVENTS;

	put_int(st, 1, w->above >= first ? w->above : first - 1);
	put_int(st, 2, w->below < end ? w->below : end);
	put_int(st, 3, w->q->kind);
	put_int(st, 4, w->q->since);
	put_int(st, 5, w->until);
	put_int(st, 6, w->source);
	put_int(st, 7, w->service);
	put_int(st, 8, w->account);
	put_int(st, 9, w->left);
	if (w->own) {
		put_int(st, FILTER_ERA, era);
		filter_bind(&w->filter, st);
	}
	if (w->way < FIND_HOST)
		return;
	put_int(st, 10, era);
	put_int(st, 11, w->q->is_oldest_first ? 1 : -1);
	put_int(st, 12, w->span.net_min);
	put_int(st, 13, w->span.net_max);
	put_int(st, 14, w->span.host_min);
	put_int(st, 15, w->span.host_max);
	put_int(st, 16, is_v4(w->q->prefix));
}

static int
walk_rows(struct walk *w, int64_t era, struct err *err)
{
	sqlite3_stmt *st = w->own;
	struct store_event e;
	int rc;

	if (!st)
		st = db_stmt(w->db, EV_FIND + w->way, err);
	if (!st)
		return -1;
	bind_era(w, st, era);
	while ((rc = db_step(w->db, st, err)) > 0) {
		w->left--;
		read_event(st, &e);
		rc = w->fn(w->ctx, &e);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

/* The number of a wanted text in an era; 0 when any will do.  Returns 1,
 * 0 when the era doesn't know it, -1 with @err. */
static int
want_word(struct walk *w, int64_t era, struct str text, int64_t *ret,
	struct err *err)
{
	*ret = 0;
	if (!text.n)
		return 1;
	*ret = word_find(w->db, era, text, err);
	return *ret > 0 ? 1 : (int)*ret;
}

/* Does the era know one of the words that a term wants?  1, 0, or -1. */
static int
knows_one(struct walk *w, int64_t era, const struct query_term *t,
	struct err *err)
{
	for (unsigned i = 0; i < t->n; i++) {
		const union query_value *v = &t->values[i];
		int64_t id;

		if (v->name.is_open || !v->name.text.n)
			return 1;
		id = word_find(w->db, era, v->name.text, err);
		if (id)
			return id > 0 ? 1 : -1;
	}
	return 0;
}

/* Most eras know nothing of a rare word: they needn't be read. */
static int
knows_all(struct walk *w, int64_t era, struct err *err)
{
	const struct query *q = w->q->query;
	int rc = 1;

	for (unsigned i = 0; q && i < q->n && rc > 0; i++) {
		const struct query_term *t = &q->terms[i];
		enum query_subject s = t->field->subject;

		if (!t->is_not && (s == QUERY_ACCOUNT || s == QUERY_SERVICE ||
					  s == QUERY_SOURCE))
			rc = knows_one(w, era, t, err);
	}
	return rc;
}

static int
walk_era(struct walk *w, int64_t era, struct err *err)
{
	int rc = want_word(w, era, w->q->source, &w->source, err);

	if (rc > 0)
		rc = want_word(w, era, w->q->service, &w->service, err);
	if (rc > 0)
		rc = want_word(w, era, w->q->account, &w->account, err);
	if (rc > 0)
		rc = knows_all(w, era, err);
	return rc > 0 ? walk_rows(w, era, err) : rc;
}

static enum find_way
choose(const struct store_query *q)
{
	if (q->prefix && q->prefix->len >= 64)
		return FIND_HOST;
	if (q->prefix)
		return FIND_NET;
	return q->is_oldest_first ? FIND_UP : FIND_DOWN;
}

/* What the index and the eras' times can do for the terms. */
static void
narrow(struct store_query *q, const struct query *terms)
{
	const struct query_term *t = query_find(terms, QUERY_IP);

	if (t && t->n == 1 && !q->prefix)
		q->prefix = &t->values[0].prefix;
	t = query_find(terms, QUERY_SINCE);
	if (t && t->n == 1 && t->values[0].number > q->since)
		q->since = t->values[0].number;
	t = query_find(terms, QUERY_UNTIL);
	if (t && t->n == 1 && (!q->until || t->values[0].number < q->until))
		q->until = t->values[0].number;
}

static int
prepare(struct walk *w, struct err *err)
{
	struct buf sql CLEANUP(buf_free) = { 0 };
	int rc;

	if (!w->q->query || !w->q->query->n)
		return 0;
	filter_events(&w->filter, w->q->query);
	buf_add(&sql, str_of(find_texts[w->way].head));
	buf_add(&sql, buf_str(&w->filter.sql));
	buf_add(&sql, str_of(find_texts[w->way].tail));
	rc = sqlite3_prepare_v2(w->db->h, sql.p, (int)sql.n, &w->own, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(w->db, rc, err);
}

static int
walk_eras(struct walk *w, struct err *err)
{
	const struct store_query *q = w->q;
	sqlite3_stmt *st = db_stmt(
		w->db, q->is_oldest_first ? EV_ERAS : EV_ERAS_DOWN, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, w->above >> ERA_BITS);
	put_int(st, 2, w->below >> ERA_BITS);
	put_int(st, 3, q->since);
	put_int(st, 4, w->until);
	while (w->left > 0 && (rc = db_step(w->db, st, err)) > 0) {
		int64_t era = get_int(st, 0), first = era << ERA_BITS;

		rc = walk_era(w, era, err);
		if (rc)
			break;
		if (q->seen)
			*q->seen = (uint64_t)(q->is_oldest_first
						      ? first + ERA_EVENTS - 1
						      : first);
	}
	sqlite3_reset(st);
	return w->left > 0 ? rc : 0;
}

int
find_each(struct db *db, const struct store_query *asked, store_on_event *fn,
	void *ctx, struct err *err)
{
	struct store_query q = *asked;

	if (q.query)
		narrow(&q, q.query);
	struct walk w = {
		.db = db,
		.q = &q,
		.fn = fn,
		.ctx = ctx,
		.way = choose(&q),
		.span = span_of(q.prefix),
		.above = (int64_t)q.after,
		.below = q.before ? (int64_t)q.before : INT64_MAX,
		.until = q.until ? q.until : INT64_MAX,
		.left = q.limit ? q.limit : LIMIT_DEFAULT,
	};
	int rc = prepare(&w, err);

	if (rc == 0)
		rc = walk_eras(&w, err);
	sqlite3_finalize(w.own);
	filter_free(&w.filter);
	return rc;
}

struct store_reader *
store_reader_open(const char *folder, struct err *err)
{
	struct store_reader *r = mem_alloc(1, sizeof(*r));
	char *path = realpath(folder, NULL);

	if (!path)
		err_set(err, "the folder %s can't be found", folder);
	else if (db_open(&r->events, &events_type, path, DB_READ, err) == 0 &&
		 filter_functions(&r->events, err) == 0) {
		free(path);
		return r;
	}
	/* The store itself, then: see check_folder(). */
	if (r->events.is_busy)
		err_set(err,
			"%s can't be searched: its file system is nearly full "
			"or has blocks smaller than %d bytes, so that the "
			"daemon keeps the file for itself",
			r->events.path, DB_PAGE_BYTES);
	db_close(&r->events);
	free(path);
	free(r);
	return NULL;
}

void
store_reader_close(struct store_reader *r)
{
	if (r)
		db_close(&r->events);
	free(r);
}

struct store_reader *
store_reader_none(const char *why)
{
	struct store_reader *r = mem_alloc(1, sizeof(*r));

	r->why_not = why;
	return r;
}

int
reader_begin(struct store_reader *r, int64_t ms, struct err *err)
{
	if (!r || r->why_not)
		return err_set(err, "%s",
			r ? r->why_not
			  : "the event log can't be read now; the daemon's "
			    "status says why");
	/* One transaction: a page of one moment. */
	if (db_exec(&r->events, "begin", err))
		return -1;
	r->events.is_late = false;
	db_limit(&r->events, ms);
	return 0;
}

void
reader_end(struct store_reader *r)
{
	db_limit(&r->events, 0);
	db_rollback(&r->events);
}

int
store_find_events(struct store_reader *r, const struct store_query *q,
	store_on_event *fn, void *ctx, struct err *err)
{
	int rc = reader_begin(r, q->limit_ms ? q->limit_ms : QUERY_MS, err);

	if (rc)
		return -1;
	rc = find_each(&r->events, q, fn, ctx, err);
	reader_end(r);
	return rc < 0 && r->events.is_late && q->seen ? STORE_LATE : rc;
}
