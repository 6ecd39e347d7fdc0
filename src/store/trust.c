/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

int
store_add_trust(struct store *s, const struct trust *t, struct err *err)
{
	sqlite3_stmt *st;

	if (event_begin(s, err))
		return store_undo(s);
	st = db_stmt(&s->events, EV_TRUST_SET, err);
	if (!st)
		return store_undo(s);
	put_int(st, 1, (int64_t)t->who);
	put_int(st, 2, t->day);
	return db_run(&s->events, st, err) ? store_undo(s) : 0;
}

int
store_load_trust(
	struct store *s, store_on_trust *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_TRUSTS, err);
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&s->events, st, err)) > 0) {
		struct trust t = { (uint64_t)get_int(st, 0),
			(uint32_t)get_int(st, 1) };

		rc = fn(ctx, &t);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
store_forgive(struct store *s, const struct forgiven *f, struct err *err)
{
	sqlite3_stmt *st;

	if (event_pardon(s, &f->key, err))
		return store_undo(s);
	st = db_stmt(&s->events, EV_FORGIVE, err);
	if (!st)
		return store_undo(s);
	put_addr(st, 1, &f->key.addr);
	put_int(st, 2, f->key.len);
	put_int(st, 3, f->time);
	return db_run(&s->events, st, err) ? store_undo(s) : 0;
}

int
store_load_forgiven(
	struct store *s, store_on_forgiven *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_FORGIVEN, err);
	struct addr addr;
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&s->events, st, err)) > 0) {
		struct forgiven f = { .time = get_int(st, 2) };

		if (!get_addr(st, 0, &addr))
			continue; /* a damaged row */
		f.key = addr_prefix(&addr, (unsigned)get_int(st, 1) & 0xff);
		rc = fn(ctx, &f);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}
