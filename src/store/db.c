/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sys/clock.h"

enum {
	BUSY_MS = 1500,	     /* patience with another process' lock [ms] */
	LIMIT_STEPS = 1000,  /* virtual machine steps between two looks */
	WAL_PAGES = 2000,    /* checkpoint when the WAL has so many pages */
	WAL_MAX = 16 * 1024, /* and wait for readers to let go at 64 MiB */
};

/* What an error means to a person; by primary code, "%s" is the path. */
static const struct advice {
	int code;
	const char *text;
} advices[] = {
	{ SQLITE_BUSY,
		"is locked by another process; stop it (another bratticed, "
		"or an sqlite3 shell) and try again" },
	{ SQLITE_FULL, "can't grow: make room on its file system" },
	{ SQLITE_READONLY,
		"can't be written; check that its file system isn't mounted "
		"read-only and that file and folder belong to the daemon" },
	{ SQLITE_CANTOPEN,
		"can't be opened; check that its folder exists, belongs to "
		"the daemon and has room" },
	{ SQLITE_PERM, "can't be opened; check its owner and mode" },
	{ SQLITE_CORRUPT,
		"is corrupt; put a backup in its place, or move it away "
		"together with its -wal file" },
	{ SQLITE_NOTADB,
		"is not a database; put a backup in its place, or move it "
		"away together with its -wal file" },
	{ SQLITE_IOERR, "can't be read or written; check disk and kernel log" },
	{ SQLITE_INTERRUPT,
		"was asked for something that takes too long; narrow it by "
		"address or time" },
};

/* Our statements are constant and right: what SQLite calls an error in them
 * is a damaged schema, or a head that looks like a format of the future. */
static bool
is_damage(int code)
{
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
	       code == SQLITE_ERROR;
}

int
db_fail(struct db *db, int rc, struct err *err)
{
	int code = rc & 0xff, system = db->h ? sqlite3_system_errno(db->h) : 0;
	const char *advice = "failed", *what = sqlite3_errstr(rc);

	if (is_damage(code))
		db->is_corrupt = true;
	db->is_busy = code == SQLITE_BUSY;
	db->is_late |= code == SQLITE_INTERRUPT;
	for (size_t i = 0; i < ARRAY_LEN(advices); i++)
		if (advices[i].code == code)
			advice = advices[i].text;
	if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN)
		return err_set(err, "%s %s (%s: %s)", db->path, advice, what,
			strerror(system));
	if (db->h && sqlite3_extended_errcode(db->h) == rc)
		what = sqlite3_errmsg(db->h);
	return err_set(err, "%s %s (%s)", db->path, advice, what);
}

sqlite3_stmt *
db_stmt(struct db *db, unsigned n, struct err *err)
{
	int rc;

	if (!db->h) {
		err_set(err, "the file isn't open");
		return NULL;
	}
	if (!db->stmts[n]) {
		rc = sqlite3_prepare_v3(db->h, db->type->sql[n], -1,
			SQLITE_PREPARE_PERSISTENT, &db->stmts[n], NULL);
		if (rc != SQLITE_OK) {
			db_fail(db, rc, err);
			return NULL;
		}
	}
	sqlite3_reset(db->stmts[n]);
	sqlite3_clear_bindings(db->stmts[n]);
	return db->stmts[n];
}

int
db_step(struct db *db, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (LIKELY(rc == SQLITE_ROW))
		return 1;
	if (rc != SQLITE_DONE)
		db_fail(db, rc, err);
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
db_run(struct db *db, sqlite3_stmt *st, struct err *err)
{
	int rc;

	if (!st)
		return -1;
	do
		rc = db_step(db, st, err);
	while (rc > 0);
	return rc;
}

int
db_exec(struct db *db, const char *sql, struct err *err)
{
	if (!db->h)
		return err_set(err, "the file isn't open");
	int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}

int
db_int(struct db *db, unsigned n, int64_t *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, n, err);
	int rc = st ? db_step(db, st, err) : -1;

	if (rc < 0)
		return -1;
	*ret = rc ? get_int(st, 0) : 0;
	sqlite3_reset(st);
	return 0;
}

int
db_begin(struct db *db, struct err *err)
{
	if (db->h && !sqlite3_get_autocommit(db->h))
		return 0;
	return db_exec(db, "begin immediate", err);
}

int
db_commit(struct db *db, struct err *err)
{
	if (!db->h || sqlite3_get_autocommit(db->h))
		return 0;
	if (db_exec(db, "commit", err) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

void
db_rollback(struct db *db)
{
	struct err ignored;

	/* Grave errors have rolled back already. */
	if (db->h && !sqlite3_get_autocommit(db->h))
		db_exec(db, "rollback", &ignored);
}

static int
on_progress(void *ctx)
{
	const struct db *db = ctx;

	return clock_mono_ns() > db->deadline_ns;
}

void
db_limit(struct db *db, int64_t ms)
{
	db->deadline_ns = clock_mono_ns() + ms * 1000000;
	sqlite3_progress_handler(
		db->h, ms ? LIMIT_STEPS : 0, ms ? on_progress : NULL, db);
}

/* A reader that stays keeps the WAL from being begun anew: beyond a size
 * the writer waits for it, at most BUSY_MS. */
static int
on_wal(void *ctx, sqlite3 *h, const char *schema, int pages)
{
	int mode = SQLITE_CHECKPOINT_PASSIVE;

	(void)ctx;
	if (pages >= WAL_MAX)
		mode = SQLITE_CHECKPOINT_TRUNCATE;
	/* A checkpoint that fails is tried again after the next commit;
	 * the commit itself stands. */
	if (pages >= WAL_PAGES)
		sqlite3_wal_checkpoint_v2(h, schema, mode, NULL, NULL);
	return SQLITE_OK;
}

/* The first number a text of SQL gives. */
static int
ask(struct db *db, const char *sql, int64_t *ret, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*ret = get_int(st, 0);
	else
		db_fail(db, rc, err);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : -1;
}

/* Is it ours, and not from the future?  Reads only. */
static int
check_identity(struct db *db, int64_t *ret_version, struct err *err)
{
	int64_t application = 0, version = 0, tables = 0;

	if (ask(db, "pragma application_id", &application, err) ||
		ask(db, "pragma user_version", &version, err) ||
		ask(db, "select count(*) from sqlite_schema", &tables, err))
		return -1;
	db->is_foreign = true;
	if (tables && application != DB_APPLICATION)
		return err_set(err,
			"%s belongs to another program; give Brattice a "
			"folder of its own",
			db->path);
	if (version < 0 || version > (int64_t)db->type->steps_n)
		return err_set(err,
			"%s was written by a newer Brattice (schema %lld, "
			"this one knows %u); install that version again, or "
			"restore a backup",
			db->path, (long long)version, db->type->steps_n);
	db->is_foreign = false;
	*ret_version = version;
	return 0;
}

static int
take_step(struct db *db, unsigned from, struct err *err)
{
	char after[96];

	snprintf(after, sizeof(after),
		"pragma user_version = %u; pragma application_id = %d",
		from + 1, DB_APPLICATION);
	if (db_begin(db, err))
		return -1;
	if (db_exec(db, db->type->steps[from], err) == 0 &&
		db_exec(db, after, err) == 0)
		return db_commit(db, err);
	db_rollback(db);
	return -1;
}

int
db_migrate(struct db *db, struct err *err)
{
	int64_t version = 0;

	if (check_identity(db, &version, err))
		return -1;
	db->is_new = version == 0;
	for (unsigned v = (unsigned)version; v < db->type->steps_n; v++)
		if (take_step(db, v, err))
			return -1;
	return 0;
}

/* The file is made by us, so that nobody else may read it. */
static int
make_file(struct db *db, struct err *err)
{
	int fd = open(db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || errno == EEXIST)
		return 0;
	return err_set(err,
		"%s can't be made: %s; check that its folder exists, belongs "
		"to the daemon and has room",
		db->path, strerror(errno));
}

void
db_harden(struct db *db)
{
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

static bool
is_read(enum db_access access)
{
	return access == DB_READ || access == DB_READ_EXCLUSIVE;
}

static int
connect_file(struct db *db, enum db_access access, struct err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_EXRESCODE;
	int rc;

	/* To read a WAL alone takes a lock that needs a file for writing. */
	flags |= access == DB_READ ? SQLITE_OPEN_READONLY
				   : SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(db->path, &db->h, flags, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc, err);
	db_harden(db);
	sqlite3_busy_timeout(db->h, is_read(access) ? 0 : BUSY_MS);
	if (is_read(access))
		sqlite3_db_config(
			db->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	else if (sqlite3_db_readonly(db->h, "main") == 1)
		return db_fail(db, SQLITE_READONLY, err);
	return 0;
}

static int
set_up(struct db *db, enum db_access access, struct err *err)
{
	int64_t version = 0;

	if ((access == DB_WRITE_EXCLUSIVE || access == DB_READ_EXCLUSIVE) &&
		db_exec(db, "pragma locking_mode = exclusive", err))
		return -1;
	if (db_exec(db,
		    "pragma cell_size_check = on; pragma mmap_size = 0;"
		    "pragma temp_store = memory",
		    err))
		return -1;
	if (check_identity(db, &version, err))
		return -1;
	if (is_read(access))
		return 0;
	sqlite3_wal_hook(db->h, on_wal, NULL);
	if ((version == 0 && db->type->first &&
		    db_exec(db, db->type->first, err)) ||
		db_exec(db, db->type->pragmas, err))
		return -1;
	return db_migrate(db, err);
}

int
db_open(struct db *db, const struct db_type *type, const char *folder,
	enum db_access access, struct err *err)
{
	int n = snprintf(
		db->path, sizeof(db->path), "%s/%s", folder, type->name);

	db->type = type;
	if (n >= (int)sizeof(db->path))
		return err_set(err, "the path of %s is too long", type->name);
	if ((is_read(access) || make_file(db, err) == 0) &&
		connect_file(db, access, err) == 0 &&
		set_up(db, access, err) == 0)
		return 0;
	db_close(db);
	return -1;
}

void
db_close(struct db *db)
{
	for (size_t i = 0; i < ARRAY_LEN(db->stmts); i++) {
		sqlite3_finalize(db->stmts[i]);
		db->stmts[i] = NULL;
	}
	sqlite3_close(db->h);
	db->h = NULL;
}
