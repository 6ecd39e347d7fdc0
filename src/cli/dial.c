/* SPDX-License-Identifier: ISC */

#include "cli/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"

enum {
	TIMEOUT_S = 10,
	PIECE = 1 << 16,
};

static const char development[] = "run/control.sock";

const char *
dial_path(const struct cli *c)
{
	const char *path = c->call.option[OPT_SOCKET];
	struct stat st;

	if (!path)
		path = getenv("BRATTICE_SOCKET");
	if (path && *path)
		return path;
	if (access(BRATTICE_SOCKET, F_OK) == 0)
		return BRATTICE_SOCKET;
	if (stat(development, &st) == 0 && S_ISSOCK(st.st_mode) &&
		st.st_uid == geteuid())
		return development;
	return BRATTICE_SOCKET;
}

static enum exit_code
fail_connect(const char *path, int error, struct err *err)
{
	if (error == EACCES || error == EPERM) {
		err_set(err,
			"%s: %s\n          The socket is open to root and "
			"to its group.",
			path, strerror(error));
		return EXIT_CODE_NOT_ALLOWED;
	}
	err_set(err,
		"the daemon cannot be reached at %s: %s\n"
		"          Start it with \"systemctl start brattice\" or "
		"\"bratticed --foreground\",\n"
		"          or say where it listens: --socket PATH or "
		"BRATTICE_SOCKET.",
		path, strerror(error));
	return EXIT_CODE_NO_DAEMON;
}

static enum exit_code
fail_talk(const char *path, struct err *err)
{
	bool is_late = errno == EAGAIN || errno == EWOULDBLOCK;

	err_set(err, "the daemon at %s does not answer: %s", path,
		is_late ? "timed out; --timeout waits longer"
			: strerror(errno));
	return EXIT_CODE_NO_DAEMON;
}

static void
set_timeout(const struct cli *c, int fd)
{
	const char *text = c->call.option[OPT_TIMEOUT];
	int64_t seconds = TIMEOUT_S;

	if (text)
		(void)num_parse(str_of(text), 0, 1000000000, &seconds);
	struct timeval t = { .tv_sec = seconds };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

static bool
send_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		s = str_from(s, n < 0 ? 0 : (size_t)n);
	}
	return true;
}

static bool
receive_all(int fd, struct buf *ret)
{
	for (;;) {
		ssize_t n = recv(fd, buf_room(ret, PIECE), PIECE, 0);

		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		ret->n += n < 0 ? 0 : (size_t)n;
	}
}

enum exit_code
dial(const struct cli *c, struct str request, struct buf *ret, struct err *err)
{
	const char *path = dial_path(c);
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	enum exit_code code = EXIT_CODE_DONE;

	if (strlen(path) >= sizeof(to.sun_path)) {
		err_set(err, "%s: the path is longer than %zu bytes", path,
			sizeof(to.sun_path) - 1);
		return EXIT_CODE_USAGE;
	}
	strcpy(to.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_connect(path, errno, err);
	set_timeout(c, fd);
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		code = fail_connect(path, errno, err);
	else if (!send_all(fd, request) || !receive_all(fd, ret))
		code = fail_talk(path, err);
	close(fd);
	return code;
}
