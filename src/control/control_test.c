/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/def.h"
#include "base/test.h"
#include "control/help.h"
#include "control/suggest.h"
#include "control/text.h"
#include "control/verb.h"

enum {
	ARGS_MAX = 8,
};

/* A command line; err: what the message contains. */
static const struct {
	const char *argv[ARGS_MAX];
	const char *path, *err;
	unsigned words;
} lines[] = {
	{ { "status" }, "status", NULL, 0 },
	{ { "--json", "status" }, "status", NULL, 0 },
	{ { "status", "-jq" }, "status", NULL, 0 },
	{ { "never" }, "never list", NULL, 0 },
	{ { "never", "list" }, "never list", NULL, 0 },
	{ { "never", "add", "192.0.2.1" }, "never add", NULL, 1 },
	{ { "block", "192.0.2.1", "--for", "2h" }, "block", NULL, 1 },
	{ { "block", "--for=2h", "192.0.2.1" }, "block", NULL, 1 },
	{ { "block", "192.0.2.1", "-mwhy" }, "block", NULL, 1 },
	{ { "block", "192.0.2.1", "--for", "none" }, "block", NULL, 1 },
	{ { "parse", "-" }, "parse", NULL, 1 },
	{ { "parse", "--", "--all" }, "parse", NULL, 1 },
	{ { "unblock", "1", "2", "3" }, "unblock", NULL, 3 },
	{ { "block", "--help" }, "block", NULL, 0 },
	{ { 0 }, NULL, NULL, 0 },
	{ { "blok", "1" }, NULL, "did you mean \"block\"?", 0 },
	{ { "stauts" }, NULL, "did you mean \"status\"?", 0 },
	{ { "xyzzy" }, NULL, "brattice help", 0 },
	{ { "never", "ad", "1" }, NULL, "did you mean \"never add\"?", 0 },
	{ { "settings", "rest" }, NULL, "did you mean \"settings reset\"?", 0 },
	{ { "block" }, NULL, "usage: brattice block NET", 0 },
	{ { "blocked", "1", "2" }, NULL, "too many arguments", 0 },
	{ { "status", "--jsno" }, NULL, "did you mean \"--json\"?", 0 },
	{ { "status", "--all" }, NULL, "unknown option \"all\"", 0 },
	{ { "status", "--json=1" }, NULL, "takes no value", 0 },
	{ { "block", "1", "--for" }, NULL, "wants a value", 0 },
	{ { "block", "1", "--for", "soon" }, NULL, "is no SPAN", 0 },
	{ { "events", "--since", "never" }, NULL, "is no TIME", 0 },
	{ { "blocks", "--state", "dead" }, NULL, "expired", 0 },
	{ { "blocks", "--limit", "-1" }, NULL, "is no N", 0 },
	{ { "status", "-x" }, NULL, "unknown option \"x\"", 0 },
	{ { "\033[2J" }, NULL, "\\x1b[2J", 0 },
	{ { "blocks", "--csv", "--columns", "address" }, "blocks", NULL, 0 },
	{ { "why", "1", "--csv" }, NULL, "--csv is for lists", 0 },
	{ { "block", "1", "--columns=a" }, NULL, "--columns is for lists", 0 },
	{ { "blocks", "--csv", "--json" }, NULL, "not several", 0 },
};

/* One row of the table above. */
static void
check_line(size_t i)
{
	const char *argv[ARGS_MAX + 1] = { "brattice" };
	struct call call;
	struct err err = { 0 };
	int argc = 1;

	for (; lines[i].argv[argc - 1]; argc++)
		argv[argc] = lines[i].argv[argc - 1];
	int rc = call_parse(&call, argc, argv, &err);
	assert_int_equal(rc, lines[i].err ? -1 : 0);
	if (lines[i].err) {
		if (!strstr(err.text, lines[i].err))
			fail_msg("\"%s\" lacks \"%s\"", err.text, lines[i].err);
	} else {
		assert_int_equal(call.words, lines[i].words);
		assert_int_equal(call.verb != NULL, lines[i].path != NULL);
	}
	if (lines[i].path)
		assert_string_equal(call.verb->path, lines[i].path);
	call_free(&call);
}

static void
test_takes_command_lines_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		check_line(i);
}

static void
test_keeps_the_values_of_options(void **state)
{
	static const char *const argv[] = { "brattice", "block", "--for=2h",
		"192.0.2.1", "-jm", "a note" };
	struct call call;

	(void)state;
	assert_int_equal(call_parse(&call, ARRAY_LEN(argv), argv, NULL), 0);
	assert_string_equal(call.option[OPT_FOR], "2h");
	assert_string_equal(call.option[OPT_NOTE], "a note");
	assert_string_equal(call.option[OPT_JSON], "");
	assert_null(call.option[OPT_QUIET]);
	assert_string_equal(call.word[0], "192.0.2.1");
	call_free(&call);
}

static void
test_every_row_is_whole(void **state)
{
	(void)state;
	for (unsigned o = 0; o < OPTIONS; o++) {
		assert_non_null(option_rows[o].name);
		assert_non_null(option_rows[o].summary);
		assert_int_equal(option_rows[o].type == VALUE_NONE,
			option_rows[o].value == NULL);
		assert_int_equal(option_rows[o].type == VALUE_CHOICE,
			option_rows[o].choices != NULL);
	}
	for (unsigned i = 0; i < verbs_n; i++) {
		const struct verb *v = &verbs[i];

		assert_true(v->summary && v->about && v->example);
		assert_true(v->args_min <= v->args_max);
		assert_int_equal(*v->args != '\0', v->args_max > 0);
		assert_int_equal(v->request != NULL,
			(v->exits & 1U << EXIT_CODE_NO_DAEMON) != 0);
		assert_ptr_equal(verb_find(str_of(v->path)), v);
	}
}

static void
test_help_names_every_command(void **state)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	help_add_all(&b);
	for (unsigned i = 0; i < verbs_n; i++)
		assert_non_null(strstr(buf_text(&b), verbs[i].summary));
	for (unsigned i = 0; i < verbs_n; i++) {
		b.n = 0;
		help_add_verb(&b, &verbs[i]);
		assert_non_null(strstr(buf_text(&b), verbs[i].example));
		assert_non_null(strstr(buf_text(&b), "Exit codes:"));
	}
}

static const struct {
	const char *word, *name;
	bool is_near;
} pairs[] = {
	{ "stauts", "status", true },
	{ "evets", "events", true },
	{ "smtp.treshold", "smtp.threshold", true },
	{ "smtp", "smtp.threshold", true },
	{ "why", "parse", false },
	{ "", "parse", false },
	{ "x", "parse", false },
};

static void
test_suggests_what_is_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct suggestion s = { 0 };

		suggest(&s, str_of(pairs[i].word), str_of(pairs[i].name));
		assert_int_equal(s.name.n != 0, pairs[i].is_near);
	}
}

static const struct {
	int64_t span_s;
	const char *want;
} spans[] = {
	{ 0, "0 s" },
	{ 59, "59 s" },
	{ 60, "1 min" },
	{ 61, "1 min" },
	{ 1440, "24 min" },
	{ 3600, "1 h" },
	{ 8040, "2 h 14 min" },
	{ 86400, "1 d" },
	{ 273600, "3 d 4 h" },
};

static void
test_spans_are_rough(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		text_add_span(&b, spans[i].span_s);
		assert_string_equal(buf_text(&b), spans[i].want);
	}
}

static void
test_times_are_local_and_short_today(void **state)
{
	struct text_clock c = { .now = 1795502882 }; /* 06:48:02 UTC */
	struct buf b CLEANUP(buf_free) = { 0 };

	(void)state;
	c.zone = (struct zone){ .n = 2,
		.steps = { { 1774749600, 3600 }, { 1774753200 + 1, 7200 } } };
	text_add_time(&b, &c, c.now - 3600);
	buf_addc(&b, '|');
	text_add_time(&b, &c, c.now - 86400);
	c.is_exact = true;
	buf_addc(&b, '|');
	text_add_time(&b, &c, c.now);
	assert_string_equal(buf_text(&b),
		"07:48:02|2026-11-23 08:48:02|2026-11-24T06:48:02Z");
}

static const struct {
	int64_t from_now;
	const char *want;
} distances[] = {
	{ 0, "now" },
	{ -1, "1s ago" },
	{ 119, "in 119s" },
	{ -7 * 60, "7m ago" },
	{ 90 * 60, "in 90m" },
	{ 2 * 3600, "in 2h" },
	{ -47 * 3600, "47h ago" },
	{ 48 * 3600, "in 2d" },
	{ -400 * 86400, "400d ago" },
};

static void
test_times_are_seen_from_now(void **state)
{
	struct text_clock c = { .now = 1795502882 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(distances); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		text_add_when(&b, &c, c.now + distances[i].from_now);
		assert_string_equal(buf_text(&b), distances[i].want);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_command_lines_apart),
		cmocka_unit_test(test_keeps_the_values_of_options),
		cmocka_unit_test(test_every_row_is_whole),
		cmocka_unit_test(test_help_names_every_command),
		cmocka_unit_test(test_suggests_what_is_near),
		cmocka_unit_test(test_spans_are_rough),
		cmocka_unit_test(test_times_are_local_and_short_today),
		cmocka_unit_test(test_times_are_seen_from_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
