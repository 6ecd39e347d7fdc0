/* SPDX-License-Identifier: ISC */

/* The trie against a plain list of prefixes. */

#include "base/trie.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"

enum {
	ROWS = 400,
	STEPS = 60000,
};

static struct prefix rows[ROWS];
static uint32_t values[ROWS]; /* 0: not in it */

static uint32_t
random_next(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 16);
}

/* Few different bytes, so that prefixes lie in one another. */
static struct addr
any_addr(void)
{
	struct addr a = { { 0x20, 0x01 } };

	if (random_next() % 2)
		memcpy(a.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	for (int i = addr_is_v4(&a) ? 12 : 2; i < 16; i++)
		a.b[i] = (uint8_t)(random_next() % 3 ? 0x80 : 0x81);
	return a;
}

static struct prefix
any_prefix(void)
{
	struct addr a = any_addr();
	unsigned base = addr_is_v4(&a) ? ADDR_V4_BITS : 0;

	return addr_prefix(&a, base + random_next() % (129 - base));
}

static bool
covers(const struct prefix *outer, const struct prefix *inner)
{
	bool v4 = outer->len >= 96 && addr_is_v4(&outer->addr);

	if (outer->len > inner->len ||
		v4 != (inner->len >= 96 && addr_is_v4(&inner->addr)))
		return false;
	for (unsigned i = 0; i < outer->len; i++) {
		if ((outer->addr.b[i / 8] ^ inner->addr.b[i / 8]) >>
				(7 - i % 8) &
			1)
			return false;
	}
	return true;
}

static int
row_of(const struct prefix *p)
{
	for (int i = 0; i < ROWS; i++) {
		if (values[i] && prefix_eq(&rows[i], p))
			return i;
	}
	return -1;
}

static void
ask(const struct trie *t)
{
	uint32_t got[TRIE_COVERING_MAX];
	struct prefix p = any_prefix(), a = { any_addr(), ADDR_BITS };
	unsigned n = trie_covering(t, &p, got), covering = 0;
	int longest = -1;
	bool inside = false;

	for (int i = 0; i < ROWS; i++) {
		if (!values[i])
			continue;
		inside |= covers(&p, &rows[i]);
		covering += covers(&rows[i], &p);
		if (covers(&rows[i], &a) &&
			(longest < 0 || rows[i].len > rows[longest].len))
			longest = i;
	}
	assert_int_equal(n, covering);
	for (unsigned i = 0; i < n; i++) {
		const struct prefix *row = &rows[got[i] - 1];

		assert_true(covers(row, &p));
		assert_true(i == 0 || rows[got[i - 1] - 1].len < row->len);
	}
	assert_int_equal(trie_has_inside(t, &p), inside);
	assert_int_equal(
		trie_match(t, &a.addr), longest < 0 ? 0 : values[longest]);
	int row = row_of(&p);
	assert_int_equal(trie_find(t, &p), row < 0 ? 0 : values[row]);
}

static void
test_the_trie_answers_as_a_list_does(void **state)
{
	struct trie t = { 0 };
	size_t n = 0;

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		uint32_t at = random_next() % ROWS;

		if (values[at]) {
			assert_true(trie_del(&t, &rows[at]));
			assert_false(trie_del(&t, &rows[at]));
			values[at] = 0;
			n--;
		} else if (i % 8000 < 5000) {
			struct prefix p = any_prefix();

			if (row_of(&p) >= 0)
				continue;
			rows[at] = p;
			values[at] = at + 1;
			trie_set(&t, &p, at + 1);
			n++;
		}
		assert_int_equal(t.n, n);
		ask(&t);
	}
	for (int i = 0; i < ROWS; i++) {
		if (values[i])
			assert_true(trie_del(&t, &rows[i]));
		values[i] = 0;
	}
	assert_int_equal(t.bytes, 0);
	assert_null(t.roots[0]);
	assert_null(t.roots[1]);
}

static void
test_the_families_are_apart(void **state)
{
	struct trie t = { 0 };
	struct prefix all;
	struct addr a;

	(void)state;
	assert_true(prefix_parse(S("::/0"), &all, NULL));
	trie_set(&t, &all, 6);
	assert_true(addr_parse(S("192.0.2.1"), &a));
	assert_int_equal(trie_match(&t, &a), 0);
	assert_true(prefix_parse(S("0.0.0.0/0"), &all, NULL));
	trie_set(&t, &all, 4);
	assert_int_equal(trie_match(&t, &a), 4);
	assert_true(addr_parse(S("2001:db8::1"), &a));
	assert_int_equal(trie_match(&t, &a), 6);
	trie_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_trie_answers_as_a_list_does),
		cmocka_unit_test(test_the_families_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
