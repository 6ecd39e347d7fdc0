/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

/* block.flags */
enum {
	FLAG_MANUAL = 1,
	FLAG_LOGIN = 2,
	FLAG_OBSERVED = 4,
};

static int64_t
flags_of(const struct block *b)
{
	return (b->origin == ORIGIN_MANUAL ? FLAG_MANUAL : 0) |
	       (b->component == COMPONENT_LOGIN ? FLAG_LOGIN : 0) |
	       (b->is_observed ? FLAG_OBSERVED : 0);
}

static void
set_flags(struct block *b, int64_t flags)
{
	b->origin = flags & FLAG_MANUAL ? ORIGIN_MANUAL : ORIGIN_AUTOMATIC;
	b->component = flags & FLAG_LOGIN ? COMPONENT_LOGIN : COMPONENT_SMTP;
	b->is_observed = flags & FLAG_OBSERVED;
}

static int
set_row(struct store *s, const struct store_block *row, uint64_t hints,
	struct err *err)
{
	const struct block *b = &row->block;
	sqlite3_stmt *st = db_stmt(&s->control, CT_BLOCK_SET, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)b->id);
	put_addr(st, 2, &b->prefix.addr);
	put_int(st, 3, b->prefix.len);
	put_int(st, 4, b->from);
	put_int(st, 5, b->until);
	put_int(st, 6, row->removed);
	put_int(st, 7, flags_of(b));
	/* Nearly always the blocked address itself: not written twice. */
	if (!addr_eq(&b->cause_addr, &b->prefix.addr))
		put_addr(st, 8, &b->cause_addr);
	put_int(st, 9, (int64_t)b->cause);
	put_int(st, 10, b->score);
	put_int(st, 11, b->threshold);
	put_str(st, 12, row->by);
	put_str(st, 13, row->note);
	put_str(st, 14, row->removed_by);
	put_int(st, 15, (int64_t)hints);
	return db_run(&s->control, st, err);
}

int
store_add_block(struct store *s, const struct store_block *b,
	const struct explanation *why, struct err *err)
{
	uint64_t hints = 0;

	if (db_begin(&s->control, err) == 0 &&
		(!why || why_hints(s, why, &hints, err) == 0) &&
		set_row(s, b, hints, err) == 0 &&
		store_raise(s, S("last_block"), b->block.id, err) == 0 &&
		store_raise(s, S("last_event"), b->block.cause, err) == 0 &&
		(!why || why_add(s, &b->block, why, err) == 0))
		return 0;
	return store_undo(s);
}

int
store_change_block(struct store *s, const struct store_block *b, bool has_note,
	struct err *err)
{
	sqlite3_stmt *st;

	if (db_begin(&s->control, err))
		return store_undo(s);
	st = db_stmt(&s->control, CT_BLOCK_CHANGE, err);
	if (!st)
		return store_undo(s);
	put_int(st, 1, (int64_t)b->block.id);
	put_int(st, 2, b->block.until);
	put_int(st, 3, has_note);
	put_str(st, 4, b->note);
	return db_run(&s->control, st, err) ? store_undo(s) : 0;
}

static int
end_row(struct store *s, const struct block *b, int64_t removed, struct str by,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_BLOCK_END, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)b->id);
	put_int(st, 2, removed);
	put_str(st, 3, by);
	return db_run(&s->control, st, err);
}

int
store_end_block(struct store *s, const struct block *b, int64_t removed,
	struct str by, struct err *err)
{
	if (event_pardon(s, &b->prefix, err) == 0 &&
		db_begin(&s->control, err) == 0 &&
		end_row(s, b, removed, by, err) == 0)
		return 0;
	return store_undo(s);
}

bool
block_read(sqlite3_stmt *st, struct store_block *ret)
{
	int64_t len = get_int(st, 2);
	struct block *b = &ret->block;

	*ret = (struct store_block){
		.block = {
			.id = (uint64_t)get_int(st, 0),
			.from = get_int(st, 3),
			.until = get_int(st, 4),
			.cause = (uint64_t)get_int(st, 8),
			.score = (uint32_t)get_int(st, 9),
			.threshold = (uint32_t)get_int(st, 10),
		},
		.removed = get_int(st, 5),
		.by = get_str(st, 11),
		.note = get_str(st, 12),
		.removed_by = get_str(st, 13),
		.hints = (uint64_t)get_int(st, 14),
	};
	if (!get_addr(st, 1, &b->prefix.addr) || len < 0 || len > ADDR_BITS)
		return false;
	b->prefix = addr_prefix(&b->prefix.addr, (unsigned)len);
	if (!get_addr(st, 7, &b->cause_addr))
		b->cause_addr = b->prefix.addr;
	set_flags(b, get_int(st, 6));
	return true;
}

static int
each_block(struct db *db, sqlite3_stmt *st, store_on_block *fn, void *ctx,
	struct err *err)
{
	struct store_block b;
	int rc;

	while ((rc = db_step(db, st, err)) > 0) {
		if (!block_read(st, &b))
			rc = db_fail(db, SQLITE_CORRUPT, err);
		else
			rc = fn(ctx, &b);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
store_load_blocks(struct store *s, int64_t since, store_on_block *fn, void *ctx,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_BLOCKS, err);

	if (!st)
		return -1;
	put_int(st, 1, since);
	return each_block(&s->control, st, fn, ctx, err);
}

int /* NOLINTNEXTLINE(readability-function-size): store.h says so */
store_find_blocks(struct store *s, const struct prefix *prefix, uint64_t before,
	unsigned limit, store_on_block *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(
		&s->control, prefix ? CT_BLOCKS_OF : CT_BLOCKS_LATEST, err);

	if (!st)
		return -1;
	put_int(st, 1, before ? (int64_t)before : INT64_MAX);
	put_int(st, 2, limit);
	if (prefix) {
		put_addr(st, 3, &prefix->addr);
		put_int(st, 4, prefix->len);
		put_int(st, 5, is_v4(prefix));
	}
	return each_block(&s->control, st, fn, ctx, err);
}

int
store_find_hinted(struct store *s, const struct store_hinted *q,
	store_on_block *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_BLOCKS_HINTED, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)q->hints);
	put_int(st, 2, q->live_at);
	return each_block(&s->control, st, fn, ctx, err);
}

/* prefix_first(addr, len), prefix_last(addr, len): the ends of the prefix
 * around an address. */
static void
on_prefix_end(sqlite3_context *sql, int n, sqlite3_value **v)
{
	bool is_last = sqlite3_user_data(sql) != NULL;
	const void *addr = sqlite3_value_blob(v[0]);
	int len = sqlite3_value_int(v[1]);
	struct prefix p;
	struct addr a;

	(void)n;
	if (sqlite3_value_bytes(v[0]) != sizeof(a) || len < 0 ||
		len > ADDR_BITS)
		return; /* NULL */
	memcpy(&a, addr, sizeof(a));
	p = addr_prefix(&a, (unsigned)len);
	for (int bit = len; is_last && bit < ADDR_BITS; bit++)
		p.addr.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	sqlite3_result_blob(sql, p.addr.b, sizeof(p.addr.b), SQLITE_TRANSIENT);
}

int
block_functions(struct db *db, struct err *err)
{
	static char is_last[] = "last";
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	int rc = sqlite3_create_function(db->h, "prefix_first", 2, flags, NULL,
		on_prefix_end, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(db->h, "prefix_last", 2, flags,
			is_last, on_prefix_end, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}
