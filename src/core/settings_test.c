/* SPDX-License-Identifier: ISC */

#include "core/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/test.h"

static const char *
refused(struct str name, struct str value)
{
	static struct err err;
	struct settings s = settings_default();

	assert_int_equal(settings_set(&s, name, value, &err), -1);
	return err.text;
}

static void
test_the_defaults_are_those_of_the_specification(void **state)
{
	struct settings s = settings_default();

	(void)state;
	assert_int_equal(s.mode, MODE_OBSERVE);
	assert_int_equal(s.limits[COMPONENT_SMTP].period_s, 3600);
	assert_int_equal(s.limits[COMPONENT_SMTP].threshold, 1000);
	assert_int_equal(s.limits[COMPONENT_SMTP].block_time_s, 1800);
	assert_int_equal(s.limits[COMPONENT_LOGIN].period_s, 1800);
	assert_int_equal(s.limits[COMPONENT_LOGIN].threshold, 10);
	assert_int_equal(s.limits[COMPONENT_LOGIN].block_time_s, 1800);
	assert_int_equal(s.weight[EVENT_AUTH_FAILURE], 50);
	assert_int_equal(s.weight[EVENT_RELAY_DENIED], 100);
	assert_int_equal(s.weight[EVENT_BAD_RECIPIENT], 50);
	assert_int_equal(s.weight[EVENT_PROBE], 0);
	assert_string_equal(s.text_smtp, "Your connection has been blocked "
					 "temporarily - Try again later");
}

static void
test_every_row_can_be_written_and_read_back(void **state)
{
	size_t n;
	const struct field *f = settings_fields(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct settings a = settings_default(), b = a;
		struct buf text = { 0 };
		struct err err;

		assert_ptr_equal(settings_find(str_of(f[i].name)), &f[i]);
		settings_add(&text, &a, &f[i]);
		memset((char *)&b + f[i].at, 0, sizeof(int64_t));
		assert_int_equal(settings_set(&b, str_of(f[i].name),
					 buf_str(&text), &err),
			0);
		assert_memory_equal(&a, &b, sizeof(a));
		buf_free(&text);
	}
}

static void
test_each_settable_kind_has_a_weight(void **state)
{
	char name[64];

	(void)state;
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (!event_types[k].id)
			continue;
		snprintf(name, sizeof(name), "weight.%s", event_types[k].id);
		const struct field *f = settings_find(str_of(name));

		assert_int_equal(f != NULL, event_types[k].is_settable);
		if (f)
			assert_int_equal(
				f->at, offsetof(struct settings, weight[k]));
	}
}

static void
test_refusals_say_what_is_expected(void **state)
{
	(void)state;
	assert_string_equal(refused(S("smtp.threshold"), S("x")),
		"smtp.threshold: a number from 1 to 1000000000 expected, got "
		"\"x\"");
	assert_non_null(strstr(refused(S("smtp.period"), S("8d")),
		"smtp.period: a time from 1s to 7d"));
	assert_string_equal(refused(S("mode"), S("on")),
		"mode: observe or enforce expected, got \"on\"");
	assert_string_equal(refused(S("login.repeat_once"), S("")),
		"login.repeat_once: on or off expected, got \"\"");
	assert_non_null(
		strstr(refused(S("text.smtp"), S("a\nb")), "printable ASCII"));
	assert_string_equal(refused(S("smtp.treshold"), S("1")),
		"there is no setting \"smtp.treshold\", did you mean "
		"\"smtp.threshold\"?");
	assert_string_equal(
		refused(S("colour"), S("1")), "there is no setting \"colour\"");
	refused(S("weight.spam"), S("-1"));
	refused(S("weight.login_failure"), S("1"));
}

static void
test_a_bare_time_is_in_minutes(void **state)
{
	struct settings s = settings_default();

	(void)state;
	assert_int_equal(settings_set(&s, S("smtp.period"), S("90"), NULL), 0);
	assert_int_equal(s.limits[COMPONENT_SMTP].period_s, 5400);
	assert_int_equal(settings_set(&s, S("smtp.period"), S("90s"), NULL), 0);
	assert_int_equal(s.limits[COMPONENT_SMTP].period_s, 90);
}

static void
test_a_file_is_taken_whole_or_not_at_all(void **state)
{
	struct settings s = settings_default(), before = s;
	struct err err;

	(void)state;
	assert_int_equal(
		settings_parse(&s,
			S("# ours\nmode = enforce\n\nsmtp.threshold = x\n"),
			&err),
		-1);
	assert_non_null(strstr(err.text, "line 4: smtp.threshold: "));
	assert_memory_equal(&s, &before, sizeof(s));
	assert_int_equal(settings_parse(&s, S("nonsense"), &err), -1);
	assert_int_equal(settings_parse(&s,
				 S("mode = enforce\r\n  text.smtp = \" hi \"\n"
				   "weight.spam=7"),
				 &err),
		0);
	assert_int_equal(s.mode, MODE_ENFORCE);
	assert_string_equal(s.text_smtp, " hi ");
	assert_int_equal(s.weight[EVENT_SPAM], 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_defaults_are_those_of_the_specification),
		cmocka_unit_test(test_every_row_can_be_written_and_read_back),
		cmocka_unit_test(test_each_settable_kind_has_a_weight),
		cmocka_unit_test(test_refusals_say_what_is_expected),
		cmocka_unit_test(test_a_bare_time_is_in_minutes),
		cmocka_unit_test(test_a_file_is_taken_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
