/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "control/help.h"

static const struct {
	const char *name, *summary, *text;
	void (*add)(struct buf *b); /* or NULL: what follows the text */
} topics[] = {
	{ "options", "what may stand with every command",
		"Options may stand before, between and behind the other "
		"words; \"--\" ends them. \"--csv\", \"--columns\" and "
		"\"--no-header\" are for lists.",
		help_add_globals },
	{ "output", "terminals, pipes, scripts",
		"Data goes to standard output, messages to standard error. On "
		"a terminal tables fit its width: the least important columns "
		"are left out or cut, times are seen from now (\"7m ago\", "
		"\"in 23m\"), and long output goes through $BRATTICE_PAGER, "
		"$PAGER or less. In a pipe the same columns have their full "
		"width, times are those of RFC 3339 in UTC, and there are no "
		"colours. Scripts had better ask for \"--json\", \"--jsonl\" "
		"or \"--csv\" with \"--columns\". A list that has more rows "
		"than were asked for says so on standard error: \"--limit 0\" "
		"gives all. Colours obey NO_COLOR, CLICOLOR_FORCE and "
		"TERM=dumb. A cell of \"--csv\" that a spreadsheet would take "
		"for a formula begins with '. Questions are only asked on a "
		"terminal; elsewhere \"--yes\" is needed. Control characters, "
		"characters that turn the direction of writing and invisible "
		"ones, which an attacker may have sent, are shown as \\xNN or "
		"\\u{N}.",
		NULL },
	{ "times", "how times and durations are written",
		"A duration is 90s, 30m, 2h, 7d, 2w or 1h30m; a number alone "
		"is minutes. A time is one of RFC 3339, such as "
		"2026-11-24T06:28:02Z, or a duration ago.",
		NULL },
	{ "exit-codes", "what commands exit with", "", help_add_exits },
};

void
help_add_topics(struct buf *b)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		help_add_term(b, str_of(topics[i].name), topics[i].summary);
}

void
help_add_topic_names(struct buf *b)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		buf_printf(b, "%s\n", topics[i].name);
}

bool
help_add_topic(struct buf *b, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (!str_eq(name, str_of(topics[i].name)))
			continue;
		if (*topics[i].text)
			help_add_text(b, str_of(topics[i].text));
		if (*topics[i].text && topics[i].add)
			buf_addc(b, '\n');
		if (topics[i].add)
			topics[i].add(b);
		return true;
	}
	return false;
}
