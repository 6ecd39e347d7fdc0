/* SPDX-License-Identifier: ISC */

#include "control/help.h"

#include "base/json.h"
#include "cli/offline.h"
#include "control/complete.h"
#include "control/suggest.h"

static enum exit_code
fail_unknown(struct cli *c, struct str path)
{
	struct suggestion s = { 0 };

	for (unsigned i = 0; i < verbs_n; i++)
		suggest(&s, path, verb_name(&verbs[i]));
	if (s.name.n)
		return cli_fail(c, EXIT_CODE_NOT_FOUND,
			"no command \"%.*s\": did you mean \"%.*s\"?",
			(int)path.n, path.p, (int)s.name.n, s.name.p);
	return cli_fail(c, EXIT_CODE_NOT_FOUND,
		"no command \"%.*s\": \"brattice help\" lists them",
		(int)path.n, path.p);
}

enum exit_code
help_run(struct cli *c)
{
	struct buf path CLEANUP(buf_free) = { 0 };

	if (cli_has(c, OPT_MDOC)) {
		help_add_mdoc(&c->out);
		return EXIT_CODE_DONE;
	}
	if (c->call.words == 0) {
		help_add_all(&c->out);
		return EXIT_CODE_DONE;
	}
	for (unsigned i = 0; i < c->call.words; i++)
		buf_printf(&path, "%s%s", i ? " " : "", c->call.word[i]);
	const struct verb *v = verb_find(buf_str(&path));
	if (v)
		help_add_verb(&c->out, v);
	else if (!help_add_family(&c->out, buf_str(&path)) &&
		 !help_add_topic(&c->out, buf_str(&path)))
		return fail_unknown(c, buf_str(&path));
	return EXIT_CODE_DONE;
}

enum exit_code
version_run(struct cli *c)
{
	struct json j = { .b = &c->out };

	if (!cli_has(c, OPT_JSON)) {
		buf_add(&c->out, S("brattice " BRATTICE_VERSION "\n"));
		return EXIT_CODE_DONE;
	}
	json_open(&j, '{');
	json_member_str(&j, "version", S(BRATTICE_VERSION));
	json_close(&j, '}');
	buf_addc(&c->out, '\n');
	return EXIT_CODE_DONE;
}

enum exit_code
completion_run(struct cli *c)
{
	if (complete_add(&c->out, str_of(c->call.word[0])))
		return EXIT_CODE_DONE;
	return cli_fail(c, EXIT_CODE_USAGE,
		"there is no completion for this shell; expected bash, zsh "
		"or fish");
}
