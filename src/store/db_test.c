/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <stdlib.h>

#include "store/fixture.h"

static const char *const steps[] = {
	"create table a (x); insert into a values (1)",
	"alter table a add column y; update a set y = x + 1",
	"create table b (x); this is not SQL",
};
static const char endless[] =
	"with recursive c (n) as (select 1 union all select n + 1 from c)"
	" select count(*) from c";
static const char *const sql[] = { "select y from a",
	"select count(*) from sqlite_schema", "pragma user_version", endless };
static int
open_version(struct fixture *f, unsigned version, struct db *db)
{
	static struct db_type type = { .name = "test.db",
		.steps = steps,
		.sql = sql,
		.sql_n = ARRAY_LEN(sql) };
	char *folder = realpath(f->folder, NULL);
	int rc;

	type.pragmas = "pragma journal_mode = wal";
	type.steps_n = version;
	*db = (struct db){ 0 };
	rc = db_open(db, &type, folder, DB_WRITE, &f->err);
	free(folder);
	return rc;
}

static void
test_migration_takes_the_missing_steps(void **state)
{
	struct fixture *f = *state;
	int64_t value;
	struct db db;

	fixture_ok(f, open_version(f, 1, &db));
	db_close(&db);
	fixture_ok(f, open_version(f, 2, &db));
	fixture_ok(f, db_int(&db, 0, &value, &f->err));
	assert_int_equal(value, 2);
	db_close(&db);
	fixture_ok(f, open_version(f, 2, &db));
	db_close(&db);
	assert_int_equal(open_version(f, 1, &db), -1);
	assert_true(db.is_foreign);
}

static void
test_a_step_that_fails_leaves_the_version_before_it(void **state)
{
	struct fixture *f = *state;
	int64_t value;
	struct db db;

	assert_int_equal(open_version(f, 3, &db), -1);
	fixture_ok(f, open_version(f, 2, &db));
	fixture_ok(f, db_int(&db, 1, &value, &f->err));
	assert_int_equal(value, 1);
	fixture_ok(f, db_int(&db, 2, &value, &f->err));
	assert_int_equal(value, 2);
	db_close(&db);
}

static void
test_a_question_without_end_is_ended(void **state)
{
	struct fixture *f = *state;
	int64_t value;
	struct db db;

	fixture_ok(f, open_version(f, 2, &db));
	db_limit(&db, 20);
	assert_int_equal(db_int(&db, 3, &value, &f->err), -1);
	assert_non_null(strstr(f->err.text, "takes too long; narrow it"));
	db_limit(&db, 0);
	fixture_ok(f, db_int(&db, 0, &value, &f->err));
	db_close(&db);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_migration_takes_the_missing_steps),
		T(test_a_step_that_fails_leaves_the_version_before_it),
		T(test_a_question_without_end_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
