/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The way to the daemon: its Unix socket, or with --url TCP and TLS.
 */

#include <sys/types.h>

#include "cli/cli.h"

/**
 * dial_path - where the daemon is looked for
 * @c  call
 *
 * --socket, $BRATTICE_SOCKET, the built-in path; where that isn't there,
 * ./run/control.sock of `make run`, if it is the user's own.
 * Returns the path, borrowed; with --url that.
 */
const char *dial_path(const struct cli *c);

/**
 * dial_peer - the process that made the control socket listen
 * @path  of the socket
 *
 * Returns its number, or 0 when it can't be told.
 */
pid_t dial_peer(const char *path);

/**
 * dial_add_head - append the fields that name whom is asked, and by whom
 * @c    call
 * @b    head of a request
 * @err  what is wrong with --url or --token-file
 *
 * Returns 0, or -1 with @err.
 */
int dial_add_head(const struct cli *c, struct buf *b, struct err *err);

/**
 * dial - send a request and read until the daemon closes
 * @c        call
 * @request  bytes
 * @ret      the answer is appended
 * @err      what is wrong, where, and what to do
 *
 * Returns EXIT_CODE_DONE, or the exit code with @err.
 */
enum exit_code dial(const struct cli *c, struct str request, struct buf *ret,
	struct err *err);
