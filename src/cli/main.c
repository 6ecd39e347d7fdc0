/* SPDX-License-Identifier: ISC */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/def.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/pager.h"
#include "cli/width.h"
#include "control/help.h"
#include "sys/clock.h"
#include "sys/zone.h"

static const struct command *
command_find(const struct verb *v)
{
	for (unsigned i = 0; i < commands_n; i++) {
		if (strcmp(commands[i].path, v->path) == 0)
			return &commands[i];
	}
	abort(); /* a row without its function; a test looks */
}

/* NO_COLOR, CLICOLOR_FORCE and TERM=dumb as everywhere. */
static bool
wants_color(const struct cli *c)
{
	const char *when = c->call.option[OPT_COLOR];
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (none && *none)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return c->is_terminal && term && strcmp(term, "dumb") != 0;
}

static void
look_around(struct cli *c)
{
	struct winsize size;

	width_init();
	/* One object a line is JSON, too. */
	if (cli_has(c, OPT_JSONL))
		c->call.option[OPT_JSON] = "";
	c->is_terminal = isatty(STDOUT_FILENO);
	c->has_color = wants_color(c);
	if (c->is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		c->width = size.ws_col;
		c->height = size.ws_row;
	}
	c->clock.now = clock_wall_s();
	c->clock.is_exact = !c->is_terminal;
	if (!cli_has(c, OPT_UTC))
		zone_local(&c->clock.zone, c->clock.now);
}

static enum exit_code
run(struct cli *c)
{
	const struct verb *v = c->call.verb;

	if (cli_has(c, OPT_HELP) || !v) {
		struct buf *b = &c->out;

		if (v)
			help_add_verb(b, v);
		else
			help_add_all(b);
		return v || cli_has(c, OPT_HELP) ? EXIT_CODE_DONE
						 : EXIT_CODE_USAGE;
	}
	return command_find(v)->run(c);
}

int
main(int argc, char **argv)
{
	struct cli c = { 0 };
	struct err err;
	enum exit_code code = EXIT_CODE_USAGE;

	/* Asked by a shell that completes a line, not by people. */
	if (argc == 3 && strcmp(argv[1], "__complete") == 0) {
		complete_print(&c, argv[2]);
		cli_flush(&c);
		buf_free(&c.out);
		return EXIT_CODE_DONE;
	}
	if (call_parse(&c.call, argc, (const char *const *)argv, &err)) {
		fprintf(stderr, "brattice: %s\n", err.text);
		call_free(&c.call);
		return EXIT_CODE_USAGE;
	}
	look_around(&c);
	c.may_page = cli_has(&c, OPT_HELP) || !c.call.verb ||
		     c.call.verb->shape & VERB_LONG;
	code = run(&c);
	cli_flush(&c);
	pager_stop(&c);
	buf_free(&c.out);
	call_free(&c.call);
	return code;
}
