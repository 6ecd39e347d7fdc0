/* SPDX-License-Identifier: ISC */

#include "cli/cli.h"

#include <string.h>

#include "base/def.h"
#include "base/test.h"
#include "cli/addr_set.h"
#include "cli/client.h"
#include "cli/grid.h"
#include "cli/show.h"
#include "cli/width.h"
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
	{ "COUNT", GRID_RIGHT },
	{ "DETAIL", GRID_LEFT },
};

/* A grid with rows that want to break out, printed. */
static const char *
print(struct cli *c)
{
	static const char *const cells[] = { "gr\u00fc\u00df", "7",
		"a rather long text at the end", "x", "1234", "\033[31m",
		"\u6f22e\u0301", "0", "=1+1, \"no\"\n\u202e" };
	struct grid g CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };

	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		grid_add(&g, str_of(cells[i]));
	c->out.n = 0;
	grid_print(&g, c);
	return buf_text(&c->out);
}

static void
test_columns_are_as_wide_as_their_cells(void **state)
{
	struct cli c = { 0 };

	(void)state;
	assert_string_equal(print(&c),
		"NAME  COUNT  DETAIL\n"
		"gr\u00fc\u00df      7  a rather long text at the end\n"
		"x      1234  \\x1b[31m\n"
		"\u6f22e\u0301       0  =1+1, \"no\"\\x0a\\u{202e}\n");
	buf_free(&c.out);
}

static void
test_a_terminal_cuts_and_leaves_out(void **state)
{
	struct cli c = { .is_terminal = true, .width = 33 };

	(void)state;
	c.call.option[OPT_NO_HEADER] = "";
	assert_string_equal(print(&c),
		"gr\u00fc\u00df     7  a rather long text a\u2026\n"
		"x     1234  \\x1b[31m\n"
		"\u6f22e\u0301      0  =1+1, \"no\"\\x0a\\u{202\u2026\n");
	c.width = 22;
	assert_string_equal(print(&c),
		"gr\u00fc\u00df  a rather long t\u2026\n"
		"x     \\x1b[31m\n"
		"\u6f22e\u0301   =1+1, \"no\"\\x0a\\\u2026\n");
	c.width = 8;
	assert_string_equal(print(&c), "gr\u00fc\u00df\nx\n\u6f22e\u0301\n");
	buf_free(&c.out);
}

static void
test_columns_are_chosen(void **state)
{
	struct cli c = { 0 };

	(void)state;
	c.call.option[OPT_COLUMNS] = "count, name,count";
	assert_string_equal(print(&c), "COUNT  NAME  COUNT\n"
				       "    7  gr\u00fc\u00df      7\n"
				       " 1234  x      1234\n"
				       "    0  \u6f22e\u0301       0\n");
	buf_free(&c.out);
}

static void
test_values_are_quoted_and_no_formulas(void **state)
{
	struct cli c = { 0 };

	(void)state;
	c.call.option[OPT_CSV] = "";
	assert_string_equal(print(&c),
		"name,count,detail\r\n"
		"gr\u00fc\u00df,7,a rather long text at the end\r\n"
		"x,1234,\\x1b[31m\r\n"
		"\u6f22e\u0301,0,\"'=1+1, \"\"no\"\"\\x0a\\u{202e}\"\r\n");
	buf_free(&c.out);
}

static const struct {
	const char *text;
	size_t width, cut; /* of its head in 3 columns [bytes] */
} widths[] = {
	{ "", 0, 0 }, { "abcd", 4, 3 },
	{ "\u6f22\u5b57", 4, 3 },	  /* wide: one fits */
	{ "a\u0301\u0302bcd", 4, 7 },	  /* marks go with their letter */
	{ "\U0001f600\U0001f600", 4, 4 }, /* wide, four bytes */
	{ "\xff\xff\xff\xff", 4, 3 },	  /* no characters */
};

static void
test_widths_are_those_of_the_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		struct str s = str_of(widths[i].text);

		assert_int_equal(width_of(s), widths[i].width);
		assert_int_equal(width_cut(s, 3).n, widths[i].cut);
	}
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
		cmocka_unit_test(test_a_terminal_cuts_and_leaves_out),
		cmocka_unit_test(test_columns_are_chosen),
		cmocka_unit_test(test_values_are_quoted_and_no_formulas),
		cmocka_unit_test(test_widths_are_those_of_the_terminal),
		cmocka_unit_test(test_counts_different_addresses),
		cmocka_unit_test(test_knows_what_a_word_names),
		cmocka_unit_test(test_questions_are_encoded),
		cmocka_unit_test(test_blocks_are_told_alike),
	};

	width_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
