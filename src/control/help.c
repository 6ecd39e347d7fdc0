/* SPDX-License-Identifier: ISC */

#include "control/help.h"

#include "base/def.h"
#include "core/event.h"

enum {
	COLUMN = 22, /* where explanations begin */
	WIDTH = 78,
};

/* Words, wrapped, every line behind the first at @indent. */
static void
add_wrapped(struct buf *b, size_t column, size_t indent, struct str text)
{
	struct str word;

	while (text.n) {
		str_cut(text, ' ', &word, &text);
		if (column > indent && column + 1 + word.n > WIDTH) {
			buf_printf(b, "\n%*s", (int)indent, "");
			column = indent;
		}
		if (column > indent) {
			buf_addc(b, ' ');
			column++;
		}
		buf_add(b, word);
		column += word.n;
	}
	buf_addc(b, '\n');
}

void
help_add_text(struct buf *b, struct str text)
{
	add_wrapped(b, 0, 0, text);
}

void
help_add_term(struct buf *b, struct str term, const char *text)
{
	buf_addc(b, ' ');
	buf_addc(b, ' ');
	buf_add(b, term);
	if (term.n + 4 > COLUMN)
		buf_printf(b, "\n%*s", COLUMN, "");
	else
		buf_printf(b, "%*s", (int)(COLUMN - 2 - term.n), "");
	add_wrapped(b, COLUMN, COLUMN, str_of(text));
}

static void
add_option(struct buf *b, unsigned o)
{
	const struct option_row *row = &option_rows[o];
	struct buf term CLEANUP(buf_free) = { 0 };

	if (row->letter)
		buf_printf(&term, "-%c, ", row->letter);
	buf_printf(&term, "--%s", row->name);
	if (row->value)
		buf_printf(&term, " %s", row->value);
	help_add_term(b, buf_str(&term), row->summary);
}

void
help_add_globals(struct buf *b)
{
	for (unsigned o = 0; o < OPT_GLOBALS; o++)
		add_option(b, o);
}

static void
add_row(struct buf *b, const struct verb *v)
{
	struct buf term CLEANUP(buf_free) = { 0 };

	buf_add(&term, verb_name(v));
	if (*v->args)
		buf_printf(&term, " %s", v->args);
	help_add_term(b, buf_str(&term), v->summary);
}

void
help_add_all(struct buf *b)
{
	buf_add(b, S("usage: brattice [OPTIONS] COMMAND [ARGUMENTS]\n\n"
		     "Why are clients of this mail server blocked, and which "
		     "shall not be?\n\nCommands:\n"));
	for (unsigned i = 0; i < verbs_n; i++)
		add_row(b, &verbs[i]);
	buf_add(b, S("\nOptions of every command:\n"));
	help_add_globals(b);
	buf_add(b, S("\nTopics:\n"));
	help_add_topics(b);
	buf_add(b, S("\n\"brattice help COMMAND\" or \"brattice help TOPIC\" "
		     "says more; the manual is\nbrattice(1).\n"));
}

bool
help_add_family(struct buf *b, struct str family)
{
	size_t before = b->n;

	for (unsigned i = 0; i < verbs_n; i++) {
		struct str rest = str_of(verbs[i].path);

		if (str_take(&rest, family) && rest.n && rest.p[0] == ' ')
			add_row(b, &verbs[i]);
	}
	return b->n > before;
}

static void
add_options(struct buf *b, const struct verb *v)
{
	if (v->options)
		buf_add(b, S("\nOptions:\n"));
	for (unsigned o = OPT_GLOBALS; o < OPTIONS; o++) {
		if (v->options & UINT64_C(1) << o)
			add_option(b, o);
	}
	if (!(v->shape & VERB_TABLE))
		return;
	buf_add(b, S("\nOptions of lists:\n"));
	for (unsigned o = OPT_CSV; o <= OPT_NO_HEADER; o++)
		add_option(b, o);
}

void
help_add_exits(struct buf *b)
{
	for (unsigned c = 0; c < EXIT_CODES; c++) {
		char digit[] = { (char)('0' + c) };

		help_add_term(b, (struct str){ digit, 1 }, exit_meanings[c]);
	}
}

static void
add_kinds(struct buf *b)
{
	buf_add(b, S("\nKinds of events:\n"));
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id)
			help_add_term(b, str_of(event_types[k].id),
				event_types[k].meaning);
	}
}

static uint16_t
exits_of(const struct verb *v)
{
	return v->exits | 1U << EXIT_CODE_DONE | 1U << EXIT_CODE_FAILED |
	       1U << EXIT_CODE_USAGE;
}

void
help_add_verb(struct buf *b, const struct verb *v)
{
	buf_add(b, S("usage: brattice "));
	buf_add(b, verb_name(v));
	buf_printf(b, "%s%s%s\n\n", *v->args ? " " : "", v->args,
		v->options ? " [OPTIONS]" : "");
	add_wrapped(b, 0, 0, str_of(v->summary));
	if (*v->about) {
		buf_addc(b, '\n');
		add_wrapped(b, 0, 0, str_of(v->about));
	}
	add_options(b, v);
	if (v->options & UINT64_C(1) << OPT_KIND)
		add_kinds(b);
	buf_printf(b, "\nExample:\n  %s\n\nExit codes:\n", v->example);
	for (unsigned c = 0; c < EXIT_CODES; c++) {
		char digit[] = { (char)('0' + c) };

		if (exits_of(v) & 1U << c)
			help_add_term(
				b, (struct str){ digit, 1 }, exit_meanings[c]);
	}
	if (v->request)
		buf_printf(b, "\nRequest: %s\n", v->request);
	buf_add(b, S("\n\"brattice help options\" lists the options of every "
		     "command.\n"));
}
