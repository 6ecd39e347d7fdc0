/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Opening listening sockets from the text of the wiring.  A plain
 * descriptor comes out, so that one process may bind what another serves.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum {
	LISTEN_BACKLOG = 1024,
};

/* Who may use a Unix socket; nothing of it matters for TCP. */
struct listen_access {
	mode_t mode; /* 0660 … */
	gid_t group; /* owns the socket file; (gid_t)-1: leave it */
};

/**
 * listen_check - is this the text of a listening address?
 * @text  "unix:/run/x/y", "127.0.0.1:10031", "[::1]:10031"
 * @err   says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int listen_check(const char *text, struct err *err);

/**
 * listen_is_loopback - can only this machine connect there?
 * @text  that listen_check() takes
 *
 * Returns true for the addresses of loopback.
 */
bool listen_is_loopback(const char *text);

/**
 * listen_inherited - how many sockets has the service manager passed?
 *
 * Returns the number; they are the descriptors from 3 on.
 * Source: sd_listen_fds(3).
 */
unsigned listen_inherited(void);

/**
 * listen_inherited_end - close those that nobody has taken
 *
 * Returns how many those were; afterwards none are inherited.
 */
unsigned listen_inherited_end(void);

/**
 * listen_bind - open a listening socket
 * @text    as for listen_check()
 * @access  of a Unix socket
 * @err     what is wrong, with the address
 *
 * One that the service manager has bound there is taken as it is.  A stale
 * socket file is replaced when nothing answers there; the new one
 * has its mode and group before it has its name.  Uses umask(): for
 * processes of one thread.  Returns a descriptor, non-blocking and
 * close-on-exec, or -1 with @err.
 */
int listen_bind(
	const char *text, const struct listen_access *access, struct err *err);
