/* SPDX-License-Identifier: ISC */
#include "store/list.h"

#include "store/filter.h"
#include "store/parts.h"
#include "sys/clock.h"

enum {
	SLICE_NS = 4000000,
	CLOCK_ROWS = 64, /* rows between two looks at the clock */
	NARROW = 5000,	 /* rows that are read and sorted at once */
	PLACE_KEY = 10,	 /* numbers of values */
	PLACE_ID = 11,
	PLACE_ADDR = 12,
};

/* The orders, and what lies behind a place: in two pieces, of which an
 * index knows each. */
static const struct order_text {
	const char *ties, *behind, *order, *sorted;
} orders[STORE_SORTS] = {
	[STORE_BY_NEWEST] = { "b.begin = ?10 and b.id < ?11", "b.begin < ?10",
		"b.begin desc, b.id desc", "+b.begin desc, +b.id desc" },
	[STORE_BY_OLDEST] = { "b.begin = ?10 and b.id > ?11", "b.begin > ?10",
		"b.begin, b.id", "+b.begin, +b.id" },
	[STORE_BY_END] = { "b.until = ?10 and b.id > ?11", "b.until > ?10",
		"b.until, b.id", "+b.until, +b.id" },
	[STORE_BY_LAST_END] = { "b.until = ?10 and b.id < ?11", "b.until < ?10",
		"b.until desc, b.id desc", "+b.until desc, +b.id desc" },
	[STORE_BY_ADDRESS] = { "b.len = ?10 and b.addr = ?12 and b.id > ?11",
		"(b.len, b.addr) > (?10, ?12)", "b.len, b.addr, b.id",
		"+b.len, +b.addr, +b.id" },
};

struct store_place
store_place_of(enum store_sort sort, const struct store_block *b)
{
	struct store_place p = { .is_set = true, .id = b->block.id };

	switch (sort) {
	case STORE_BY_NEWEST:
	case STORE_BY_OLDEST: p.key = b->block.from; break;
	case STORE_BY_END:
	case STORE_BY_LAST_END: p.key = b->block.until; break;
	default: p.key = b->block.prefix.len;
	}
	p.addr = b->block.prefix.addr;
	return p;
}

/* --- where few rows can be ------------------------------------------------- */

/* What an index knows: numbers of the rows that can be meant. */
struct driver {
	const char *ids;
	/* Whether it helps; binds ?1 … ?4. */
	bool (*bind)(const struct store_list *l, sqlite3_stmt *st);
};

static const struct query_term *
find_one(const struct store_list *l, enum query_subject subject)
{
	const struct query_term *t = query_find(l->query, subject);

	return t && t->n == 1 ? t : NULL;
}

static bool
bind_prefix(const struct store_list *l, sqlite3_stmt *st)
{
	const struct query_term *t = find_one(l, QUERY_IP);

	if (!t)
		return false;
	put_addr(st, 1, &t->values[0].prefix.addr);
	put_int(st, 2, t->values[0].prefix.len);
	put_int(st, 3, is_v4(&t->values[0].prefix));
	return true;
}

static bool
has_choice(const struct store_list *l, enum query_subject subject, int64_t v)
{
	const struct query_term *t = find_one(l, subject);

	return t && t->values[0].number == v;
}

static bool
bind_end(const struct store_list *l, sqlite3_stmt *st)
{
	const struct query_term *t = find_one(l, QUERY_EXPIRES);
	bool is_active = has_choice(l, QUERY_STATE, QUERY_ACTIVE);
	int64_t from = is_active ? l->now + 1 : INT64_MIN, until = INT64_MAX;

	if (t && (t->op == QUERY_LESS || t->op == QUERY_LESS_EQUAL))
		until = t->values[0].number;
	else if (t && t->values[0].number > from)
		from = t->values[0].number;
	put_int(st, 1, from);
	put_int(st, 2, until);
	return t || is_active;
}

static bool
bind_begin(const struct store_list *l, sqlite3_stmt *st)
{
	const struct query_term *since = find_one(l, QUERY_SINCE);
	const struct query_term *until = find_one(l, QUERY_UNTIL);

	put_int(st, 1, since ? since->values[0].number : INT64_MIN);
	put_int(st, 2, until ? until->values[0].number : INT64_MAX);
	return since || until;
}

static bool
bind_manual(const struct store_list *l, sqlite3_stmt *st)
{
	(void)st;
	return has_choice(l, QUERY_ORIGIN, ORIGIN_MANUAL);
}

static bool
bind_removed(const struct store_list *l, sqlite3_stmt *st)
{
	(void)st;
	return has_choice(l, QUERY_STATE, QUERY_REMOVED);
}

static bool
bind_by(const struct store_list *l, sqlite3_stmt *st)
{
	const struct query_term *t = find_one(l, QUERY_BY);

	(void)st;
	return t && (t->values[0].name.text.n || t->values[0].name.is_open);
}

static bool
bind_hint(const struct store_list *l, sqlite3_stmt *st)
{
	(void)st;
	return query_find(l->query, QUERY_HINT) != NULL;
}

static bool
bind_note(const struct store_list *l, sqlite3_stmt *st)
{
	const struct query_term *t = find_one(l, QUERY_NOTE);

	(void)st;
	return t && t->values[0].name.text.n;
}

static bool
bind_text(const struct store_list *l, sqlite3_stmt *st)
{
	(void)st;
	return query_find(l->query, QUERY_TEXT) != NULL;
}

static bool
bind_nothing(const struct store_list *l, sqlite3_stmt *st)
{
	(void)l;
	(void)st;
	return true;
}

/* What narrows most stands first; the last one is all of the list. */
static const struct driver drivers[] = {
	/* Few lengths are in use: for each the entries that cover the
	 * prefix (one address) or lie inside it (a range). */
	{ "with recursive l (len) as (select min(len) from block union all "
	  "select (select min(len) from block where len > l.len) from l"
	  " where l.len is not null) "
	  "select i.id from l cross join block i where i.len = l.len"
	  " and i.addr between prefix_first(?1, min(?2, l.len))"
	  " and iif(l.len > ?2, prefix_last(?1, ?2), prefix_first(?1, l.len))"
	  " and (i.len >= 96 and i.addr"
	  " between x'00000000000000000000ffff00000000'"
	  " and x'00000000000000000000ffffffffffff') = ?3",
		bind_prefix },
	{ "select i.id from block i where i.note is not null", bind_note },
	{ "select i.id from block i where i.flags & 1", bind_by },
	{ "select i.id from block i where i.hints != 0", bind_hint },
	{ "select i.id from block i where i.flags & 1 union "
	  "select i.id from block i where i.note is not null union "
	  "select i.id from block i where i.removed != 0",
		bind_text },
	{ "select i.id from block i where i.removed != 0", bind_removed },
	{ "select i.id from block i where i.flags & 1", bind_manual },
	{ "select i.id from block i where i.until between ?1 and ?2",
		bind_end },
	{ "select i.id from block i where i.begin between ?1 and ?2",
		bind_begin },
	{ NULL, bind_nothing },
};

/* What is in force ends later than now: the others needn't be read. */
static void
skip_ended(struct store_list *l)
{
	if (l->sort == STORE_BY_END && !l->at.is_set &&
		has_choice(l, QUERY_STATE, QUERY_ACTIVE))
		l->at = (struct store_place){
			.is_set = true, .key = l->now, .id = INT64_MAX
		};
}

static sqlite3_stmt *
prepare(struct store *s, const struct buf *sql, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(
		s->control.h, sql->p, (int)sql->n, &st, NULL);

	if (rc != SQLITE_OK)
		db_fail(&s->control, rc, err);
	return st;
}

/* Does a driver name few rows?  1, 0, or -1. */
static int
is_narrow(struct store *s, const struct store_list *l, const struct driver *d,
	struct err *err)
{
	struct buf sql CLEANUP(buf_free) = { 0 };
	int rc = 0;

	buf_printf(&sql, "select count(*) from (select 1 from (%s) limit %d)",
		d->ids, NARROW + 1);
	sqlite3_stmt *st = prepare(s, &sql, err);
	if (!st)
		return -1;
	if (d->bind(l, st))
		rc = db_step(&s->control, st, err);
	if (rc > 0)
		rc = get_int(st, 0) <= NARROW;
	sqlite3_finalize(st);
	return rc;
}

static int
choose(struct store *s, struct store_list *l, struct err *err)
{
	int rc = 0;

	for (l->driver = 0; drivers[l->driver].ids; l->driver++) {
		rc = is_narrow(s, l, &drivers[l->driver], err);
		if (rc)
			break;
	}
	return rc < 0 ? -1 : 0;
}

/* --- reading ---------------------------------------------------------------- */

/* A read of some rows. */
struct slice {
	struct store_list *l;
	const struct filter *filter;
	const char *place; /* condition, or NULL */
	store_on_block *fn;
	void *ctx;
	int64_t end_ns;
	unsigned n;
};

/* The statement: of a narrow search only what is found, in order; else all
 * rows in order, and whether each is found. */
static sqlite3_stmt *
build(struct store *s, const struct slice *slice, struct err *err)
{
	const struct store_list *l = slice->l;
	const struct filter *f = slice->filter;
	const struct driver *d = &drivers[l->driver];
	const struct order_text *o = &orders[l->sort];
	struct buf sql CLEANUP(buf_free) = { 0 };

	buf_add(&sql, str_of(block_columns));
	if (d->ids)
		buf_printf(&sql, ", 1 from block b where b.id in (%s)%.*s",
			d->ids, (int)f->sql.n, f->sql.n ? f->sql.p : "");
	else
		buf_printf(&sql, ", (1%.*s) from block b where 1",
			(int)f->sql.n, f->sql.n ? f->sql.p : "");
	if (slice->place)
		buf_printf(&sql, " and %s", slice->place);
	buf_printf(&sql, " order by %s", d->ids ? o->sorted : o->order);
	sqlite3_stmt *st = prepare(s, &sql, err);
	if (!st)
		return NULL;
	(void)d->bind(l, st);
	filter_bind(f, st);
	if (slice->place) {
		put_int(st, PLACE_KEY, l->at.key);
		put_int(st, PLACE_ID, (int64_t)l->at.id);
		if (l->sort == STORE_BY_ADDRESS)
			put_addr(st, PLACE_ADDR, &l->at.addr);
	}
	return st;
}

/* 0, -1 with @err, or what @fn returned. */
static int
take_row(struct slice *s, struct db *db, sqlite3_stmt *st, struct err *err)
{
	bool is_found = get_int(st, BLOCK_COLUMNS);
	bool is_last = ++s->n % CLOCK_ROWS == 0 && !drivers[s->l->driver].ids &&
		       clock_mono_ns() > s->end_ns;
	struct store_block b;
	int rc;

	if (!is_found && !is_last)
		return 0;
	if (!block_read(st, &b))
		return db_fail(db, SQLITE_CORRUPT, err);
	s->l->at = store_place_of(s->l->sort, &b);
	rc = is_found ? s->fn(s->ctx, &b) : 0;
	if (rc == 0 && is_last)
		s->l->is_paused = true;
	return rc;
}

/* Returns 0 also when it pauses. */
static int
read_piece(struct store *s, struct slice *slice, const char *place,
	struct err *err)
{
	sqlite3_stmt *st;
	int rc;

	slice->place = place;
	st = build(s, slice, err);
	if (!st)
		return -1;
	while ((rc = db_step(&s->control, st, err)) > 0) {
		rc = take_row(slice, &s->control, st, err);
		if (rc || slice->l->is_paused)
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

static int
read_slice(struct store *s, struct slice *slice, struct err *err)
{
	struct store_list *l = slice->l;
	const struct order_text *o = &orders[l->sort];
	int rc = 0;

	l->is_paused = false;
	if (!l->at.is_set) {
		rc = read_piece(s, slice, NULL, err);
	} else {
		rc = read_piece(s, slice, o->ties, err);
		if (rc == 0 && !l->is_paused)
			rc = read_piece(s, slice, o->behind, err);
	}
	l->is_end = rc == 0 && !l->is_paused;
	return rc;
}

int
store_list_blocks(struct store *s, struct store_list *l, store_on_block *fn,
	void *ctx, struct err *err)
{
	struct filter f = { .now = l->now };
	struct slice slice = { .l = l,
		.filter = &f,
		.fn = fn,
		.ctx = ctx,
		.end_ns = clock_mono_ns() + SLICE_NS };

	if (!l->is_chosen && choose(s, l, err))
		return -1;
	l->is_chosen = true;
	skip_ended(l);
	filter_blocks(&f, l->query);
	int rc = read_slice(s, &slice, err);
	filter_free(&f);
	return rc;
}
