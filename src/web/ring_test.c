/* SPDX-License-Identifier: ISC */

#include "web/ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/test.h"

static struct ring_reader
reader(const struct ring *r, unsigned topics, const char *last_id)
{
	struct ring_reader at = { .topics = topics };

	ring_seek(r, &at, str_of(last_id));
	return at;
}

/* All there is, in pieces of @cap. */
static const char *
read_all(const struct ring *r, struct ring_reader *at, size_t cap)
{
	static struct buf all;
	char *piece = malloc(cap);
	size_t n;

	all.n = 0;
	while ((n = ring_read(r, at, piece, cap)) > 0) {
		assert_true(n <= cap);
		buf_add(&all, (struct str){ piece, n });
	}
	assert_false(ring_has(r, at));
	free(piece);
	return buf_text(&all);
}

static void
everybody_reads_what_they_want(void **state)
{
	struct ring *r = ring_new(0xbeef);
	struct ring_reader all = reader(r, TOPIC_ALL, "");
	struct ring_reader some = reader(r, TOPIC_BLOCKS | TOPIC_CONFIG, "");

	(void)state;
	assert_false(ring_has(r, &all));
	ring_add(r, TOPIC_EVENTS, "events", S("1"));
	assert_true(ring_has(r, &all));
	assert_false(ring_has(r, &some));
	ring_add(r, TOPIC_BLOCKS, "block", S("{}"));
	ring_add(r, TOPIC_ALL, "reset", S("{}"));
	assert_string_equal(read_all(r, &all, 4096),
		"id: 0000beef-1\nevent: events\ndata: 1\n\n"
		"id: 0000beef-2\nevent: block\ndata: {}\n\n"
		"id: 0000beef-3\nevent: reset\ndata: {}\n\n");
	assert_string_equal(read_all(r, &some, 128),
		"id: 0000beef-2\nevent: block\ndata: {}\n\n"
		"id: 0000beef-3\nevent: reset\ndata: {}\n\n");
	ring_free(r);
}

static void
reads_on_where_it_was(void **state)
{
	static const struct row {
		const char *last_id, *want;
	} rows[] = {
		{ "00000007-1", "id: 00000007-2\nevent: b\ndata: 2\n\n" },
		{ "00000007-2", "" },
		{ "", "" },
		{ "00000007-3", "id: 00000007-2\nevent: reset\ndata: {}\n\n" },
		{ "00000008-1", "id: 00000007-2\nevent: reset\ndata: {}\n\n" },
		{ "7", "id: 00000007-2\nevent: reset\ndata: {}\n\n" },
		{ "x-1", "id: 00000007-2\nevent: reset\ndata: {}\n\n" },
		{ "00000007-99999999999999999999",
			"id: 00000007-2\nevent: reset\ndata: {}\n\n" },
	};
	struct ring *r = ring_new(7);

	(void)state;
	ring_add(r, TOPIC_BLOCKS, "b", S("1"));
	ring_add(r, TOPIC_BLOCKS, "b", S("2"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ring_reader at = reader(r, TOPIC_ALL, rows[i].last_id);

		assert_string_equal(read_all(r, &at, 256), rows[i].want);
	}
	ring_free(r);
}

static void
who_falls_behind_is_told(void **state)
{
	struct ring *r = ring_new(1);
	struct ring_reader slow = reader(r, TOPIC_ALL, "");
	struct ring_reader first = slow, forgotten = slow;
	char text[200];

	(void)state;
	ring_add(r, TOPIC_BLOCKS, "b", S("a long message that takes two"));
	assert_int_equal(ring_read(r, &slow, text, 30), 30);
	for (int i = 0; i < RING_MESSAGES - 1; i++)
		ring_add(r, TOPIC_EVENTS, "e", S("x"));
	assert_int_equal(ring_read(r, &first, text, 30), 30);
	ring_add(r, TOPIC_EVENTS, "e", S("x"));
	assert_string_equal(read_all(r, &slow, 128),
		"\nevent: cut\n\n"
		"id: 00000001-4097\nevent: reset\ndata: {}\n\n");
	ring_forget(r);
	assert_string_equal(read_all(r, &forgotten, 128),
		"id: 00000001-4098\nevent: reset\ndata: {}\n\n");
	ring_add(r, TOPIC_EVENTS, "e", S("y"));
	assert_string_equal(read_all(r, &slow, 128),
		"id: 00000001-4099\nevent: reset\ndata: {}\n\n");
	ring_free(r);
}

static void
memory_is_bounded(void **state)
{
	struct ring *r = ring_new(1);
	struct buf big = { 0 };

	(void)state;
	memset(buf_room(&big, 100000), 'x', 100000);
	big.n = 100000;
	for (int i = 0; i < 100; i++) {
		ring_add(r, TOPIC_EVENTS, "e", buf_str(&big));
		assert_true(r->bytes <= RING_BYTES);
	}
	assert_true(r->newest - r->oldest > 15);
	/* One that is too big is as if it had been missed. */
	memset(buf_room(&big, RING_BYTES), 'x', RING_BYTES);
	big.n += RING_BYTES;
	ring_add(r, TOPIC_EVENTS, "e", buf_str(&big));
	assert_int_equal(r->bytes, 0);
	buf_free(&big);
	ring_free(r);
}

static void
only_the_newest_figures_are_kept(void **state)
{
	struct ring *r = ring_new(1);
	struct ring_reader at = reader(r, TOPIC_ALL, ""), half = at;
	char text[20];

	(void)state;
	ring_add(r, TOPIC_STATS, "stats", S("1"));
	assert_int_equal(ring_read(r, &half, text, sizeof(text)), 20);
	ring_add(r, TOPIC_BLOCKS, "b", S("2"));
	ring_add(r, TOPIC_STATS, "stats", S("3"));
	assert_string_equal(read_all(r, &at, 128),
		"id: 00000001-2\nevent: b\ndata: 2\n\n"
		"id: 00000001-3\nevent: stats\ndata: 3\n\n");
	assert_string_equal(read_all(r, &half, 128),
		"\nevent: cut\n\n"
		"id: 00000001-2\nevent: b\ndata: 2\n\n"
		"id: 00000001-3\nevent: stats\ndata: 3\n\n");
	ring_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_reads_what_they_want),
		cmocka_unit_test(reads_on_where_it_was),
		cmocka_unit_test(who_falls_behind_is_told),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(only_the_newest_figures_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
