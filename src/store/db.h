/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One SQLite file: how it is opened, its statements, its transaction and
 * what its errors mean to a person.  Knows nothing of tables.
 */

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/str.h"

enum {
	DB_PATH_MAX = 4096,
	DB_STMTS_MAX = 80,
	DB_APPLICATION = 0x42726174, /* PRAGMA application_id: "Brat" */
	DB_PAGE_BYTES = 4096,
};

/* What kind of file it is: its texts are const tables. */
struct db_type {
	const char *name;	  /* "control.db" */
	const char *first;	  /* run when it is empty, or NULL */
	const char *pragmas;	  /* run at each opening; may write nothing */
	const char *const *steps; /* steps[v]: from schema v to v + 1 */
	unsigned steps_n;	  /* schema of this program */
	const char *const *sql;	  /* statements by number */
	unsigned sql_n;
};

struct db {
	sqlite3 *h;
	const struct db_type *type;
	sqlite3_stmt *stmts[DB_STMTS_MAX];
	char path[DB_PATH_MAX];
	int64_t deadline_ns; /* monotonic: give up then */
	bool is_new;	     /* was empty */
	bool is_corrupt;     /* an error said so */
	bool is_busy;	     /* the last error: another holds its lock */
	bool is_late;	     /* an error said that the time was up */
	bool is_foreign;     /* newer schema, or of another program */
};

enum db_access {
	DB_WRITE,	    /* make, migrate */
	DB_WRITE_EXCLUSIVE, /* and keep everybody else out: no -shm file */
	DB_READ,
	DB_READ_EXCLUSIVE, /* as it is left, when nothing can be written */
};

/**
 * db_open - open a file, make or migrate it, set it up
 * @db      zeroed; closed again on failure, its flags say what was found
 * @type    which file
 * @folder  absolute path without symbolic links
 * @access  what for
 * @err     what is wrong and what to do
 *
 * Waits at most 2 s for another process' lock.  Nothing is written to a
 * file of a newer schema.  Returns 0, or -1 with @err.
 */
int db_open(struct db *db, const struct db_type *type, const char *folder,
	enum db_access access, struct err *err);

/**
 * db_close - close; what isn't committed is lost
 * @db  open, closed or zeroed
 */
void db_close(struct db *db);

/**
 * db_stmt - a prepared statement, to bind and step
 * @db   open
 * @n    its number in the table
 * @err  when it can't be prepared
 *
 * Returns it without bindings, or NULL with @err.
 */
sqlite3_stmt *db_stmt(struct db *db, unsigned n, struct err *err);

/**
 * db_step - the next row
 * @db   open
 * @st   from db_stmt(); reset when there is no row
 * @err  when it fails
 *
 * Returns 1 for a row, 0 for the end, -1 with @err.
 */
int db_step(struct db *db, sqlite3_stmt *st, struct err *err);

/**
 * db_run - step a statement to its end
 * @db   open
 * @st   from db_stmt(), or NULL when that failed (@err is set)
 * @err  when it fails
 *
 * Returns 0, or -1 with @err.
 */
int db_run(struct db *db, sqlite3_stmt *st, struct err *err);

/**
 * db_exec - run a text of statements, without rows
 * @db   open
 * @sql  constant text
 * @err  when it fails
 *
 * Returns 0, or -1 with @err.
 */
int db_exec(struct db *db, const char *sql, struct err *err);

/**
 * db_int - the number that a statement without bindings gives
 * @db   open
 * @n    its number in the table
 * @ret  first column of the first row; 0 for NULL and for no row
 * @err  when it fails
 *
 * Returns 0, or -1 with @err.
 */
int db_int(struct db *db, unsigned n, int64_t *ret, struct err *err);

/**
 * db_begin - begin a transaction unless one is open
 * @db   open
 * @err  when it can't
 *
 * Returns 0, or -1 with @err.
 */
int db_begin(struct db *db, struct err *err);

/**
 * db_commit - commit when a transaction is open
 * @db   open
 * @err  when it can't
 *
 * Returns 0, or -1 with @err; the transaction is rolled back then.
 */
int db_commit(struct db *db, struct err *err);

/**
 * db_rollback - drop an open transaction
 * @db  open or closed
 */
void db_rollback(struct db *db);

/**
 * db_fail - turn SQLite's error into words
 * @db   open; remembers corruption
 * @rc   extended result code
 * @err  filled
 *
 * Returns -1.
 */
int db_fail(struct db *db, int rc, struct err *err);

/**
 * db_harden - let nothing that stands in the file be executed
 * @db  connected
 */
void db_harden(struct db *db);

/**
 * db_migrate - take the steps that a file lacks, one transaction each
 * @db   open for writing
 * @err  which step failed; a newer schema is refused before any writing
 *
 * Returns 0, or -1 with @err.
 */
int db_migrate(struct db *db, struct err *err);

/**
 * db_limit - let everything on this connection end after a time
 * @db  open
 * @ms  from now [ms]; 0: no limit
 */
void db_limit(struct db *db, int64_t ms);

/* Bind by number, 1 …; what is bound is borrowed until the reset. */
static inline void
put_int(sqlite3_stmt *st, int i, int64_t v)
{
	sqlite3_bind_int64(st, i, v);
}

static inline void
put_str(sqlite3_stmt *st, int i, struct str s)
{
	if (s.n)
		sqlite3_bind_blob(st, i, s.p, (int)s.n, SQLITE_STATIC);
}

static inline void
put_addr(sqlite3_stmt *st, int i, const struct addr *a)
{
	sqlite3_bind_blob(st, i, a->b, sizeof(a->b), SQLITE_STATIC);
}

/* Read by number, 0 …; texts are borrowed until the next step. */
static inline int64_t
get_int(sqlite3_stmt *st, int i)
{
	return sqlite3_column_int64(st, i);
}

static inline struct str
get_str(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);

	return (struct str){ p, (size_t)sqlite3_column_bytes(st, i) };
}

/* False when the column isn't an address. */
static inline bool
get_addr(sqlite3_stmt *st, int i, struct addr *ret)
{
	struct str s = get_str(st, i);

	if (s.n != sizeof(ret->b))
		return false;
	memcpy(ret->b, s.p, sizeof(ret->b));
	return true;
}
