/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "control/help.h"

enum {
	WIDTH = 72, /* of source lines, which mandoc -W style looks at */
};

static void
add_word(struct buf *b, struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '\\')
			buf_add(b, S("\\e"));
		else if (word.p[i] == '"')
			buf_add(b, S("\\(dq"));
		else
			buf_addc(b, word.p[i]);
	}
}

static bool
is_sentence_end(struct str word)
{
	return str_ends(word, S(".")) && !str_ends(word, S("..."));
}

/* Text as mdoc takes it; each sentence begins a line. */
static void
add_text(struct buf *b, struct str text)
{
	size_t line = b->n;
	bool is_end = false;
	struct str word;

	while (text.n) {
		str_cut(text, ' ', &word, &text);
		bool is_full = b->n - line + 1 + word.n > WIDTH;

		if (b->n > line && (is_end || is_full)) {
			buf_addc(b, '\n');
			line = b->n;
		} else if (b->n > line) {
			buf_addc(b, ' ');
		}
		if (b->n == line && (word.p[0] == '.' || word.p[0] == '\''))
			buf_add(b, S("\\&"));
		add_word(b, word);
		is_end = is_sentence_end(word);
	}
	buf_addc(b, '\n');
}

/* "NET|ID ..." as .Ar words; "[NET]" as .Op. */
static void
add_args(struct buf *b, struct str args)
{
	struct str word;

	while (args.n) {
		str_cut(args, ' ', &word, &args);
		if (str_eq(word, S("...")) || str_eq(word, S("...]")))
			continue; /* belongs to the word before */
		bool is_many = str_starts(args, S("..."));
		bool is_option = str_take(&word, S("["));

		if (str_ends(word, S("]")))
			word.n--;
		buf_add(b, is_option ? S(" Op Ar ") : S(" Ar "));
		buf_add(b, word);
		if (is_many)
			buf_add(b, S(" ..."));
	}
}

static void
add_option(struct buf *b, unsigned o)
{
	const struct option_row *row = &option_rows[o];

	buf_add(b, S(".It "));
	if (row->letter)
		buf_printf(b, "Fl %c , ", row->letter);
	buf_printf(b, "Fl -%s", row->name);
	if (row->value)
		buf_printf(b, " Ar %s", row->value);
	buf_addc(b, '\n');
	add_text(b, str_of(row->summary));
}

static void
add_options(struct buf *b, uint64_t options)
{
	if (!options)
		return;
	buf_add(b, S(".Bl -tag -width Ds\n"));
	for (unsigned o = 0; o < OPTIONS; o++) {
		if (options & UINT64_C(1) << o)
			add_option(b, o);
	}
	buf_add(b, S(".El\n"));
}

static void
add_verb(struct buf *b, const struct verb *v)
{
	buf_printf(b, ".It Cm %s", v->path);
	add_args(b, str_of(v->args));
	buf_addc(b, '\n');
	/* The summary as a sentence. */
	size_t at = b->n;
	add_text(b, str_of(v->summary));
	if (b->p[at] >= 'a' && b->p[at] <= 'z')
		b->p[at] = (char)(b->p[at] - 'a' + 'A');
	b->n--;
	buf_add(b, b->p[b->n - 1] == '?' ? S("\n") : S(".\n"));
	if (*v->about)
		add_text(b, str_of(v->about));
	add_options(b, v->options);
}

void
help_add_mdoc(struct buf *b)
{
	buf_add(b, S(".Ss Options of every command\n"));
	add_options(b, (UINT64_C(1) << OPT_GLOBALS) - 1);
	buf_add(b, S(".Ss Commands\n.Bl -tag -width Ds\n"));
	for (unsigned i = 0; i < verbs_n; i++)
		add_verb(b, &verbs[i]);
	buf_add(b, S(".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n"));
	for (unsigned c = 0; c < EXIT_CODES; c++) {
		buf_printf(b, ".It %u\n", c);
		add_text(b, str_of(exit_meanings[c]));
	}
	buf_add(b, S(".El\n"));
}
