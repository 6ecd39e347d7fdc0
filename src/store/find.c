/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/mem.h"
#include "store/walk.h"

enum {
	QUERY_MS = 2000, /* no question may take longer [ms] */
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

/* Who wants the rows. */
struct finding {
	store_on_event *fn;
	void *ctx;
};

static int
on_row(struct walk *w, sqlite3_stmt *st)
{
	const struct finding *f = w->ctx;
	struct store_event e;

	w->left--;
	read_event(st, &e);
	return f->fn(f->ctx, &e);
}

int
find_each(struct db *db, const struct store_query *q, store_on_event *fn,
	void *ctx, struct err *err)
{
	struct finding f = { fn, ctx };
	struct walk w = { .db = db, .row = on_row, .ctx = &f };
	int rc = 0;

	walk_begin(&w, q);
	w.stmt = EV_FIND + w.way;
	if (q->query && q->query->n)
		rc = walk_prepare(
			&w, find_columns, find_texts[w.way].tail, err);
	if (rc == 0)
		rc = walk_run(&w, err);
	walk_end(&w);
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
