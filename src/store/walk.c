/* SPDX-License-Identifier: ISC */
#include "store/walk.h"

enum {
	LIMIT_DEFAULT = 1000,
};

static void
bind_era(const struct walk *w, sqlite3_stmt *st, int64_t era)
{
	int64_t first = era << ERA_BITS, end = first + ERA_EVENTS;

	put_int(st, 1, w->above >= first ? w->above : first - 1);
	put_int(st, 2, w->below < end ? w->below : end);
	put_int(st, 3, w->q.kind);
	put_int(st, 4, w->q.since);
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
	put_int(st, 11, w->q.is_oldest_first ? 1 : -1);
	put_int(st, 12, w->span.net_min);
	put_int(st, 13, w->span.net_max);
	put_int(st, 14, w->span.host_min);
	put_int(st, 15, w->span.host_max);
	put_int(st, 16, is_v4(w->q.prefix));
}

static int
walk_rows(struct walk *w, int64_t era, struct err *err)
{
	sqlite3_stmt *st = w->own;
	int rc;

	if (!st)
		st = db_stmt(w->db, w->stmt, err);
	if (!st)
		return -1;
	bind_era(w, st, era);
	while ((rc = db_step(w->db, st, err)) > 0) {
		rc = w->row(w, st);
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
	const struct query *q = w->q.query;
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
	int rc = want_word(w, era, w->q.source, &w->source, err);

	if (rc > 0)
		rc = want_word(w, era, w->q.service, &w->service, err);
	if (rc > 0)
		rc = want_word(w, era, w->q.account, &w->account, err);
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

int
walk_run(struct walk *w, struct err *err)
{
	const struct store_query *q = &w->q;
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

void
walk_begin(struct walk *w, const struct store_query *q)
{
	w->q = *q;
	if (q->query)
		narrow(&w->q, q->query);
	w->way = choose(&w->q);
	w->span = span_of(w->q.prefix);
	w->above = (int64_t)q->after;
	w->below = q->before ? (int64_t)q->before : INT64_MAX;
	w->until = w->q.until ? w->q.until : INT64_MAX;
	w->left = q->limit ? q->limit : LIMIT_DEFAULT;
}

int
walk_prepare(
	struct walk *w, const char *columns, const char *tail, struct err *err)
{
	struct buf sql CLEANUP(buf_free) = { 0 };
	int rc;

	filter_events(&w->filter, w->q.query);
	buf_add(&sql, str_of(columns));
	buf_add(&sql, str_of(find_texts[w->way].from));
	buf_add(&sql, buf_str(&w->filter.sql));
	buf_add(&sql, str_of(tail));
	rc = sqlite3_prepare_v2(w->db->h, sql.p, (int)sql.n, &w->own, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(w->db, rc, err);
}

void
walk_end(struct walk *w)
{
	sqlite3_finalize(w->own);
	filter_free(&w->filter);
}
