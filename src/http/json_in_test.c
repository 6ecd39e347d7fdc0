/* SPDX-License-Identifier: ISC */

#include "http/json_in.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"

static void
refuses_what_isnt_strict(void **state)
{
	static const struct str bad[] = {
		{ "", 0 },
		{ "{", 1 },
		{ "{} {}", 5 },
		{ "{\"a\":1,\"a\":1}", 13 },
		{ "{\"a\":\"\\u0000\"}", 14 },
		{ "{\"a\":\"\0\"}", 9 },
		{ "\"\xff\"", 3 },
		{ "\"\xed\xa0\x80\"", 5 },
		{ "{'a':1}", 7 },
		{ "[1,]", 4 },
		{ "01", 2 },
		{ "NaN", 3 },
		{ "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", 35 },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		err.text[0] = '\0';
		assert_null(json_in_parse(bad[i], &err));
		assert_true(strlen(err.text) > 0);
	}
	assert_null(json_in_object(S("[1]"), &err));
	assert_non_null(strstr(err.text, "object"));
}

static void
takes_sixteen_levels_and_brackets_in_strings(void **state)
{
	struct json_t *v;

	(void)state;
	v = json_in_parse(
		S("[[[[[[[[[[[[[[[[\"[[[\\\"[[[\"]]]]]]]]]]]]]]]]"), NULL);
	assert_non_null(v);
	json_in_free(v);
}

static void
names_the_member_that_is_wrong(void **state)
{
	struct json_t *o = json_in_object(
		S("{\"s\":\"x\",\"i\":5,\"b\":true,\"n\":null,\"r\":1.5}"),
		NULL);
	struct json_in_range range = { 0, 9 };
	struct str s;
	struct err err;
	int64_t i;
	bool b;

	(void)state;
	assert_non_null(o);
	assert_int_equal(json_in_str(o, "s", &s, &err), JSON_IN_FOUND);
	assert_true(str_eq(s, S("x")));
	assert_int_equal(json_in_int(o, "i", range, &i, &err), JSON_IN_FOUND);
	assert_int_equal(i, 5);
	assert_int_equal(json_in_bool(o, "b", &b, &err), JSON_IN_FOUND);
	assert_true(b);
	assert_int_equal(json_in_str(o, "n", &s, &err), JSON_IN_ABSENT);
	assert_int_equal(json_in_str(o, "z", &s, &err), JSON_IN_ABSENT);
	assert_int_equal(json_in_str(o, "i", &s, &err), JSON_IN_WRONG);
	assert_string_equal(err.text, "i: expected a string");
	range.max = 4;
	assert_int_equal(json_in_int(o, "i", range, &i, &err), JSON_IN_WRONG);
	assert_string_equal(err.text, "i: expected a whole number from 0 to 4");
	assert_int_equal(json_in_int(o, "r", range, &i, &err), JSON_IN_WRONG);
	assert_int_equal(json_in_bool(o, "s", &b, &err), JSON_IN_WRONG);
	json_in_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_isnt_strict),
		cmocka_unit_test(takes_sixteen_levels_and_brackets_in_strings),
		cmocka_unit_test(names_the_member_that_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
