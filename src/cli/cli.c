/* SPDX-License-Identifier: ISC */

#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/pager.h"

void
cli_style(struct cli *c, enum style s)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",
		[STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",
		[STYLE_GOOD] = "\033[32m",
		[STYLE_BAD] = "\033[31m",
		[STYLE_WARN] = "\033[33m",
	};

	if (c->has_color)
		buf_add(&c->out, str_of(codes[s]));
}

void
cli_flush(struct cli *c)
{
	struct str s = buf_str(&c->out);

	if (s.n && c->may_page)
		pager_start(c);
	c->may_page &= s.n == 0;
	while (s.n) {
		ssize_t n = write(STDOUT_FILENO, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE && c->pager > 0)
			break; /* the reader has seen enough */
		if (n < 0) {
			fprintf(stderr, "brattice: standard output: %s\n",
				strerror(errno));
			exit(EXIT_CODE_FAILED);
		}
		s = str_from(s, (size_t)n);
	}
	c->out.n = 0;
}

enum exit_code
cli_fail(struct cli *c, enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	/* What came before the failure is printed before its message. */
	cli_flush(c);
	pager_stop(c);
	fputs("brattice: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

void
cli_note(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (cli_has(c, OPT_JSON))
		return;
	cli_flush(c);
	pager_stop(c);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

enum exit_code
cli_confirm(struct cli *c, const char *fmt, ...)
{
	char line[16] = "";
	va_list ap;

	if (cli_has(c, OPT_YES))
		return EXIT_CODE_DONE;
	if (!isatty(STDIN_FILENO))
		return cli_fail(c, EXIT_CODE_USAGE,
			"nobody can be asked here: --yes says that it shall "
			"be done");
	cli_flush(c);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" [y/N] ", stderr);
	if (fgets(line, sizeof(line), stdin) && (*line == 'y' || *line == 'Y'))
		return EXIT_CODE_DONE;
	return cli_fail(c, EXIT_CODE_FAILED, "nothing was changed");
}
