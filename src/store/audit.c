/* SPDX-License-Identifier: ISC */

/*
 * The audit log.  Each row has the hash of itself behind the hash of the
 * row before, and table meta has the number of the last one: a row can't
 * be changed, taken out or cut off unseen by whoever doesn't do all of
 * those hashes again.
 */

#include "store/audit.h"

#include "base/mem.h"
#include "store/parts.h"

static void
add_text(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.n);
	buf_add(b, s);
}

static void
hash_row(const uint8_t last[CRYPT_DIGEST], const struct store_audit *a,
	uint8_t ret[CRYPT_DIGEST])
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%llu %lld ", (unsigned long long)a->id,
		(long long)a->time);
	add_text(&b, a->actor);
	add_text(&b, a->via);
	add_text(&b, a->address);
	add_text(&b, a->action);
	add_text(&b, a->target);
	add_text(&b, a->before);
	add_text(&b, a->after);
	add_text(&b, a->note);
	crypt_digest_join((struct str){ (const char *)last, CRYPT_DIGEST },
		buf_str(&b), ret);
}

static int
get_hash(struct db *db, sqlite3_stmt *st, int i, uint8_t ret[CRYPT_DIGEST],
	struct err *err)
{
	struct str s = get_str(st, i);

	if (s.n != CRYPT_DIGEST)
		return db_fail(db, SQLITE_CORRUPT, err);
	memcpy(ret, s.p, CRYPT_DIGEST);
	return 0;
}

static int
find_last(struct db *db, struct store_audit *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, CT_AUDIT_LAST, err);
	int rc;

	*ret = (struct store_audit){ 0 };
	if (!st)
		return -1;
	rc = db_step(db, st, err);
	if (rc > 0) {
		ret->id = (uint64_t)get_int(st, 0);
		rc = get_hash(db, st, 1, ret->hash, err);
	}
	sqlite3_reset(st);
	return rc;
}

static int
write_row(struct db *db, const struct store_audit *a, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, CT_AUDIT_ADD, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)a->id);
	put_int(st, 2, a->time);
	put_str(st, 3, a->actor);
	put_str(st, 4, a->via);
	put_str(st, 5, a->address);
	put_str(st, 6, a->action);
	put_str(st, 7, a->target);
	put_str(st, 8, a->before);
	put_str(st, 9, a->after);
	put_str(st, 10, a->note);
	put_str(st, 11, (struct str){ (const char *)a->hash, CRYPT_DIGEST });
	return db_run(db, st, err);
}

int
audit_add(struct store *s, const struct store_audit *a, struct err *err)
{
	struct store_audit row = *a, last;

	if (find_last(&s->control, &last, err) < 0)
		return -1;
	row.id = last.id + 1;
	hash_row(last.hash, &row, row.hash);
	if (write_row(&s->control, &row, err) < 0)
		return -1;
	return store_raise(s, S("last_audit"), row.id, err);
}

static int
read_row(struct db *db, sqlite3_stmt *st, struct store_audit *ret,
	struct err *err)
{
	*ret = (struct store_audit){
		.id = (uint64_t)get_int(st, 0),
		.time = get_int(st, 1),
		.actor = get_str(st, 2),
		.via = get_str(st, 3),
		.address = get_str(st, 4),
		.action = get_str(st, 5),
		.target = get_str(st, 6),
		.before = get_str(st, 7),
		.after = get_str(st, 8),
		.note = get_str(st, 9),
	};
	return get_hash(db, st, 10, ret->hash, err);
}

int
audit_find(struct store *s, const struct audit_query *q, audit_on_row *fn,
	void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control,
		q->is_oldest_first ? CT_AUDIT_UP : CT_AUDIT_DOWN, err);
	struct store_audit row;
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, 0);
	put_int(st, 2, q->before ? (int64_t)q->before : INT64_MAX);
	put_int(st, 3, q->since);
	put_int(st, 4, q->until ? q->until : INT64_MAX);
	put_str(st, 5, q->text);
	put_int(st, 6, q->limit ? q->limit : INT64_MAX);
	while ((rc = db_step(&s->control, st, err)) > 0) {
		rc = read_row(&s->control, st, &row, err);
		if (rc == 0)
			rc = fn(ctx, &row);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

/* --- verify --------------------------------------------------------------- */

struct chain {
	struct audit_verdict verdict;
	uint64_t last_id;
	uint8_t last[CRYPT_DIGEST];
};

static int
on_link(void *ctx, const struct store_audit *a)
{
	struct chain *c = ctx;
	uint8_t hash[CRYPT_DIGEST];

	c->verdict.rows++;
	hash_row(c->last, a, hash);
	if (a->id != c->last_id + 1 ||
		memcmp(hash, a->hash, CRYPT_DIGEST) != 0) {
		c->verdict.first_bad = c->last_id + 1;
		return 1;
	}
	c->last_id = a->id;
	memcpy(c->last, hash, CRYPT_DIGEST);
	return 0;
}

int
audit_verify(struct store *s, struct audit_verdict *ret, struct err *err)
{
	const struct audit_query all = { .is_oldest_first = true };
	struct chain c = { 0 };
	uint64_t end;

	if (audit_find(s, &all, on_link, &c, err) < 0 ||
		store_meta(s, S("last_audit"), &end, err) < 0)
		return -1;
	if (!c.verdict.first_bad && c.last_id != end)
		c.verdict.first_bad = c.last_id + 1;
	*ret = c.verdict;
	return 0;
}

/* --- a restore -------------------------------------------------------------- */

struct copy {
	struct store *to;
	uint64_t last;
	struct err *err;
};

static int
on_copy(void *ctx, const struct store_audit *a)
{
	struct copy *c = ctx;

	c->last = a->id;
	return write_row(&c->to->control, a, c->err);
}

int
audit_keep(struct store *to, struct store *from, struct err *err)
{
	const struct audit_query all = { .is_oldest_first = true };
	struct copy c = { .to = to, .err = err };
	struct db *db = &to->control;

	if (db_begin(db, err) ||
		db_run(db, db_stmt(db, CT_AUDIT_CLEAR, err), err) ||
		db_run(db, db_stmt(db, CT_SESSIONS_FORGET, err), err) ||
		audit_find(from, &all, on_copy, &c, err) < 0 ||
		store_raise(to, S("last_audit"), c.last, err))
		return -1;
	return db_commit(db, err);
}
