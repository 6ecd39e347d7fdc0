/* SPDX-License-Identifier: ISC */
/*
 * Files with damaged bytes, of which SQLite notices only some: whatever is
 * read out of them, nothing crashes.  STORE_FLIPS and STORE_SEED set how
 * often and which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "store/fixture.h"

enum {
	FLIPS = 60,
	FLIPPED_MAX = 4096, /* bytes */
	FILE_MAX = 1 << 20,
	EVENTS = 300,
};

static const char *const names[] = { "control.db", "events.db" };

struct image {
	size_t n;
	char *bytes;
};

static uint64_t
setting_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	int64_t v;

	if (text && num_parse(str_of(text), 1, INT64_MAX, &v))
		return (uint64_t)v;
	return otherwise;
}

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return *seed >> 33;
}

static int
add_rows(struct fixture *f)
{
	struct log_position p = { .device = 1 };
	struct store_never n = { .prefix = fixture_prefix("10.0.0.0/8") };
	struct store_change c = { 0, AT, S("smtp.threshold"), S(""), S("9"),
		S("me") };
	uint64_t id;

	for (id = 1; id <= EVENTS; id++) {
		struct store_event e = fixture_event(id, "192.0.2.1");
		struct store_block b = fixture_block(id, "192.0.2.1");
		struct explanation why = {
			.key = b.block.prefix, .at = AT + EVENTS, .period_s = 5
		};

		why.weight[EVENT_AUTH_FAILURE] = 50;
		e.event.detail = S("some words of the server");
		e.event.is_summary = id % 9 == 0;
		if (store_add_event(f->store, &e, &f->err) ||
			(id % 30 == 0 &&
				store_add_block(f->store, &b, &why, &f->err)))
			return -1;
	}
	return store_set_position(f->store, S("log"), &p, &f->err) ||
	       store_add_never(f->store, &n, &id, &f->err) ||
	       store_set_setting(f->store, &c, &f->err) ||
	       store_commit(f->store, &f->err);
}

static struct image
image_read(const struct fixture *f, const char *name)
{
	FILE *in = fopen(fixture_path(f, name), "r");
	struct image i = { .bytes = mem_alloc(FILE_MAX, 1) };

	assert_non_null(in);
	i.n = fread(i.bytes, 1, FILE_MAX, in);
	fclose(in);
	assert_in_range(i.n, 8192, FILE_MAX - 1);
	return i;
}

static void
image_write(const struct fixture *f, const char *name, const struct image *i,
	uint64_t flips, uint64_t *seed)
{
	FILE *out = fopen(fixture_path(f, name), "w");
	char *bytes = mem_alloc(i->n, 1);

	assert_non_null(out);
	memcpy(bytes, i->bytes, i->n);
	for (uint64_t k = 0; k < flips; k++)
		bytes[next(seed) % i->n] = (char)(next(seed) & 0xff);
	assert_int_equal(fwrite(bytes, 1, i->n, out), i->n);
	fclose(out);
	free(bytes);
}

static int
on_block(void *ctx, const struct store_block *b)
{
	uint64_t *sum = ctx;

	assert_true(b->block.prefix.len <= ADDR_BITS);
	*sum += b->block.id + b->by.n + b->note.n;
	return 0;
}

static int
on_never(void *ctx, const struct store_never *n)
{
	uint64_t *sum = ctx;

	assert_true(n->prefix.len <= ADDR_BITS);
	*sum += n->id + n->note.n;
	return 0;
}

static int
on_stored(void *ctx, const struct stored *e)
{
	uint64_t *sum = ctx;

	assert_true(e->kind < EVENT_KINDS);
	assert_true(e->outcome <= OUTCOME_UNTRACKED);
	*sum += e->id + e->source.n;
	return 0;
}

static int
on_event(void *ctx, const struct store_event *e)
{
	uint64_t *sum = ctx;

	assert_true(e->kind < EVENT_KINDS && e->event.kind < EVENT_KINDS);
	*sum += e->id + e->event.detail.n + e->event.account.n;
	return 0;
}

static int
on_position(void *ctx, struct str name, const struct log_position *p)
{
	uint64_t *sum = ctx;

	*sum += name.n + p->inode;
	return 0;
}

/* Read and write everything; errors are as good as answers. */
static void
use(struct fixture *f)
{
	struct settings s = settings_default();
	struct prefix p = fixture_prefix("192.0.2.1");
	struct store_query q = { .kind = -1, .prefix = &p };
	struct store_reader *r = store_reader_open(f->folder, &f->err);
	struct err *err = &f->err;
	struct store_why why;
	uint64_t sum = 0;
	bool more;

	(void)store_load_settings(f->store, &s, err);
	(void)store_load_blocks(f->store, 0, on_block, &sum, err);
	(void)store_load_never(f->store, on_never, &sum, err);
	(void)store_load_events(f->store, 0, on_stored, &sum, err);
	(void)store_load_positions(f->store, on_position, &sum, err);
	(void)store_find_blocks(f->store, &p, 0, 50, on_block, &sum, err);
	(void)store_block_why(f->store, 30, &why, on_event, &sum, err);
	if (r)
		(void)store_find_events(r, &q, on_event, &sum, err);
	store_reader_close(r);
	(void)add_rows(f);
	(void)store_trim(f->store, &s, AT, &more, err);
	if (store_is_broken(f->store))
		fixture_ok(f, store_reset_events(f->store, err));
}

/* A damaged event log keeps the store closed only when it looks like
 * somebody else's. */
static void
assert_header(const struct fixture *f)
{
	if (!strstr(f->err.text, "newer Brattice") &&
		!strstr(f->err.text, "another program"))
		fail_msg("%s", f->err.text);
}

static void
test_damaged_bytes_crash_nothing(void **state)
{
	uint64_t flips = setting_of("STORE_FLIPS", FLIPS), opened = 0;
	uint64_t seed = setting_of("STORE_SEED", (uint64_t)getpid());
	struct fixture *f = *state;
	struct image images[2];

	print_message("STORE_SEED=%llu\n", (unsigned long long)seed);
	fixture_ok(f, add_rows(f));
	store_close(f->store);
	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		images[k] = image_read(f, names[k]);
	for (uint64_t i = 0; i < flips; i++) {
		uint64_t n = 1 +
			     (next(&seed) % FLIPPED_MAX >> next(&seed) % 12);

		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			image_write(f, names[k], &images[k], k == i % 2 ? n : 0,
				&seed);
		if (fixture_open(f)) {
			opened++;
			use(f);
		} else if (i % 2) {
			assert_header(f);
		}
		store_close(f->store);
		unlink(fixture_path(f, "events.db-wal"));
		unlink(fixture_path(f, "control.db-wal"));
	}
	f->store = NULL;
	print_message("%llu of %llu could be opened\n",
		(unsigned long long)opened, (unsigned long long)flips);
	assert_true(opened > 0);
	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		free(images[k].bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_damaged_bytes_crash_nothing, fixture_make,
			fixture_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
