/* SPDX-License-Identifier: ISC */

#include "cli/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
	SECRET_MAX = 1024, /* more than any password may have [bytes] */
	KEY_END = 3,	   /* Ctrl-C */
	KEY_ERASE = 0x7f,
};

void
prompt_forget(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->cap);
	buf_free(b);
}

/* The last character of a line goes; it may have several bytes. */
static void
erase(struct buf *b)
{
	while (b->n && ((unsigned char)b->p[b->n - 1] & 0xc0) == 0x80)
		b->n--;
	if (b->n)
		b->n--;
}

/* A line, without its end; room for it is made before, so that no copy of
 * it is left behind.  False when it was broken off. */
static bool
read_line(int fd, struct buf *ret)
{
	char key;
	ssize_t n;

	(void)buf_room(ret, SECRET_MAX);
	while ((n = read(fd, &key, 1)) != 0) {
		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0)
			continue;
		if (key == '\n' || key == '\r')
			return true;
		if (key == KEY_END || ret->n == SECRET_MAX)
			return false;
		if (isatty(fd) && (key == KEY_ERASE || key == '\b'))
			erase(ret);
		else
			buf_addc(ret, key);
	}
	return ret->n > 0;
}

/* Without echo and with every signal's key as a byte, so that nothing can
 * leave the terminal like this. */
static bool
ask(int fd, const char *what, struct buf *ret)
{
	struct termios before, quiet;
	sigset_t all, mask;

	if (tcgetattr(fd, &before) < 0)
		return false;
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	quiet.c_iflag |= ICRNL;
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &mask);
	(void)tcsetattr(fd, TCSAFLUSH, &quiet);
	(void)dprintf(fd, "%s: ", what);
	bool is_read = read_line(fd, ret);
	(void)dprintf(fd, "\n");
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return is_read;
}

static enum exit_code
ask_twice(struct cli *c, int fd, const char *what, struct buf *ret)
{
	struct buf again CLEANUP(prompt_forget) = { 0 };

	if (!ask(fd, what, ret) || !ask(fd, "Again", &again))
		return cli_fail(c, EXIT_CODE_FAILED, "nothing was changed");
	if (!str_eq(buf_str(ret), buf_str(&again)))
		return cli_fail(c, EXIT_CODE_USAGE,
			"the two were not the same; nothing was changed");
	return EXIT_CODE_DONE;
}

enum exit_code
prompt_secret(struct cli *c, const char *what, struct buf *ret)
{
	enum exit_code code = EXIT_CODE_DONE;
	int fd = -1;

	cli_flush(c);
	if (isatty(STDIN_FILENO))
		fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0) {
		code = ask_twice(c, fd, what, ret);
		close(fd);
	} else if (!read_line(STDIN_FILENO, ret)) {
		code = cli_fail(c, EXIT_CODE_USAGE,
			"%s: expected as a line of standard input", what);
	}
	return code;
}
