/* SPDX-License-Identifier: ISC */

#include "sys/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/num.h"
#include "base/str.h"

/* A socket is bound under this name first and renamed when it is right. */
#define FRESH ".new"

struct place {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un un;
	};
};

static int
expected(struct err *err, const char *text)
{
	return err_set(err,
		"%s: expected unix:/path, 192.0.2.1:port or [2001:db8::1]:port",
		text);
}

static int
parse_unix(
	struct str path, const char *text, struct place *ret, struct err *err)
{
	size_t max = sizeof(ret->un.sun_path) - sizeof(FRESH);

	if (path.n == 0 || path.p[0] != '/')
		return expected(err, text);
	if (path.n > max)
		return err_set(err,
			"%s: path of a Unix socket: expected at most %zu bytes",
			text, max);
	*ret = (struct place){ .len = sizeof(ret->un) };
	ret->un.sun_family = AF_UNIX;
	memcpy(ret->un.sun_path, path.p, path.n);
	return 0;
}

static void
place_inet(const struct addr *a, in_port_t port, struct place *ret)
{
	if (addr_is_v4(a)) {
		*ret = (struct place){ .len = sizeof(ret->v4) };
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons(port);
		memcpy(&ret->v4.sin_addr, a->b + 12, 4);
		return;
	}
	*ret = (struct place){ .len = sizeof(ret->v6) };
	ret->v6.sin6_family = AF_INET6;
	ret->v6.sin6_port = htons(port);
	memcpy(&ret->v6.sin6_addr, a->b, 16);
}

static int
parse_inet(const char *text, struct place *ret, struct err *err)
{
	struct str all = str_of(text), host, port;
	ptrdiff_t colon = str_rfind(all, S(":"));
	struct addr a;
	int64_t number;
	bool is_v6;

	if (colon < 0)
		return expected(err, text);
	host = (struct str){ all.p, (size_t)colon };
	port = str_from(all, (size_t)colon + 1);
	is_v6 = str_take(&host, S("["));
	if (is_v6) {
		if (!str_ends(host, S("]")))
			return expected(err, text);
		host.n--;
	}
	if (!addr_parse(host, &a) || addr_is_v4(&a) == is_v6)
		return expected(err, text);
	if (!num_parse(port, 0, 65535, &number))
		return err_set(
			err, "%s: expected a port from 0 to 65535", text);
	place_inet(&a, (in_port_t)number, ret);
	return 0;
}

static int
parse(const char *text, struct place *ret, struct err *err)
{
	struct str path = str_of(text);

	if (str_take(&path, S("unix:")))
		return parse_unix(path, text, ret, err);
	return parse_inet(text, ret, err);
}

int
listen_check(const char *text, struct err *err)
{
	struct place place;

	return parse(text, &place, err);
}

bool
listen_is_loopback(const char *text)
{
	struct place place = { 0 };

	if (parse(text, &place, NULL) < 0)
		return false;
	switch (place.any.sa_family) {
	case AF_INET: return ntohl(place.v4.sin_addr.s_addr) >> 24 == 127;
	case AF_INET6: return IN6_IS_ADDR_LOOPBACK(&place.v6.sin6_addr);
	default: return false;
	}
}

/* May the name be taken?  Nothing is there, or a socket that nobody
 * answers. */
static int
check_stale(const struct place *place, const char *text, struct err *err)
{
	struct stat st;
	int fd, error;

	if (lstat(place->un.sun_path, &st) < 0)
		return errno == ENOENT
			       ? 0
			       : err_set(err, "%s: %s", text, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return err_set(
			err, "%s: expected a socket or nothing there", text);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(err, "%s: %s", text, strerror(errno));
	error = connect(fd, &place->any, place->len) < 0 ? errno : 0;
	close(fd);
	if (error == ECONNREFUSED || error == ENOENT)
		return 0;
	return err_set(err, "%s: another process listens there", text);
}

/* Group first: chown() clears no bits of a socket that bind() has set, and
 * lchown() follows nobody's link. */
static int
bind_fresh(
	int fd, const struct place *place, const struct listen_access *access)
{
	struct place fresh = *place;
	mode_t before;
	int rc;

	memcpy(fresh.un.sun_path + strlen(fresh.un.sun_path), FRESH,
		sizeof(FRESH));
	if (unlink(fresh.un.sun_path) < 0 && errno != ENOENT)
		return -1;
	/* The file's mode is the descriptor's, less the umask. */
	if (fchmod(fd, access->mode) < 0)
		return -1;
	before = umask(0);
	rc = bind(fd, &fresh.any, fresh.len);
	umask(before);
	if (rc < 0)
		return -1;
	if (access->group != (gid_t)-1 &&
		lchown(fresh.un.sun_path, (uid_t)-1, access->group) < 0)
		return -1;
	if (listen(fd, LISTEN_BACKLOG) < 0)
		return -1;
	return rename(fresh.un.sun_path, place->un.sun_path);
}

static int
bind_inet(int fd, const struct place *place)
{
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		return -1;
	if (place->any.sa_family == AF_INET6 &&
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) <
			0)
		return -1;
	if (bind(fd, &place->any, place->len) < 0)
		return -1;
	return listen(fd, LISTEN_BACKLOG);
}

/* --- sockets that the service manager has bound --------------------------- */

enum {
	INHERITED_FIRST = 3,
	INHERITED_MAX = 256,
};

unsigned
listen_inherited(void)
{
	int64_t pid, n;

	if (!num_parse(str_of(getenv("LISTEN_PID")), 1, INT32_MAX, &pid) ||
		pid != getpid() ||
		!num_parse(str_of(getenv("LISTEN_FDS")), 1, INHERITED_MAX, &n))
		return 0;
	return (unsigned)n;
}

/* They come without close-on-exec; what was taken has it. */
static bool
is_taken(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags < 0 || flags & FD_CLOEXEC;
}

static bool
is_bound_to(int fd, const struct place *place)
{
	struct place is = { .len = sizeof(is) - offsetof(struct place, any) };
	int listens = 0;
	socklen_t n = sizeof(listens);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) < 0 ||
		!listens || getsockname(fd, &is.any, &is.len) < 0)
		return false;
	return memcmp(&is.un, &place->un, sizeof(is.un)) == 0;
}

/* One that the service manager has bound to this place, or -1. */
static int
take_inherited(const struct place *place)
{
	int end = INHERITED_FIRST + (int)listen_inherited();

	for (int fd = INHERITED_FIRST; fd < end; fd++) {
		if (is_taken(fd) || !is_bound_to(fd, place))
			continue;
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
			fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
			return -1;
		return fd;
	}
	return -1;
}

unsigned
listen_inherited_end(void)
{
	int end = INHERITED_FIRST + (int)listen_inherited();
	unsigned n = 0;

	for (int fd = INHERITED_FIRST; fd < end; fd++) {
		if (is_taken(fd))
			continue;
		close(fd);
		n++;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return n;
}

int
listen_bind(
	const char *text, const struct listen_access *access, struct err *err)
{
	struct place place = { 0 };
	bool is_unix;
	int fd, rc;

	if (parse(text, &place, err) < 0)
		return -1;
	fd = take_inherited(&place);
	if (fd >= 0)
		return fd;
	is_unix = place.any.sa_family == AF_UNIX;
	if (is_unix && check_stale(&place, text, err) < 0)
		return -1;
	fd = socket(place.any.sa_family,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(err, "%s: %s", text, strerror(errno));
	rc = is_unix ? bind_fresh(fd, &place, access) : bind_inet(fd, &place);
	if (rc < 0) {
		err_set(err, "%s: %s", text, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
