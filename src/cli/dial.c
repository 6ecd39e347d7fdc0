/* SPDX-License-Identifier: ISC */

#include "cli/dial.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/tls.h"
#include "cli/url.h"
#include "sys/disk.h"

enum {
	TIMEOUT_S = 10,
	PIECE = 1 << 16,
	TOKEN_MAX = 4096, /* of its file [bytes] */
};

static const char development[] = "run/control.sock";

const char *
dial_path(const struct cli *c)
{
	const char *path = c->call.option[OPT_SOCKET];
	struct stat st;

	if (c->call.option[OPT_URL])
		return c->call.option[OPT_URL];
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

/* A connection to the daemon, whatever it goes by. */
struct line {
	int fd;
	struct tls *tls; /* or NULL */
};

static bool
send_all(const struct line *l, struct str s)
{
	while (s.n) {
		ssize_t n = l->tls ? tls_send(l->tls, s.p, s.n)
				   : send(l->fd, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		s = str_from(s, n < 0 ? 0 : (size_t)n);
	}
	return true;
}

static bool
receive_all(const struct line *l, struct buf *ret)
{
	for (;;) {
		char *room = buf_room(ret, PIECE);
		ssize_t n = l->tls ? tls_receive(l->tls, room, PIECE)
				   : recv(l->fd, room, PIECE, 0);

		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		ret->n += n < 0 ? 0 : (size_t)n;
	}
}

static enum exit_code
connect_unix(
	const struct cli *c, const char *path, struct line *l, struct err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path)) {
		err_set(err, "%s: the path is longer than %zu bytes", path,
			sizeof(to.sun_path) - 1);
		return EXIT_CODE_USAGE;
	}
	strcpy(to.sun_path, path);
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return fail_connect(path, errno, err);
	set_timeout(c, l->fd);
	if (connect(l->fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		return fail_connect(path, errno, err);
	return EXIT_CODE_DONE;
}

/* One address after the other. */
static int
connect_host(const struct cli *c, const struct url *u, struct err *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG };
	struct addrinfo *list = NULL, *a;
	int fd = -1, rc = getaddrinfo(u->host, u->port, &hints, &list);

	if (rc)
		return err_set(err, "%s: %s", u->host, gai_strerror(rc));
	for (a = list; a; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0)
			set_timeout(c, fd);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			break;
		err_set(err, "%s port %s cannot be reached: %s", u->host,
			u->port,
			errno == EINPROGRESS ? "timed out" : strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

static enum exit_code
connect_url(
	const struct cli *c, const char *url, struct line *l, struct err *err)
{
	struct url u;

	if (url_parse(url, &u, err))
		return EXIT_CODE_USAGE;
	l->fd = connect_host(c, &u, err);
	if (l->fd < 0)
		return EXIT_CODE_NO_DAEMON;
	if (u.is_tls)
		l->tls = tls_open(
			l->fd, u.host, c->call.option[OPT_CA_FILE], err);
	return u.is_tls && !l->tls ? EXIT_CODE_NO_DAEMON : EXIT_CODE_DONE;
}

static int
add_token(const struct cli *c, struct buf *b, struct err *err)
{
	const char *path = c->call.option[OPT_TOKEN_FILE];
	struct buf text CLEANUP(buf_free) = { 0 };
	struct str token, rest;

	if (!path)
		return err_set(err,
			"--url needs --token-file FILE: \"brattice token create\" "
			"there makes one");
	if (disk_read(path, TOKEN_MAX, &text, err) < 0)
		return -1;
	str_cut(buf_str(&text), '\n', &token, &rest);
	token = str_trim(token);
	if (!str_starts(token, S("brt_")))
		return err_set(err,
			"%s: expected a token that begins with brt_ on its "
			"first line",
			path);
	buf_add(b, S("Authorization: Bearer "));
	buf_add(b, token);
	buf_add(b, S("\r\n"));
	explicit_bzero(text.p, text.n);
	return 0;
}

int
dial_add_head(const struct cli *c, struct buf *b, struct err *err)
{
	const char *text = c->call.option[OPT_URL];
	struct url u;

	if (!text) {
		buf_add(b, S("Host: brattice\r\n"));
		return 0;
	}
	if (url_parse(text, &u, err))
		return -1;
	buf_printf(b,
		strchr(u.host, ':') ? "Host: [%s]:%s\r\n" : "Host: %s:%s\r\n",
		u.host, u.port);
	return add_token(c, b, err);
}

enum exit_code
dial(const struct cli *c, struct str request, struct buf *ret, struct err *err)
{
	const char *where = dial_path(c);
	struct line l = { .fd = -1 };
	enum exit_code code = c->call.option[OPT_URL]
				      ? connect_url(c, where, &l, err)
				      : connect_unix(c, where, &l, err);

	if (!code && (!send_all(&l, request) || !receive_all(&l, ret)))
		code = fail_talk(where, err);
	tls_close(l.tls);
	if (l.fd >= 0)
		close(l.fd);
	return code;
}

pid_t
dial_peer(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct ucred who = { .pid = 0 };
	socklen_t n = sizeof(who);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 ||
		connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0)
		who.pid = 0;
	if (fd >= 0)
		close(fd);
	return who.pid;
}
