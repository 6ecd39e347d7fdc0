/* SPDX-License-Identifier: ISC */

#include "base/hash.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"

static const struct hash_key zero = { 0, 0 };

/* Source: CPython 3.11 hashes bytes with SipHash-1-3, under a key of zeros
 * when PYTHONHASHSEED=0. */
static void
test_hash_bytes_is_siphash_1_3(void **state)
{
	static const struct {
		const char *text;
		uint64_t want;
	} rows[] = {
		{ "a", UINT64_C(0x407448d2b89b1813) },
		{ "brattice", UINT64_C(0xe9ea079d77543dea) },
		{ "0123456789abcdef", UINT64_C(0x1d42b30f7e060c24) },
		{ "somebody@example.test", UINT64_C(0x37deba850fc54eed) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
			hash_bytes(&zero, str_of(rows[i].text)), rows[i].want);
}

static void
test_hash_pair_is_the_hash_of_its_16_bytes(void **state)
{
	struct hash_key key = { 123, 456 };
	const char bytes[] = "0123456789abcdef";
	uint64_t w[2];

	(void)state;
	memcpy(w, bytes, sizeof(w));
	assert_int_equal(hash_pair(&key, w[0], w[1]),
		hash_bytes(&key, (struct str){ bytes, 16 }));
}

static void
test_folding_takes_capitals_for_small_letters_only(void **state)
{
	char upper[256], lower[256];

	(void)state;
	for (int i = 0; i < 256; i++) {
		upper[i] = (char)i;
		lower[i] = (char)(i >= 'A' && i <= 'Z' ? i + 32 : i);
	}
	for (size_t n = 0; n <= 256; n++) {
		struct str u = { upper, n }, l = { lower, n };

		assert_int_equal(hash_folded(&zero, u), hash_bytes(&zero, l));
	}
	assert_int_not_equal(
		hash_folded(&zero, S("[")), hash_folded(&zero, S("{")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_bytes_is_siphash_1_3),
		cmocka_unit_test(test_hash_pair_is_the_hash_of_its_16_bytes),
		cmocka_unit_test(
			test_folding_takes_capitals_for_small_letters_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
