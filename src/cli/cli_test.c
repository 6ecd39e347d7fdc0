/* SPDX-License-Identifier: ISC */

#include "cli/cli.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"
#include "cli/addr_set.h"
#include "cli/client.h"
#include "cli/grid.h"
#include "cli/show.h"
#include "cli/word.h"

static void
test_every_verb_has_a_command(void **state)
{
	(void)state;
	assert_int_equal(commands_n, verbs_n);
	for (unsigned i = 0; i < commands_n; i++) {
		assert_non_null(verb_find(str_of(commands[i].path)));
		assert_non_null(commands[i].run);
	}
}

static const struct grid_column columns[] = {
	{ "NAME", GRID_LEFT },
	{ "N", GRID_RIGHT },
	{ "TEXT", GRID_LEFT },
};

/* A grid with two rows, printed. */
static void
print(struct cli *c)
{
	struct grid g CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };

	grid_add(&g, S("gr\xc3\xbc\xc3\x9f"));
	grid_add(&g, S("7"));
	grid_add(&g, S("a rather long text at the end"));
	grid_add(&g, S("x"));
	grid_add(&g, S("1234"));
	grid_add(&g, S("\033[31m"));
	grid_print(&g, c);
}

static void
test_columns_are_as_wide_as_their_cells(void **state)
{
	struct cli c = { 0 };

	(void)state;
	print(&c);
	assert_string_equal(buf_text(&c.out),
		"NAME     N  TEXT\n"
		"gr\xc3\xbc\xc3\x9f     7  a rather long text at the end\n"
		"x     1234  \\x1b[31m\n");
	buf_free(&c.out);
}

static void
test_a_terminal_cuts_the_last_column(void **state)
{
	struct cli c = { .is_terminal = true, .width = 24 };

	(void)state;
	c.call.option[OPT_NO_HEADER] = "";
	print(&c);
	assert_string_equal(buf_text(&c.out),
		"gr\xc3\xbc\xc3\x9f     7  a rather lon\n"
		"x     1234  \\x1b[31m\n");
	buf_free(&c.out);
}

static void
test_counts_different_addresses(void **state)
{
	struct addr_set set = { .key = { 1, 2 } };

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		struct addr a = { { 0x20, 1 } };

		a.b[13] = (uint8_t)(i % 50000 >> 16);
		a.b[14] = (uint8_t)(i % 50000 >> 8);
		a.b[15] = (uint8_t)(i % 50000);
		addr_set_add(&set, addr_set_ready(&set, &a));
		addr_set_add(&set, addr_set_ready(&set, &a));
	}
	assert_int_equal(set.n, 50000);
	addr_set_free(&set);
	assert_int_equal(set.n, 0);
}

static const struct {
	const char *word;
	enum word_type type;
} words[] = {
	{ "17", WORD_ID },
	{ "0", WORD_BAD },
	{ "192.0.2.1", WORD_ADDR },
	{ "2001:db8::1", WORD_ADDR },
	{ "192.0.2.0/24", WORD_PREFIX },
	{ "192.0.2.1/24", WORD_BAD },
	{ "nobody", WORD_BAD },
	{ "", WORD_BAD },
};

static void
test_knows_what_a_word_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_int_equal(word_type(words[i].word), words[i].type);
}

static void
test_questions_are_encoded(void **state)
{
	struct question q;

	(void)state;
	question_open(&q, "GET", "/events");
	question_param(&q, "address", "2001:db8::/32");
	question_param(&q, "nothing", NULL);
	question_param(&q, "account", "a&b=c d\xc3\xbc");
	assert_string_equal(buf_text(&q.path),
		"/api/v1/events?address=2001%3Adb8%3A%3A%2F32"
		"&account=a%26b%3Dc%20d%C3%BC");
	buf_free(&q.path);
}

static const struct {
	const char *json, *until, *why;
} blocks[] = {
	{ "{\"until\":\"2026-11-24T06:48:02Z\",\"no_end\":false,"
	  "\"component\":\"smtp\",\"score\":1050,\"threshold\":1000}",
		"until 2026-11-24T06:48:02Z, 24 min left", "smtp 1050/1000" },
	{ "{\"until\":null,\"no_end\":true,\"note\":\"a\\u001bb\"}",
		"with no end", "a\\x1bb" },
	{ "{\"until\":\"2026-11-24T06:00:00Z\",\"no_end\":false,"
	  "\"component\":\"login\",\"score\":10,\"threshold\":10,"
	  "\"would_block\":true}",
		"until 2026-11-24T06:00:00Z", "login 10/10 (would block)" },
};

static void
test_blocks_are_told_alike(void **state)
{
	struct cli c = { .clock = { .is_exact = true } };

	(void)state;
	c.clock.now = 1795502882 - 24 * 60;
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };
		struct json_t *v CLEANUP(json_in_freep) = json_in_parse(
			str_of(blocks[i].json), NULL);

		show_until(&b, &c, v);
		assert_string_equal(buf_text(&b), blocks[i].until);
		b.n = 0;
		show_why(&b, v);
		assert_string_equal(buf_text(&b), blocks[i].why);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_verb_has_a_command),
		cmocka_unit_test(test_columns_are_as_wide_as_their_cells),
		cmocka_unit_test(test_a_terminal_cuts_the_last_column),
		cmocka_unit_test(test_counts_different_addresses),
		cmocka_unit_test(test_knows_what_a_word_names),
		cmocka_unit_test(test_questions_are_encoded),
		cmocka_unit_test(test_blocks_are_told_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
