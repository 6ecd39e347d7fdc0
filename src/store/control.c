/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

static int
set_never(struct store *s, const struct store_never *n, uint64_t *ret_id,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_NEVER_SET, err);
	int rc;

	if (!st)
		return -1;
	put_addr(st, 1, &n->prefix.addr);
	put_int(st, 2, n->prefix.len);
	put_int(st, 3, n->added);
	put_str(st, 4, n->by);
	put_str(st, 5, n->note);
	rc = db_step(&s->control, st, err);
	if (rc > 0)
		*ret_id = (uint64_t)get_int(st, 0);
	return rc < 0 ? -1 : db_run(&s->control, st, err);
}

int
store_add_never(struct store *s, const struct store_never *n, uint64_t *ret_id,
	struct err *err)
{
	if (db_begin(&s->control, err) == 0 &&
		set_never(s, n, ret_id, err) == 0)
		return 0;
	return store_undo(s);
}

int
store_remove_never(struct store *s, const struct prefix *p, struct err *err)
{
	sqlite3_stmt *st;

	if (db_begin(&s->control, err))
		return store_undo(s);
	st = db_stmt(&s->control, CT_NEVER_REMOVE, err);
	if (!st)
		return store_undo(s);
	put_addr(st, 1, &p->addr);
	put_int(st, 2, p->len);
	return db_run(&s->control, st, err) ? store_undo(s) : 0;
}

static bool
read_never(sqlite3_stmt *st, struct store_never *ret)
{
	int64_t len = get_int(st, 2);
	struct addr addr;

	if (!get_addr(st, 1, &addr) || len < 0 || len > ADDR_BITS)
		return false;
	*ret = (struct store_never){
		.id = (uint64_t)get_int(st, 0),
		.prefix = addr_prefix(&addr, (unsigned)len),
		.added = get_int(st, 3),
		.by = get_str(st, 4),
		.note = get_str(st, 5),
	};
	return true;
}

int
store_load_never(
	struct store *s, store_on_never *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_NEVERS, err);
	struct store_never n;
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&s->control, st, err)) > 0) {
		rc = read_never(st, &n)
			     ? fn(ctx, &n)
			     : db_fail(&s->control, SQLITE_CORRUPT, err);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

static int
set_setting(struct store *s, const struct store_change *c, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control,
		c->after.n ? CT_SETTING_SET : CT_SETTING_REMOVE, err);

	if (!st)
		return -1;
	put_str(st, 1, c->name);
	if (c->after.n)
		put_str(st, 2, c->after);
	return db_run(&s->control, st, err);
}

static int
add_change(struct store *s, const struct store_change *c, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_CHANGE_ADD, err);

	if (!st)
		return -1;
	put_int(st, 1, c->time);
	put_str(st, 2, c->name);
	put_str(st, 3, c->before);
	put_str(st, 4, c->after);
	put_str(st, 5, c->by);
	return db_run(&s->control, st, err);
}

int
store_set_setting(
	struct store *s, const struct store_change *c, struct err *err)
{
	if (db_begin(&s->control, err) == 0 && set_setting(s, c, err) == 0 &&
		add_change(s, c, err) == 0)
		return 0;
	return store_undo(s);
}

int
store_load_settings(struct store *s, struct settings *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_SETTINGS, err);
	int rc;

	*ret = settings_default();
	if (!st)
		return -1;
	err_set(err, "%s", "");
	while ((rc = db_step(&s->control, st, err)) > 0)
		/* One value that is no longer allowed isn't a reason to
		 * forget the others, or not to start. */
		(void)settings_set(ret, get_str(st, 0), get_str(st, 1), err);
	return rc;
}

int
store_find_changes(struct store *s, const struct store_change_query *q,
	store_on_change *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_CHANGES, err);
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, q->before ? (int64_t)q->before : INT64_MAX);
	put_str(st, 2, q->name);
	put_int(st, 3, q->limit);
	while ((rc = db_step(&s->control, st, err)) > 0) {
		struct store_change c = {
			.id = (uint64_t)get_int(st, 0),
			.time = get_int(st, 1),
			.name = get_str(st, 2),
			.before = get_str(st, 3),
			.after = get_str(st, 4),
			.by = get_str(st, 5),
		};

		rc = fn(ctx, &c);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}
