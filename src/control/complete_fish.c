/* SPDX-License-Identifier: ISC */

#include "control/complete_inside.h"

#define SEEN "__fish_seen_subcommand_from "

/* "-n 'condition'": the words of a verb stand there. */
static void
add_condition(struct buf *b, const struct verb *v)
{
	struct str first, second;

	str_cut(str_of(v->path), ' ', &first, &second);
	buf_add(b, S("complete -c brattice -n '" SEEN));
	buf_add(b, first);
	/* "list" may be left out, so it is no condition. */
	if (second.n && !str_eq(second, S("list"))) {
		buf_add(b, S("; and " SEEN));
		buf_add(b, second);
	}
	buf_addc(b, '\'');
}

static void
add_text(struct buf *b, const char *text)
{
	buf_add(b, S(" -d '"));
	complete_add_text(b, text);
	buf_add(b, S("'\n"));
}

/* " -a '…'": the words that are offered. */
static void
add_words(struct buf *b, struct complete what)
{
	switch (what.kind) {
	case COMPLETE_SETTING:
		buf_add(b, S(" -a '"));
		complete_add_settings(b);
		buf_addc(b, '\'');
		break;
	case COMPLETE_EVENT:
		buf_add(b, S(" -a '"));
		complete_add_events(b);
		buf_addc(b, '\'');
		break;
	case COMPLETE_LIVE:
		buf_printf(b, " -a '(brattice __complete %s 2>/dev/null)'",
			what.live);
		break;
	case COMPLETE_FILE: buf_add(b, S(" -F")); break;
	case COMPLETE_FREE: break;
	}
}

static void
add_option(struct buf *b, unsigned o)
{
	const struct option_row *row = &option_rows[o];
	struct complete what = { 0 };

	if (row->value)
		what = complete_value(row->value);

	buf_printf(b, " -l %s", row->name);
	if (row->letter)
		buf_printf(b, " -s %c", row->letter);
	if (row->value)
		buf_add(b, what.kind == COMPLETE_FILE ? S(" -r") : S(" -x"));
	if (row->choices) {
		buf_add(b, S(" -a '"));
		complete_add_choices(b, row->choices);
		buf_addc(b, '\'');
	}
	add_words(b, what);
	add_text(b, row->summary);
}

/* The words that may stand behind @family. */
static void
add_seconds(struct buf *b, struct str family)
{
	struct str first, second, gap = { 0 };

	for (unsigned i = 0; i < verbs_n; i++) {
		str_cut(str_of(verbs[i].path), ' ', &first, &second);
		if (!str_eq(first, family))
			continue;
		buf_add(b, gap);
		buf_add(b, second);
		gap = S(" ");
	}
}

/* A verb's word, offered where it may stand. */
static void
add_word(struct buf *b, const struct verb *v, struct str seen)
{
	struct str first, second;

	str_cut(str_of(v->path), ' ', &first, &second);
	if (!str_eq(first, seen)) {
		buf_add(b, S("complete -c brattice -n "
			     "__fish_use_subcommand -a "));
		buf_add(b, first);
		add_text(b, v->summary);
	}
	if (!second.n)
		return;
	buf_add(b, S("complete -c brattice -n '" SEEN));
	buf_add(b, first);
	buf_add(b, S("; and not " SEEN));
	add_seconds(b, first);
	buf_add(b, S("' -a "));
	buf_add(b, second);
	add_text(b, v->summary);
}

static void
add_verb(struct buf *b, const struct verb *v)
{
	struct complete what = complete_argument(v);

	for (unsigned o = OPT_GLOBALS; o < OPTIONS; o++) {
		if (!complete_has(v, o))
			continue;
		add_condition(b, v);
		add_option(b, o);
	}
	if (what.kind == COMPLETE_FREE)
		return;
	add_condition(b, v);
	add_words(b, what);
	buf_addc(b, '\n');
}

void
complete_add_fish(struct buf *b)
{
	struct str seen = { 0 }, rest;

	buf_add(b, S("# fish completion for brattice(1), made by "
		     "\"brattice completion fish\"\n\n"
		     "complete -c brattice -f\n"));
	for (unsigned o = 0; o < OPT_GLOBALS; o++) {
		buf_add(b, S("complete -c brattice"));
		add_option(b, o);
	}
	for (unsigned i = 0; i < verbs_n; i++) {
		add_word(b, &verbs[i], seen);
		str_cut(str_of(verbs[i].path), ' ', &seen, &rest);
		add_verb(b, &verbs[i]);
	}
}
