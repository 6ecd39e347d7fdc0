/* SPDX-License-Identifier: ISC */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/fixture.h"

static void
add_block(struct fixture *f, uint64_t id, const char *prefix)
{
	struct store_block b = fixture_block(id, prefix);

	fixture_ok(f, store_add_block(f->store, &b, NULL, &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
}

static void
add_never(struct fixture *f, const char *prefix)
{
	struct store_never n = {
		.prefix = fixture_prefix(prefix), .added = AT, .by = S("root")
	};
	uint64_t id;

	fixture_ok(f, store_add_never(f->store, &n, &id, &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
}

static void
set(struct fixture *f, const char *value)
{
	const struct store_change c = { .time = AT,
		.name = S("smtp.threshold"),
		.after = str_of(value),
		.by = S("root") };

	fixture_ok(f, store_set_setting(f->store, &c, &f->err));
	fixture_ok(f, store_commit(f->store, &f->err));
}

static int
on_block(void *ctx, const struct store_block *b)
{
	*(uint64_t *)ctx = *(uint64_t *)ctx * 10 + b->block.id;
	return 0;
}

static int
on_never(void *ctx, const struct store_never *n)
{
	(void)n;
	++*(unsigned *)ctx;
	return 0;
}

/* Numbers of the blocks, how many never-block entries, the threshold. */
static void
expect(struct fixture *f, uint64_t blocks, unsigned nevers, int64_t threshold)
{
	struct settings s;
	uint64_t ids = 0;
	unsigned n = 0;

	fixture_ok(f, store_load_blocks(f->store, 0, on_block, &ids, &f->err));
	fixture_ok(f, store_load_never(f->store, on_never, &n, &f->err));
	fixture_ok(f, store_load_settings(f->store, &s, &f->err));
	assert_int_equal(ids, blocks);
	assert_int_equal(n, nevers);
	assert_int_equal(s.limits[COMPONENT_SMTP].threshold, threshold);
}

static void
test_what_was_backed_up_comes_back(void **state)
{
	struct fixture *f = *state;
	struct buf bytes CLEANUP(buf_free) = { 0 };
	struct store_opened opened;

	add_block(f, 1, "203.0.113.1/32");
	add_never(f, "192.0.2.0/24");
	set(f, "77");
	fixture_ok(f, store_backup(f->store, &bytes, &f->err));
	add_block(f, 2, "203.0.113.2/32");
	add_never(f, "198.51.100.0/24");
	set(f, "88");
	expect(f, 12, 2, 88);
	fixture_ok(
		f, store_restore(f->store, buf_str(&bytes), &opened, &f->err));
	expect(f, 1, 1, 77);
	/* Number 2 was given already. */
	assert_int_equal(opened.last_block, 2);
	assert_memory_equal(&opened.key, &f->opened.key, sizeof(opened.key));
	add_block(f, 3, "203.0.113.3/32");
	fixture_reopen(f);
	expect(f, 13, 1, 77);
}

/* --- what is refused --------------------------------------------------------- */

static void
make_short(struct buf *b)
{
	b->n = 50;
}

static void
make_text(struct buf *b)
{
	b->n = 0;
	for (unsigned i = 0; i < 500; i++)
		buf_add(b, S("no database "));
}

static void
make_corrupt(struct buf *b)
{
	memset(b->p + 4096, 0x5a, 4096 * 2);
}

static void
make_cut(struct buf *b)
{
	b->n -= 4096;
}

/* Change it by SQL. */
static void
make_by(struct buf *b, const char *sql)
{
	sqlite3 *h;
	sqlite3_int64 n;
	unsigned char *copy = sqlite3_malloc64(b->n), *after;

	memcpy(copy, b->p, b->n);
	assert_int_equal(sqlite3_open(":memory:", &h), SQLITE_OK);
	assert_int_equal(sqlite3_deserialize(h, "main", copy,
				 (sqlite3_int64)b->n, (sqlite3_int64)b->n,
				 SQLITE_DESERIALIZE_FREEONCLOSE |
					 SQLITE_DESERIALIZE_RESIZEABLE),
		SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	after = sqlite3_serialize(h, "main", &n, 0);
	b->n = 0;
	buf_add(b, (struct str){ (char *)after, (size_t)n });
	sqlite3_free(after);
	sqlite3_close(h);
}

static void
make_newer(struct buf *b)
{
	make_by(b, "pragma user_version = 99");
}

static void
make_foreign(struct buf *b)
{
	make_by(b, "pragma application_id = 7");
}

static void
make_trigger(struct buf *b)
{
	make_by(b, "create trigger t after insert on never begin"
		   " delete from never; end");
}

static void
make_bad_row(struct buf *b)
{
	make_by(b, "update never set addr = x'00'");
}

static const struct {
	const char *name;
	void (*make)(struct buf *b);
	const char *err;
} refused[] = {
	{ "short", make_short, "no backup" },
	{ "text", make_text, "no backup" },
	{ "corrupt", make_corrupt, "corrupt" },
	{ "cut", make_cut, "corrupt" },
	{ "newer", make_newer, "newer" },
	{ "foreign", make_foreign, "another program" },
	{ "trigger", make_trigger, "other tables" },
	{ "row", make_bad_row, "corrupt" },
};

static void
test_what_is_wrong_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct store_opened opened = { .last_block = 4711 };

	add_block(f, 1, "203.0.113.1/32");
	add_never(f, "192.0.2.0/24");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct buf bytes CLEANUP(buf_free) = { 0 };

		fixture_ok(f, store_backup(f->store, &bytes, &f->err));
		refused[i].make(&bytes);
		assert_int_equal(store_restore(f->store, buf_str(&bytes),
					 &opened, &f->err),
			-1);
		if (!strstr(f->err.text, refused[i].err))
			fail_msg("%s: %s", refused[i].name, f->err.text);
		assert_int_equal(opened.last_block, 4711);
		expect(f, 1, 1, 1000);
	}
	fixture_reopen(f);
	expect(f, 1, 1, 1000);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_what_was_backed_up_comes_back),
		T(test_what_is_wrong_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
