/* SPDX-License-Identifier: ISC */

#include "web/code.h"

#include <stdio.h>

#include "base/def.h"
#include "base/test.h"

/* The secret of RFC 6238, appendix B, and its codes' last six digits. */
static const uint8_t secret[] = "12345678901234567890";

enum {
	SECRET_N = sizeof(secret) - 1,
};

static const struct {
	int64_t now;
	const char *code;
} vectors[] = {
	{ 59, "287082" },
	{ 1111111109, "081804" },
	{ 1111111111, "050471" },
	{ 1234567890, "005924" },
	{ 2000000000, "279037" },
	{ 20000000000, "353130" },
};

static void
test_codes_are_those_of_the_rfc(void **state)
{
	char text[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		int64_t step = vectors[i].now / 30;

		snprintf(text, sizeof(text), "%06u",
			code_of(secret, SECRET_N, step));
		assert_string_equal(text, vectors[i].code);
		assert_int_equal(code_find(secret, SECRET_N, str_of(text),
					 vectors[i].now),
			step);
	}
}

static void
test_a_clock_may_be_a_step_off_and_no_more(void **state)
{
	struct str code = S("081804"); /* of the step of 1111111109 */
	int64_t at = 1111111109, step = at / 30;

	(void)state;
	assert_int_equal(code_find(secret, SECRET_N, code, at + 30), step);
	assert_int_equal(code_find(secret, SECRET_N, code, at - 30), step);
	assert_int_equal(code_find(secret, SECRET_N, code, at + 60), 0);
	assert_int_equal(code_find(secret, SECRET_N, code, at - 60), 0);
}

static void
test_only_six_digits_are_a_code(void **state)
{
	static const char *const wrong[] = { "", "81804", "0081804", "08180a",
		"-81804", " 81804", "081805" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(code_find(secret, SECRET_N, str_of(wrong[i]),
					 1111111109),
			0);
}

/* Source: RFC 4648, 10. */
static void
test_base32_is_that_of_the_rfc(void **state)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	code_base32(&b, (const uint8_t *)"fooba", 5);
	assert_string_equal(buf_text(&b), "MZXW6YTB");
	code_base32(&b, (const uint8_t *)"\xff\xff\xff\xff\xff\0\0\0\0\1", 10);
	assert_string_equal(buf_text(&b), "MZXW6YTB77777777AAAAAAAB");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_are_those_of_the_rfc),
		cmocka_unit_test(test_a_clock_may_be_a_step_off_and_no_more),
		cmocka_unit_test(test_only_six_digits_are_a_code),
		cmocka_unit_test(test_base32_is_that_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
