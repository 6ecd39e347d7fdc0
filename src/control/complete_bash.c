/* SPDX-License-Identifier: ISC */

#include "control/complete_inside.h"

static const char program[] =
	"_brattice_files() {\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n"
	"}\n\n"
	"_brattice_words() {\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$1\" | sort -u)\n"
	"}\n\n"
	"# What the daemon knows.  Its words are never expanded, and one with\n"
	"# colons, which bash takes for several, loses the head that stands.\n"
	"_brattice_live() {\n"
	"\tlocal cur=${COMP_LINE:0:COMP_POINT} word head=\n"
	"\tcur=${cur##* }\n"
	"\t[[ $COMP_WORDBREAKS == *:* && $cur == *:* ]] && head=${cur%:*}:\n"
	"\twhile IFS= read -r word; do\n"
	"\t\t[[ $word == \"$cur\"* ]] && COMPREPLY+=(\"${word#\"$head\"}\")\n"
	"\tdone < <(\"${COMP_WORDS[0]}\" __complete \"$2\" 2>/dev/null)\n"
	"}\n\n"
	"# The words that may follow \"brattice $1\".\n"
	"_brattice_next() {\n"
	"\tlocal one two\n"
	"\twhile read -r one two; do\n"
	"\t\tif [[ -z $1 ]]; then echo \"$one\"\n"
	"\t\telif [[ $one == \"$1\" ]]; then echo \"$two\"; fi\n"
	"\tdone <<<\"$_brattice_verbs\"\n"
	"}\n\n"
	"_brattice() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} first= verb= i word\n"
	"\tlocal value= action= list=\n"
	"\tCOMPREPLY=()\n"
	"\tif _brattice_value \"${COMP_WORDS[COMP_CWORD-1]}\"; then\n"
	"\t\t\"_brattice_$action\" \"$cur\" \"$value\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif _brattice_value \"$word\"; then ((i++))\n"
	"\t\telif [[ $word == -* || -n $verb ]]; then continue\n"
	"\t\telif _brattice_verb \"$first${first:+ }$word\"; then\n"
	"\t\t\tverb=\"$first${first:+ }$word\"\n"
	"\t\telif [[ -n $first ]]; then verb=\"$first list\"\n"
	"\t\telse first=$word; fi\n"
	"\tdone\n"
	"\t_brattice_verb \"${verb:-$first list}\" || value=$_brattice_globals\n"
	"\tif [[ $cur == -* ]]; then _brattice_words \"$cur\" \"$value\"\n"
	"\telif [[ -z $verb ]]; then\n"
	"\t\t_brattice_words \"$cur\" \"$(_brattice_next \"$first\")\"\n"
	"\telse \"_brattice_$action\" \"$cur\" \"${list:-$_brattice_settings}\"; fi\n"
	"}\n"
	"complete -F _brattice brattice\n";

static const char *const actions[] = {
	[COMPLETE_FREE] = "nothing",
	[COMPLETE_FILE] = "files",
	[COMPLETE_SETTING] = "words",
	[COMPLETE_EVENT] = "words",
	[COMPLETE_LIVE] = "live",
};

/* What is offered behind an option that wants a value. */
static void
add_value(struct buf *b, unsigned o)
{
	const struct option_row *row = &option_rows[o];
	struct complete what = complete_value(row->value);

	buf_printf(b, "\t--%s", row->name);
	if (row->letter)
		buf_printf(b, "|-%c", row->letter);
	buf_add(b, S(") value='"));
	if (row->choices)
		complete_add_choices(b, row->choices);
	else if (what.kind == COMPLETE_EVENT)
		complete_add_events(b);
	else if (what.live)
		buf_add(b, str_of(what.live));
	buf_printf(b, "' action=%s ;;\n",
		row->choices ? "words" : actions[what.kind]);
}

static void
add_verb(struct buf *b, const struct verb *v)
{
	struct complete what = complete_argument(v);

	buf_printf(b, "\t'%s') action=%s", v->path, actions[what.kind]);
	if (what.live)
		buf_printf(b, " list=%s", what.live);
	buf_add(b, S(" value=\"$_brattice_globals"));
	for (unsigned o = OPT_GLOBALS; o < OPTIONS; o++) {
		if (complete_has(v, o))
			buf_printf(b, " --%s", option_rows[o].name);
	}
	buf_add(b, S("\" ;;\n"));
}

static void
add_lists(struct buf *b)
{
	buf_add(b, S("_brattice_verbs='"));
	for (unsigned i = 0; i < verbs_n; i++)
		buf_printf(b, "%s%s", i ? "\n" : "", verbs[i].path);
	buf_add(b, S("'\n_brattice_globals='"));
	for (unsigned o = 0; o < OPT_GLOBALS; o++)
		buf_printf(b, " --%s", option_rows[o].name);
	buf_add(b, S("'\n_brattice_settings='"));
	complete_add_settings(b);
	buf_add(b, S("'\n\n"));
}

void
complete_add_bash(struct buf *b)
{
	buf_add(b, S("# bash completion for brattice(1), made by "
		     "\"brattice completion bash\"\n\n"));
	add_lists(b);
	buf_add(b, S("_brattice_value() {\n\tcase $1 in\n"));
	for (unsigned o = 0; o < OPTIONS; o++) {
		if (option_rows[o].value)
			add_value(b, o);
	}
	buf_add(b, S("\t*) return 1 ;;\n\tesac\n}\n\n"
		     "_brattice_verb() {\n\tcase $1 in\n"));
	for (unsigned i = 0; i < verbs_n; i++)
		add_verb(b, &verbs[i]);
	buf_add(b, S("\t*) return 1 ;;\n\tesac\n}\n\n"
		     "_brattice_nothing() { :; }\n\n"));
	buf_add(b, str_of(program));
}
