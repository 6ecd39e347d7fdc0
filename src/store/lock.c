/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

/* lock.flags */
enum {
	FLAG_OBSERVED = 1,
};

/* A name with ASCII letters in lower case, as the engine takes it. */
struct folded {
	size_t n;
	char text[EVENT_TEXT_MAX];
};

static struct folded
fold(struct str s)
{
	struct folded f = { s.n < sizeof(f.text) ? s.n : sizeof(f.text) };

	for (size_t i = 0; i < f.n; i++) {
		bool is_upper = s.p[i] >= 'A' && s.p[i] <= 'Z';

		f.text[i] = (char)(is_upper ? s.p[i] + 'a' - 'A' : s.p[i]);
	}
	return f;
}

static struct str
folded_str(const struct folded *f)
{
	return (struct str){ f->text, f->n };
}

static void
put_key(sqlite3_stmt *st, int i, const struct prefix *p)
{
	put_addr(st, i, &p->addr);
	put_int(st, i + 1, p->len);
}

static int
set_lock(struct store *s, const struct lock *l, struct str account,
	struct err *err)
{
	struct folded folded = fold(account);
	sqlite3_stmt *st = db_stmt(&s->control, CT_LOCK_SET, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)l->cause);
	put_str(st, 2, (struct str){ account.p, folded.n });
	put_str(st, 3, folded_str(&folded));
	if (!l->is_anywhere)
		put_key(st, 4, &l->key);
	put_int(st, 6, l->from);
	put_int(st, 7, l->until);
	put_int(st, 8, 0);
	put_int(st, 9, l->is_observed ? FLAG_OBSERVED : 0);
	return db_run(&s->control, st, err);
}

/* The name that the event which locked it has. */
static int
set_lock_of_event(struct store *s, const struct lock *l, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_ACCOUNT_OF, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)l->cause);
	rc = db_step(&s->events, st, err);
	if (rc > 0)
		rc = set_lock(s, l, get_str(st, 0), err);
	sqlite3_reset(st);
	return rc;
}

int
store_add_lock(struct store *s, const struct store_lock *l, struct err *err)
{
	const struct lock *lock = &l->lock;

	if (db_begin(&s->control, err) == 0 &&
		store_raise(s, S("last_event"), lock->cause, err) == 0 &&
		(lock->account.n ? set_lock(s, lock, lock->account, err)
				 : set_lock_of_event(s, lock, err)) == 0)
		return 0;
	return store_undo(s);
}

int
store_end_lock(struct store *s, const struct store_lock *l, struct err *err)
{
	sqlite3_stmt *st;

	if (db_begin(&s->control, err))
		return store_undo(s);
	st = db_stmt(&s->control, CT_LOCK_END, err);
	if (!st)
		return store_undo(s);
	put_int(st, 1, (int64_t)l->lock.cause);
	put_int(st, 2, l->lock.until);
	put_int(st, 3, l->removed);
	return db_run(&s->control, st, err) ? store_undo(s) : 0;
}

int
store_unlock(struct store *s, const struct store_unlock *u, struct err *err)
{
	struct folded folded = fold(u->account);
	sqlite3_stmt *st;

	if (db_begin(&s->control, err))
		return store_undo(s);
	st = db_stmt(&s->control, CT_UNLOCK, err);
	if (!st)
		return store_undo(s);
	put_str(st, 1, folded_str(&folded));
	put_int(st, 2, u->removed);
	put_str(st, 3, u->by);
	if (!u->is_everywhere)
		put_key(st, 4, &u->key);
	return db_run(&s->control, st, err) ? store_undo(s) : 0;
}

/* Returns false for a row that a damaged file made up. */
static bool
read_lock(sqlite3_stmt *st, struct store_lock *ret)
{
	struct lock *l = &ret->lock;
	int64_t len = get_int(st, 3);
	struct addr addr;

	*ret = (struct store_lock){
		.lock = {
			.cause = (uint64_t)get_int(st, 0),
			.account = get_str(st, 1),
			.from = get_int(st, 4),
			.until = get_int(st, 5),
			.is_observed = get_int(st, 7) & FLAG_OBSERVED,
		},
		.removed = get_int(st, 6),
		.removed_by = get_str(st, 8),
	};
	l->is_anywhere = !get_addr(st, 2, &addr);
	if (l->is_anywhere)
		return true;
	if (len < 0 || len > ADDR_BITS)
		return false;
	l->key = addr_prefix(&addr, (unsigned)len);
	return true;
}

static int
each_lock(struct store *s, sqlite3_stmt *st, store_on_lock *fn, void *ctx,
	struct err *err)
{
	struct store_lock l;
	int rc;

	while ((rc = db_step(&s->control, st, err)) > 0) {
		rc = read_lock(st, &l)
			     ? fn(ctx, &l)
			     : db_fail(&s->control, SQLITE_CORRUPT, err);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
store_load_locks(struct store *s, int64_t since, store_on_lock *fn, void *ctx,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_LOCKS, err);

	if (!st)
		return -1;
	put_int(st, 1, since);
	return each_lock(s, st, fn, ctx, err);
}

int
store_find_locks(struct store *s, const struct store_lock_query *q,
	store_on_lock *fn, void *ctx, struct err *err)
{
	struct folded folded = fold(q->account);
	sqlite3_stmt *st = db_stmt(&s->control, CT_LOCKS_FIND, err);

	if (!st)
		return -1;
	put_str(st, 1, folded_str(&folded));
	put_int(st, 2, q->live_at ? q->live_at : INT64_MIN);
	put_int(st, 3, q->before ? (int64_t)q->before : INT64_MAX);
	put_int(st, 4, q->limit);
	return each_lock(s, st, fn, ctx, err);
}
