/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

enum {
	SLICE_EVENTS = 1000, /* dropped in one call */
	SLICE_WORDS = 2000,
	SLICE_BLOCKS = 100, /* with up to 200 events each */
	HISTORY_DAYS = 30,  /* of ended blocks */
	SPARE_PAGES = 4096, /* free pages left for what comes: 16 MiB */
	DAY_S = 86400,
};

/* Run a statement that takes up to two numbers; how many rows went. */
static int
drop(struct db *db, unsigned n, int64_t a, int64_t b, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, n, err);

	if (!st)
		return -1;
	if (sqlite3_bind_parameter_count(st) > 0)
		put_int(st, 1, a);
	if (sqlite3_bind_parameter_count(st) > 1)
		put_int(st, 2, b);
	return db_run(db, st, err) ? -1 : sqlite3_changes(db->h);
}

/* The largest number of the oldest rows that one call may look at. */
static int
find_edge(struct db *db, int64_t *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, EV_TRIM_EDGE, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, SLICE_EVENTS);
	rc = db_step(db, st, err);
	*ret = rc > 0 ? get_int(st, 0) : 0;
	sqlite3_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
drop_events(struct db *db, int64_t cutoff, bool *ret_more, struct err *err)
{
	int64_t edge;
	int n, words;

	if (find_edge(db, &edge, err) ||
		drop(db, EV_TRIM_TEXT, edge, cutoff, err) < 0)
		return -1;
	n = drop(db, EV_TRIM_EVENT, edge, cutoff, err);
	if (n < 0)
		return -1;
	words = drop(db, EV_TRIM_WORD, SLICE_WORDS, 0, err);
	if (words < 0 || drop(db, EV_TRIM_ERA, 0, 0, err) < 0 ||
		drop(db, EV_TRIM_PARDON, 0, 0, err) < 0)
		return -1;
	*ret_more |= n == SLICE_EVENTS || words == SLICE_WORDS;
	return 0;
}

/* Give pages back to the file system when many are free: retention was
 * lowered, or a wave has passed. */
static int
shrink(struct db *db, int64_t free_pages, bool *ret_more, struct err *err)
{
	if (free_pages <= SPARE_PAGES)
		return 0;
	*ret_more = true;
	return db_run(db, db_stmt(db, EV_VACUUM, err), err);
}

static int
trim_events(struct store *s, const struct settings *settings, int64_t now,
	bool *ret_more, struct err *err)
{
	struct db *db = &s->events;
	int64_t cutoff = now - settings->retention_days * DAY_S;
	int64_t pages, free_pages, used_mib;

	if (event_begin(s, err) || event_flush(s, err) ||
		db_int(db, EV_PAGES, &pages, err) ||
		db_int(db, EV_PAGES_FREE, &free_pages, err))
		return -1;
	used_mib = (pages - free_pages) * DB_PAGE_BYTES >> 20;
	/* Too much: the oldest go, whatever their age. */
	if (used_mib >= settings->retention_mib)
		cutoff = INT64_MAX;
	if (drop_events(db, cutoff, ret_more, err) ||
		drop(db, EV_TRIM_FORGIVEN, now - SETTINGS_PERIOD_MAX_S, 0,
			err) < 0 ||
		drop(db, EV_TRIM_TRUST, now / DAY_S - settings->trust_days, 0,
			err) < 0)
		return -1;
	return shrink(db, free_pages, ret_more, err);
}

static int
trim_blocks(struct store *s, int64_t now, bool *ret_more, struct err *err)
{
	static const unsigned order[] = { CT_TRIM_WHY_EVENT, CT_TRIM_WHY,
		CT_TRIM_BLOCK, CT_TRIM_LOCK };
	int64_t cutoff = now - (int64_t)HISTORY_DAYS * DAY_S;
	int n;

	if (db_begin(&s->control, err))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		n = drop(&s->control, order[i], cutoff, SLICE_BLOCKS, err);
		if (n < 0)
			return -1;
		*ret_more |= i > 1 && n == SLICE_BLOCKS;
	}
	return 0;
}

int
store_trim(struct store *s, const struct settings *settings, int64_t now,
	bool *ret_more, struct err *err)
{
	bool more = false;

	if (trim_events(s, settings, now, &more, err) ||
		trim_blocks(s, now, &more, err))
		return store_undo(s);
	if (store_commit(s, err))
		return -1;
	*ret_more = more;
	return 0;
}
