/* SPDX-License-Identifier: ISC */

#include "base/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/def.h"
#include "base/test.h"

enum {
	STEPS = 300000,
};

static uint32_t
random_next(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 16);
}

/* What inet_pton() says, in our form. */
static bool
parse_pton(const char *text, struct addr *ret)
{
	struct addr a = { { [10] = 0xff, [11] = 0xff } };

	if (inet_pton(AF_INET, text, a.b + 12) != 1 &&
		inet_pton(AF_INET6, text, a.b) != 1)
		return false;
	addr_canonical(&a);
	*ret = a;
	return true;
}

static void
compare(const char *text)
{
	struct addr ours, theirs;
	bool is_ours = addr_parse(str_of(text), &ours);
	bool is_theirs = parse_pton(text, &theirs);

	if (is_ours != is_theirs || (is_ours && !addr_eq(&ours, &theirs)))
		fail_msg("\"%s\": we say %d, inet_pton %d", text, is_ours,
			is_theirs);
}

static void
test_odd_spellings_are_read_as_inet_pton_reads_them(void **state)
{
	static const char *const texts[] = { "", "1", "1.2.3", "1.2.3.4",
		"1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.", ".1.2.3",
		"1..2.3", " 1.2.3.4", "1.2.3.4 ", "::", ":::", "::1",
		"1::", "1::2::3", ":1", "1:", "1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7:8:9", "12345::", "::ffff:1.2.3.4", "::1.2.3.4",
		"64:ff9b::1.2.3.4", "1:2:3:4:5:6:1.2.3.4",
		"1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "::1.2.3",
		"fe80::1%eth0", "[::1]", "0x1.2.3.4", "::g", "::FFFF:1.2.3.4",
		"2001:DB8::1", "1.2.3.4/32" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		compare(texts[i]);
}

static void
test_random_spellings_are_read_as_inet_pton_reads_them(void **state)
{
	static const char letters[] = "0123456789abcdefF:::::...";
	char text[48];

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		size_t n = random_next() % 24;

		for (size_t k = 0; k < n; k++)
			text[k] =
				letters[random_next() % (sizeof(letters) - 1)];
		text[n] = '\0';
		compare(text);
	}
}

static void
test_what_is_written_is_read_back(void **state)
{
	char text[PREFIX_TEXT_MAX], theirs[64];

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		struct addr a = { { 0 } }, back;
		struct prefix p, q;

		for (int k = 0; k < 16; k++)
			a.b[k] = random_next() % 3 ? 0 : (uint8_t)random_next();
		if (random_next() % 3 == 0)
			memcpy(a.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		addr_canonical(&a);
		assert_true(addr_parse(str_of(addr_format(&a, text)), &back));
		assert_true(addr_eq(&a, &back));
		/* Embedded IPv4 but for ours is a matter of taste. */
		if (!addr_is_v4(&a) && (a.b[0] || a.b[1])) {
			inet_ntop(AF_INET6, a.b, theirs, sizeof(theirs));
			assert_string_equal(text, theirs);
		}
		p = addr_prefix(
			&a, (addr_is_v4(&a) ? 96 : 0) + random_next() % 33);
		if (p.len >= 96 && addr_is_v4(&a) != addr_is_v4(&p.addr))
			continue;
		assert_true(prefix_parse(
			str_of(prefix_format(&p, text)), &q, NULL));
		assert_true(prefix_eq(&p, &q));
	}
}

static void
test_prefixes_with_stray_bits_are_refused_with_advice(void **state)
{
	struct prefix p;
	struct err err;

	(void)state;
	assert_false(prefix_parse(S("192.0.2.1/24"), &p, &err));
	assert_non_null(strstr(err.text, "did you mean 192.0.2.0/24?"));
	assert_false(prefix_parse(S("192.0.2.0/33"), &p, &err));
	assert_non_null(strstr(err.text, "0 to 32"));
	assert_false(prefix_parse(S("192.0.2.0/024"), &p, &err));
	assert_false(prefix_parse(S("host/24"), &p, &err));
	assert_false(prefix_parse(S(""), &p, &err));
	assert_true(prefix_parse(S("::ffff:192.0.2.0/120"), &p, &err));
	assert_int_equal(p.len, 120);
	assert_false(prefix_parse(S("::ffff:192.0.2.0/24"), &p, &err));
}

static void
test_a_prefix_covers_what_lies_inside_its_family(void **state)
{
	static const struct {
		const char *outer, *inner;
		bool want;
	} rows[] = {
		{ "192.0.2.0/24", "192.0.2.7", true },
		{ "192.0.2.0/24", "192.0.2.0/24", true },
		{ "192.0.2.0/24", "192.0.0.0/16", false },
		{ "192.0.2.0/24", "192.0.3.7", false },
		{ "0.0.0.0/0", "192.0.3.7", true },
		{ "::/0", "192.0.3.7", false },
		{ "::/0", "2001:db8::/32", true },
		{ "0.0.0.0/0", "2001:db8::/32", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct prefix outer, inner;

		assert_true(prefix_parse(str_of(rows[i].outer), &outer, NULL));
		assert_true(prefix_parse(str_of(rows[i].inner), &inner, NULL));
		assert_int_equal(prefix_covers(&outer, &inner), rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_odd_spellings_are_read_as_inet_pton_reads_them),
		cmocka_unit_test(
			test_random_spellings_are_read_as_inet_pton_reads_them),
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(
			test_prefixes_with_stray_bits_are_refused_with_advice),
		cmocka_unit_test(
			test_a_prefix_covers_what_lies_inside_its_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
