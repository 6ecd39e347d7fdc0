/* SPDX-License-Identifier: ISC */

#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
is_long(const struct cli *c)
{
	unsigned lines = 0;

	for (size_t i = 0; i < c->out.n; i++)
		lines += c->out.p[i] == '\n';
	return c->height && lines >= c->height;
}

static bool
is_wanted(const struct cli *c, const char *pager)
{
	const char *term = getenv("TERM");

	return c->is_terminal && is_long(c) && isatty(STDIN_FILENO) &&
	       !cli_has(c, OPT_NO_PAGER) && !cli_has(c, OPT_FOLLOW) && *pager &&
	       strcmp(pager, "cat") != 0 && term && strcmp(term, "dumb") != 0;
}

/* A pager may run commands: not for those whom sudo gave this one only. */
static void
run(const char *pager, int input)
{
	(void)setenv("LESS", "FRX", 0);
	if (geteuid() == 0)
		(void)setenv("LESSSECURE", "1", 1);
	if (dup2(input, STDIN_FILENO) >= 0) {
		execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
		execlp("cat", "cat", (char *)NULL);
	}
	_exit(127);
}

static const char *
program(void)
{
	const char *pager = getenv("BRATTICE_PAGER");

	if (!pager)
		pager = getenv("PAGER");
	return pager ? pager
		     : "command -v less >/dev/null && exec less; exec cat";
}

void
pager_start(struct cli *c)
{
	const char *pager = program();
	int ends[2];

	if (!is_wanted(c, pager) || pipe(ends) < 0)
		return;
	int terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	c->pager = fork();
	if (c->pager == 0) {
		close(ends[1]);
		run(pager, ends[0]);
	}
	close(ends[0]);
	if (c->pager > 0 && terminal >= 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		c->terminal = terminal;
		/* Who has seen enough closes the pager: no failure. */
		(void)signal(SIGPIPE, SIG_IGN);
		(void)signal(SIGINT, SIG_IGN);
	}
	close(ends[1]);
}

void
pager_stop(struct cli *c)
{
	int status;

	if (c->pager <= 0)
		return;
	(void)dup2(c->terminal, STDOUT_FILENO);
	close(c->terminal);
	while (waitpid(c->pager, &status, 0) < 0 && errno == EINTR)
		;
	c->pager = 0;
	(void)signal(SIGINT, SIG_DFL);
}
