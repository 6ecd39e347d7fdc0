/* SPDX-License-Identifier: ISC */

#include "cli/screen.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Source: xterm's control sequences, "ctlseqs". */
static const char enter[] = "\033[?1049h\033[?25l";
static const char leave[] = "\033[?25h\033[?1049l";

static void
put(const char *text)
{
	/* A terminal that is gone is noticed when it is read from. */
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		return;
}

static void
begin(const struct screen *s)
{
	struct termios raw = s->before;

	raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	put(enter);
}

static void
end(const struct screen *s)
{
	put(leave);
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &s->before);
}

bool
screen_open(struct screen *s)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP,
		SIGWINCH };
	sigset_t set;

	if (tcgetattr(STDIN_FILENO, &s->before) < 0)
		return false;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		sigaddset(&set, taken[i]);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (s->signals < 0)
		return false;
	(void)sigprocmask(SIG_BLOCK, &set, &s->mask);
	begin(s);
	return true;
}

void
screen_measure(struct cli *c)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row) {
		c->width = size.ws_col;
		c->height = size.ws_row;
	}
}

void
screen_draw(struct str lines)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct str line;

	buf_add(&b, S("\033[H"));
	while (lines.n) {
		bool has_more = str_cut(lines, '\n', &line, &lines);

		/* First: behind a full line it would eat its last cell. */
		buf_add(&b, S("\033[K"));
		buf_add(&b, line);
		buf_add(&b, has_more ? S("\n") : S(""));
	}
	buf_add(&b, S("\033[J"));
	put(buf_text(&b));
}

/* Stop as the user wishes, with the terminal in order meanwhile. */
static void
stop(struct screen *s)
{
	end(s);
	(void)raise(SIGSTOP);
	begin(s);
}

static enum screen_key
take_signal(struct screen *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return KEY_QUIT;
	if (info.ssi_signo == SIGTSTP)
		stop(s);
	return info.ssi_signo == SIGTSTP || info.ssi_signo == SIGWINCH
		       ? KEY_NONE
		       : KEY_QUIT;
}

static const struct {
	const char *bytes;
	enum screen_key key;
} keys[] = {
	{ "q", KEY_QUIT },
	{ "Q", KEY_QUIT },
	{ "\033[A", KEY_UP },
	{ "\033OA", KEY_UP },
	{ "k", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033OB", KEY_DOWN },
	{ "j", KEY_DOWN },
	{ "\033[D", KEY_LEFT },
	{ "\033OD", KEY_LEFT },
	{ "h", KEY_LEFT },
	{ "\033[C", KEY_RIGHT },
	{ "\033OC", KEY_RIGHT },
	{ "l", KEY_RIGHT },
	{ " ", KEY_PAUSE },
	{ "p", KEY_PAUSE },
};

static enum screen_key
take_key(void)
{
	char text[16];
	ssize_t n = read(STDIN_FILENO, text, sizeof(text));

	if (n <= 0)
		return n < 0 && errno == EINTR ? KEY_NONE : KEY_QUIT;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (str_starts((struct str){ text, (size_t)n },
			    str_of(keys[i].bytes)))
			return keys[i].key;
	}
	return KEY_NONE;
}

enum screen_key
screen_wait(struct screen *s, int timeout_ms)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN } };

	if (poll(fds, ARRAY_LEN(fds), timeout_ms) < 0)
		return errno == EINTR ? KEY_NONE : KEY_QUIT;
	if (fds[1].revents)
		return take_signal(s);
	return fds[0].revents ? take_key() : KEY_NONE;
}

void
screen_close(struct screen *s)
{
	end(s);
	close(s->signals);
	(void)sigprocmask(SIG_SETMASK, &s->mask, NULL);
}
