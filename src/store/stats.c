/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

enum {
	QUERY_MS = 2000, /* no question may take longer [ms] */
};

/* A statement about a stretch of time, bound, under the time limit. */
static sqlite3_stmt *
begin(struct store_reader *r, unsigned n, const int64_t *bind, struct err *err)
{
	sqlite3_stmt *st;

	if (reader_begin(r, QUERY_MS, err))
		return NULL;
	st = db_stmt(&r->events, n, err);
	for (int i = 0; st && i < 3; i++)
		put_int(st, i + 1, bind[i]);
	if (!st)
		reader_end(r);
	return st;
}

static int
end(struct store_reader *r, sqlite3_stmt *st, int rc)
{
	sqlite3_reset(st);
	reader_end(r);
	return rc;
}

int
store_count_kinds(struct store_reader *r, const struct store_stretch *stretch,
	store_on_count *fn, void *ctx, struct err *err)
{
	const int64_t bind[] = { stretch->since, stretch->until,
		stretch->step };
	sqlite3_stmt *st = begin(r, EV_COUNT_KINDS, bind, err);
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&r->events, st, err)) > 0) {
		int64_t kind = get_int(st, 1);
		struct store_count c = {
			.from = stretch->since + get_int(st, 0) * stretch->step,
			.kind = (enum event_kind)kind,
			.n = (uint64_t)get_int(st, 2),
		};

		if (kind >= EVENT_KINDS)
			continue; /* a damaged row */
		rc = fn(ctx, &c);
		if (rc)
			break;
	}
	return end(r, st, rc);
}

int
store_find_tops(struct store_reader *r, const struct store_tops *q,
	store_on_top *fn, void *ctx, struct err *err)
{
	static const unsigned stmts[] = {
		[STORE_TOP_ADDRESS] = EV_TOP_ADDRESS,
		[STORE_TOP_ACCOUNT] = EV_TOP_ACCOUNT,
	};
	const int64_t bind[] = { q->since, q->until, q->limit };
	sqlite3_stmt *st = begin(r, stmts[q->by], bind, err);
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&r->events, st, err)) > 0) {
		struct store_top t = {
			.n = (uint64_t)get_int(st, 0),
			.points = (uint64_t)get_int(st, 1),
			.account = get_str(st, 2),
		};

		if (q->by == STORE_TOP_ADDRESS)
			t.addr = halves_addr(&(struct halves){
				get_int(st, 3), get_int(st, 4) });
		rc = fn(ctx, &t);
		if (rc)
			break;
	}
	return end(r, st, rc);
}

int
store_find_accounts(struct store_reader *r, const struct store_account_query *q,
	store_on_account *fn, void *ctx, struct err *err)
{
	const int64_t bind[] = { q->since, q->until, q->limit };
	sqlite3_stmt *st = begin(r, EV_ACCOUNTS, bind, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 4, q->is_unknown);
	while ((rc = db_step(&r->events, st, err)) > 0) {
		struct store_account row = { .account = get_str(st, 0),
			.failed = (uint64_t)get_int(st, 1),
			.ok = (uint64_t)get_int(st, 2),
			.last = get_int(st, 3) };

		rc = fn(ctx, &row);
		if (rc)
			break;
	}
	return end(r, st, rc);
}

static int
neighbours_of(struct store_reader *r, int64_t era, const struct span *span,
	store_on_neighbour *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&r->events, EV_NEIGHBOURS, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, era);
	put_int(st, 2, span->net_min);
	put_int(st, 3, span->host_min);
	put_int(st, 4, span->host_max);
	while ((rc = db_step(&r->events, st, err)) > 0) {
		struct addr a = halves_addr(
			&(struct halves){ get_int(st, 0), get_int(st, 1) });

		rc = fn(ctx, &a, (uint64_t)get_int(st, 2));
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
store_find_neighbours(struct store_reader *r, const struct prefix *prefix,
	int64_t since, store_on_neighbour *fn, void *ctx, struct err *err)
{
	const int64_t bind[] = { 0, INT64_MAX >> ERA_BITS, since };
	sqlite3_stmt *st = begin(r, EV_ERAS_DOWN, bind, err);
	struct span span = span_of(prefix);
	int rc;

	if (!st)
		return -1;
	put_int(st, 4, INT64_MAX);
	while ((rc = db_step(&r->events, st, err)) > 0) {
		rc = neighbours_of(r, get_int(st, 0), &span, fn, ctx, err);
		if (rc)
			break;
	}
	return end(r, st, rc);
}
