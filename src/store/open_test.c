/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/fixture.h"

static void
close_store(struct fixture *f)
{
	store_close(f->store);
	f->store = NULL;
}

/* The store can't be opened, and the reason has this in it. */
static void
assert_refused(struct fixture *f, const char *reason)
{
	assert_null(fixture_open(f));
	if (!strstr(f->err.text, reason))
		fail_msg("\"%s\" is not in \"%s\"", reason, f->err.text);
}

static void
overwrite(struct fixture *f, const char *name, off_t at, size_t n)
{
	int fd = open(fixture_path(f, name), O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pwrite(fd, "\xa5", 1, at + (off_t)i), 1);
	close(fd);
}

/* Change a file as another program would. */
static void
run_sql(struct fixture *f, const char *name, const char *sql)
{
	sqlite3 *h;

	assert_int_equal(sqlite3_open(fixture_path(f, name), &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(h);
}

static uint64_t
checksum(struct fixture *f, const char *name)
{
	static const struct hash_key key = { 1, 2 };
	FILE *in = fopen(fixture_path(f, name), "r");
	static char text[1 << 20];
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof(text), in);
	fclose(in);
	return hash_bytes(&key, (struct str){ text, n });
}

static void
add_rows(struct fixture *f, uint64_t first, unsigned n)
{
	for (uint64_t id = first; id < first + n; id++) {
		struct store_event e = fixture_event(id, "192.0.2.1");

		fixture_ok(f, store_add_event(f->store, &e, &f->err));
	}
}

static int
count_event(void *ctx, const struct stored *e)
{
	unsigned *n = ctx;

	(void)e;
	++*n;
	return 0;
}

static unsigned
events(struct fixture *f)
{
	unsigned n = 0;

	fixture_ok(f, store_load_events(f->store, 0, count_event, &n, &f->err));
	return n;
}

static int
count_block(void *ctx, const struct store_block *b)
{
	unsigned *n = ctx;

	(void)b;
	++*n;
	return 0;
}

static unsigned
blocks(struct fixture *f)
{
	unsigned n = 0;

	fixture_ok(f, store_load_blocks(f->store, 0, count_block, &n, &f->err));
	return n;
}

static void
test_a_new_store_has_a_random_key_that_stays(void **state)
{
	struct fixture *f = *state;
	struct hash_key key = f->opened.key;
	struct stat st;

	assert_true(f->opened.is_new);
	assert_true(key.k0 && key.k1 && key.k0 != key.k1);
	assert_int_equal(f->opened.last_event, 0);
	assert_int_equal(stat(fixture_path(f, "control.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	fixture_reopen(f);
	assert_false(f->opened.is_new);
	assert_false(f->opened.events_moved);
	assert_memory_equal(&key, &f->opened.key, sizeof(key));
}

static void
test_a_corrupt_event_log_is_moved_aside(void **state)
{
	struct fixture *f = *state;
	struct store_block b = fixture_block(1, "192.0.2.1");
	struct hash_key key = f->opened.key;
	struct stat st;

	for (unsigned i = 0; i < 2; i++) {
		add_rows(f, 1, 100);
		fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
		close_store(f);
		overwrite(f, "events.db", 0, 8192);
		assert_non_null(fixture_open(f));
		assert_true(f->opened.events_moved);
		assert_non_null(strstr(f->opened.notice, "events.db.corrupt"));
		assert_int_equal(events(f), 0);
		assert_int_equal(blocks(f), 1);
		assert_int_equal(
			stat(fixture_path(f, "events.db.corrupt"), &st), 0);
	}
	assert_memory_not_equal(&key, &f->opened.key, sizeof(key));
}

static void
test_corruption_while_running_can_be_mended(void **state)
{
	struct fixture *f = *state;
	struct hash_key key = f->opened.key;
	unsigned n = 0;

	add_rows(f, 1, 5000);
	close_store(f);
	/* Behind the first pages, where opening doesn't look. */
	overwrite(f, "events.db", 20 * 4096L, 40 * 4096L);
	assert_non_null(fixture_open(f));
	assert_false(f->opened.events_moved);
	assert_int_equal(
		store_load_events(f->store, 0, count_event, &n, &f->err), -1);
	assert_true(store_is_broken(f->store));
	fixture_ok(f, store_reset_events(f->store, &f->err));
	assert_false(store_is_broken(f->store));
	add_rows(f, 5001, 10);
	fixture_ok(f, store_commit(f->store, &f->err));
	assert_int_equal(events(f), 10);
	fixture_reopen(f);
	assert_memory_equal(&key, &f->opened.key, sizeof(key));
}

static void
test_a_corrupt_control_file_is_refused(void **state)
{
	struct fixture *f = *state;

	close_store(f);
	overwrite(f, "control.db", 0, 8192);
	assert_refused(f, "control.db is not a database; put a backup");
}

static void
test_a_newer_schema_is_refused_untouched(void **state)
{
	static const char *const names[] = { "control.db", "events.db" };
	static const char *const back[] = { "pragma user_version = 5",
		"pragma user_version = 3" };
	struct fixture *f = *state;

	close_store(f);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		uint64_t before;

		run_sql(f, names[i], "pragma user_version = 99");
		before = checksum(f, names[i]);
		assert_refused(f, "newer Brattice (schema 99, this one knows");
		assert_non_null(strstr(f->err.text, names[i]));
		assert_int_equal(checksum(f, names[i]), before);
		run_sql(f, names[i], back[i]);
	}
	assert_non_null(fixture_open(f));
}

static void
test_a_file_of_another_program_is_refused_untouched(void **state)
{
	struct fixture *f = *state;
	uint64_t before;

	close_store(f);
	assert_int_equal(remove(fixture_path(f, "control.db")), 0);
	run_sql(f, "control.db", "create table block (x)");
	before = checksum(f, "control.db");
	assert_refused(f, "belongs to another program");
	assert_int_equal(checksum(f, "control.db"), before);
}

static void
test_an_empty_file_is_filled(void **state)
{
	struct fixture *f = *state;

	close_store(f);
	assert_int_equal(truncate(fixture_path(f, "control.db"), 0), 0);
	assert_int_equal(truncate(fixture_path(f, "events.db"), 0), 0);
	assert_non_null(fixture_open(f));
	assert_true(f->opened.is_new);
	assert_int_equal(blocks(f) + events(f), 0);
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Another process opens the folder; exits 0 when it is told why it
 * can't, soon. */
static int
try_from_outside(const struct fixture *f)
{
	struct fixture other = *f;
	double start = now_s();

	if (fixture_open(&other))
		return 1;
	if (!strstr(other.err.text, "control.db is locked by another process"))
		return 2;
	return now_s() - start < 2 ? 0 : 3;
}

static void
test_a_second_daemon_is_told_who_is_in_its_way(void **state)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_from_outside(*state));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_a_folder_that_is_not_there_is_named(void **state)
{
	struct fixture *f = *state;
	struct fixture other = { .folder = "no/such/folder" };

	(void)f;
	assert_refused(&other, "no/such/folder can't be used: No such file");
}

/* No file may grow beyond this: a full disk for everybody. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int
add_until_full(struct fixture *f, uint64_t first, unsigned n)
{
	for (uint64_t id = first; id < first + n; id++) {
		struct store_event e = fixture_event(id, "192.0.2.1");

		e.event.account = first > 1 ? S("ann") : S("");
		if (store_add_event(f->store, &e, &f->err))
			return -1;
	}
	return store_commit(f->store, &f->err);
}

static void
test_a_full_disk_loses_only_the_batch_that_can_come_again(void **state)
{
	struct fixture *f = *state;
	struct store_query q = {
		.kind = -1, .account = S("ann"), .limit = 50000
	};
	struct store_block b = fixture_block(1, "192.0.2.1");

	signal(SIGXFSZ, SIG_IGN);
	fixture_ok(f, add_until_full(f, 1, 1000));
	limit_files(600000);
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	assert_int_equal(add_until_full(f, 1001, 12000), -1);
	assert_non_null(strstr(f->err.text, "events.db"));
	limit_files(RLIM_INFINITY);
	assert_false(store_is_broken(f->store));
	assert_int_equal(events(f), 1000);
	assert_int_equal(blocks(f), 0);
	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_ok(f, add_until_full(f, 1001, 12000));
	/* Words of the batch that was rolled back are there again. */
	assert_int_equal(fixture_find(f, q).n, 12000);
	fixture_reopen(f);
	assert_int_equal(events(f), 13000);
	assert_int_equal(blocks(f), 1);
}

static void
test_a_folder_without_room_is_refused(void **state)
{
	struct fixture *f = *state;

	signal(SIGXFSZ, SIG_IGN);
	close_store(f);
	assert_int_equal(remove(fixture_path(f, "control.db")), 0);
	limit_files(1000);
	assert_refused(f, "control.db");
	limit_files(RLIM_INFINITY);
	assert_non_null(fixture_open(f));
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_new_store_has_a_random_key_that_stays),
		T(test_a_corrupt_event_log_is_moved_aside),
		T(test_corruption_while_running_can_be_mended),
		T(test_a_corrupt_control_file_is_refused),
		T(test_a_newer_schema_is_refused_untouched),
		T(test_a_file_of_another_program_is_refused_untouched),
		T(test_an_empty_file_is_filled),
		T(test_a_second_daemon_is_told_who_is_in_its_way),
		T(test_a_folder_that_is_not_there_is_named),
		T(test_a_full_disk_loses_only_the_batch_that_can_come_again),
		T(test_a_folder_without_room_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
