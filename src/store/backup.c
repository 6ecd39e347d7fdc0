/* SPDX-License-Identifier: ISC */

/* control.db as a run of bytes, out and in, while it is open. */

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/access.h"
#include "store/parts.h"

enum {
	HEAD_BYTES = 100, /* of a database file */
	/* Source: sqlite.org/fileformat2.html, 1.3: write and read version;
	 * 2 asks for a WAL, which memory has none of. */
	WRITE_VERSION = 18,
	READ_VERSION = 19,
	VERSION_PLAIN = 1,
};

static const char schema_sql[] =
	"select group_concat(t || char(10), '') from (select type || ' ' ||"
	" name || ' ' || coalesce(sql, '') as t from sqlite_schema"
	" where name not like 'sqlite_stat%' order by type, name)";

/* The first column of the first row as text. */
static int
ask_text(struct db *db, const char *sql, struct buf *ret, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		buf_add(ret, get_str(st, 0));
	else
		db_fail(db, rc, err);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : -1;
}

int
store_backup(struct store *s, struct buf *ret, struct err *err)
{
	sqlite3_int64 n = 0;
	unsigned char *bytes;

	if (store_commit(s, err) < 0)
		return -1;
	bytes = sqlite3_serialize(s->control.h, "main", &n, 0);
	if (!bytes || n < HEAD_BYTES || n > STORE_BACKUP_MAX) {
		sqlite3_free(bytes);
		return err_set(err,
			"%s is larger than %d MiB or can't be read; stop the "
			"daemon and copy the file",
			s->control.path, STORE_BACKUP_MAX >> 20);
	}
	bytes[WRITE_VERSION] = bytes[READ_VERSION] = VERSION_PLAIN;
	buf_add(ret, (struct str){ (char *)bytes, (size_t)n });
	sqlite3_free(bytes);
	return 0;
}

/* --- back in ----------------------------------------------------------------- */

/* A database in memory that holds @bytes. */
static int
open_bytes(struct db *db, struct str bytes, struct err *err)
{
	unsigned char *copy;
	int rc;

	snprintf(db->path, sizeof(db->path), "the backup");
	db->type = &control_type;
	if (bytes.n < HEAD_BYTES || !str_starts(bytes, S("SQLite format 3")))
		return err_set(err, "this is no backup of Brattice");
	copy = sqlite3_malloc64(bytes.n);
	if (!copy || sqlite3_open_v2(":memory:", &db->h,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			     NULL) != SQLITE_OK) {
		sqlite3_free(copy);
		return err_set(err, "there is not enough memory");
	}
	memcpy(copy, bytes.p, bytes.n);
	copy[WRITE_VERSION] = copy[READ_VERSION] = VERSION_PLAIN;
	db_harden(db);
	rc = sqlite3_deserialize(db->h, "main", copy, (sqlite3_int64)bytes.n,
		(sqlite3_int64)bytes.n,
		SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
	return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}

/* Its pages are whole, it is ours, not newer than we are, and nothing was
 * added to it. */
static int
check_form(struct db *copy, struct db *now, struct err *err)
{
	struct buf verdict CLEANUP(buf_free) = { 0 };
	struct buf is CLEANUP(buf_free) = { 0 };
	struct buf wanted CLEANUP(buf_free) = { 0 };

	if (ask_text(copy, "pragma integrity_check", &verdict, err) < 0)
		return err_set(err, "the backup is corrupt");
	if (!str_eq(buf_str(&verdict), S("ok")))
		return err_set(err, "the backup is corrupt: %.200s",
			buf_text(&verdict));
	if (db_migrate(copy, err) < 0)
		return -1;
	if (copy->is_new)
		return err_set(err, "this is no backup of Brattice");
	if (ask_text(copy, schema_sql, &is, err) < 0 ||
		ask_text(now, schema_sql, &wanted, err) < 0)
		return -1;
	return str_eq(buf_str(&is), buf_str(&wanted))
		       ? 0
		       : err_set(err, "the backup has other tables than this "
				      "Brattice makes");
}

static int
pass_block(void *ctx, const struct store_block *b)
{
	(void)ctx;
	(void)b;
	return 0;
}

static int
pass_never(void *ctx, const struct store_never *n)
{
	(void)ctx;
	(void)n;
	return 0;
}

static int
pass_lock(void *ctx, const struct store_lock *l)
{
	(void)ctx;
	(void)l;
	return 0;
}

static int
pass_access(void *ctx, const struct store_access *row)
{
	(void)ctx;
	(void)row;
	return 0;
}

/* Every row can be read as what it is. */
static int
check_rows(struct store *trial, struct err *err)
{
	struct settings settings;

	if (store_load_settings(trial, &settings, err) < 0 ||
		store_load_never(trial, pass_never, NULL, err) < 0 ||
		store_load_blocks(trial, INT64_MIN, pass_block, NULL, err) <
			0 ||
		store_load_locks(trial, INT64_MIN, pass_lock, NULL, err) < 0 ||
		access_load(trial, pass_access, NULL, err) < 0)
		return -1;
	return 0;
}

static int
copy_over(struct db *to, struct db *from, struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to->h, "main", from->h, "main");
	int rc = SQLITE_ERROR;

	if (b) {
		(void)sqlite3_backup_step(b, -1);
		rc = sqlite3_backup_finish(b);
	}
	return rc == SQLITE_OK ? 0 : db_fail(to, rc, err);
}

static int
restore(struct store *s, struct store *trial, struct str bytes,
	struct store_opened *ret, struct err *err)
{
	struct db *copy = &trial->control;

	/* Numbers that were given since the backup must not come again. */
	if (store_commit(s, err) < 0 || store_numbers(s, ret, err) < 0 ||
		open_bytes(copy, bytes, err) < 0 ||
		check_form(copy, &s->control, err) < 0 ||
		check_rows(trial, err) < 0 ||
		store_raise(trial, S("last_block"), ret->last_block, err) < 0 ||
		store_raise(trial, S("last_event"), ret->last_event, err) < 0)
		return -1;
	if (audit_keep(trial, s, err) < 0)
		return -1;
	return copy_over(&s->control, copy, err);
}

int
store_restore(struct store *s, struct str bytes, struct store_opened *ret,
	struct err *err)
{
	struct store *trial = mem_alloc(1, sizeof(*trial));
	struct store_opened opened = { .key = s->key };
	int rc = restore(s, trial, bytes, &opened, err);

	db_close(&trial->control);
	free(trial);
	if (rc == 0)
		rc = store_numbers(s, &opened, err);
	if (rc == 0)
		*ret = opened;
	return rc;
}
