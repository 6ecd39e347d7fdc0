/* SPDX-License-Identifier: ISC */

#include "control/complete_inside.h"

static void
add_action(struct buf *b, struct complete what)
{
	switch (what.kind) {
	case COMPLETE_FREE: buf_addc(b, ' '); break;
	case COMPLETE_FILE: buf_add(b, S("_files")); break;
	case COMPLETE_SETTING: buf_add(b, S("($settings)")); break;
	case COMPLETE_EVENT:
		buf_addc(b, '(');
		complete_add_events(b);
		buf_addc(b, ')');
		break;
	case COMPLETE_LIVE:
		buf_printf(b, "{_brattice_live %s}", what.live);
		break;
	}
}

/* "--for[How long …]:SPAN: " as _arguments takes it. */
static void
add_option(struct buf *b, unsigned o)
{
	const struct option_row *row = &option_rows[o];

	buf_printf(b, " \\\n\t\t'--%s[", row->name);
	complete_add_text(b, row->summary);
	buf_addc(b, ']');
	if (row->value)
		buf_printf(b, ":%s:", row->value);
	if (row->choices) {
		buf_addc(b, '(');
		complete_add_choices(b, row->choices);
		buf_addc(b, ')');
	} else if (row->value) {
		add_action(b, complete_value(row->value));
	}
	buf_addc(b, '\'');
}

static void
add_argument(struct buf *b, const struct verb *v)
{
	if (!v->args_max)
		return;
	buf_add(b, S(" \\\n\t\t\"*:"));
	complete_add_text(b, v->args);
	buf_addc(b, ':');
	add_action(b, complete_argument(v));
	buf_addc(b, '"');
}

static bool
is_list(const struct verb *v)
{
	return str_ends(str_of(v->path), S(" list"));
}

/* The pattern of its words: "list" may be left out. */
static void
add_verb(struct buf *b, const struct verb *v)
{
	struct str path = str_of(v->path), first, second;

	bool is_pair = str_cut(path, ' ', &first, &second);

	buf_addc(b, '\t');
	if (is_pair) {
		buf_printf(b, "'%s'", v->path);
		if (str_eq(second, S("list"))) {
			buf_add(b, S("|'"));
			buf_add(b, first);
			buf_add(b, S(" '*"));
		}
	} else {
		buf_printf(b, "'%s '*", v->path);
	}
	buf_add(b, S(") _arguments"));
	for (unsigned o = 0; o < OPTIONS; o++) {
		if (complete_has(v, o))
			add_option(b, o);
	}
	add_argument(b, v);
	buf_add(b, S(" ;;\n"));
}

/* A first word once, or the second words behind @first. */
static void
add_words(struct buf *b, struct str family)
{
	struct str seen = { 0 }, first, second;

	for (unsigned i = 0; i < verbs_n; i++) {
		str_cut(str_of(verbs[i].path), ' ', &first, &second);
		if (family.n ? !str_eq(first, family) || !second.n
			     : str_eq(first, seen))
			continue;
		seen = first;
		buf_add(b, S(" \\\n\t\t'"));
		buf_add(b, family.n ? second : first);
		buf_addc(b, ':');
		complete_add_text(b, verbs[i].summary);
		buf_addc(b, '\'');
	}
}

static void
add_families(struct buf *b)
{
	struct str seen = { 0 }, first, second;

	for (unsigned i = 0; i < verbs_n; i++) {
		str_cut(str_of(verbs[i].path), ' ', &first, &second);
		if (!second.n || str_eq(first, seen))
			continue;
		seen = first;
		buf_addc(b, '\t');
		buf_add(b, first);
		buf_add(b, S(") next=("));
		add_words(b, first);
		buf_add(b, S(") ;;\n"));
	}
}

void
complete_add_zsh(struct buf *b)
{
	buf_add(b, S("#compdef brattice\n"
		     "# zsh completion for brattice(1), made by "
		     "\"brattice completion zsh\"\n\n"
		     "# Words from the daemon are never expanded.\n"
		     "_brattice_live() {\n"
		     "\tlocal -a list=(\"${(@f)$(brattice __complete $1 "
		     "2>/dev/null)}\")\n"
		     "\tcompadd -a list\n}\n\n"
		     "_brattice() {\n\tlocal settings='"));
	complete_add_settings(b);
	buf_add(b, S("'\n\tlocal -a next=("));
	add_words(b, (struct str){ 0 });
	buf_add(b, S(")\n\tif ((CURRENT == 2)); then\n"
		     "\t\t_describe command next\n\t\treturn\n\tfi\n"
		     "\tnext=()\n\tcase $words[2] in\n"));
	add_families(b);
	buf_add(b, S("\tesac\n"
		     "\tif ((CURRENT == 3 && $#next)); then\n"
		     "\t\t_describe command next\n\tfi\n"
		     "\tcase \"$words[2] $words[3]\" in\n"));
	/* What stands for "list" stands for everything: it comes last. */
	for (unsigned i = 0; i < verbs_n; i++) {
		if (!is_list(&verbs[i]))
			add_verb(b, &verbs[i]);
	}
	for (unsigned i = 0; i < verbs_n; i++) {
		if (is_list(&verbs[i]))
			add_verb(b, &verbs[i]);
	}
	buf_add(b, S("\tesac\n}\n\n_brattice \"$@\"\n"));
}
