/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The way to the daemon: its Unix socket.
 */

#include "cli/cli.h"

/**
 * dial_path - where the daemon is looked for
 * @c  call
 *
 * --socket, $BRATTICE_SOCKET, the built-in path; where that isn't there,
 * ./run/control.sock of `make run`, if it is the user's own.
 * Returns the path, borrowed.
 */
const char *dial_path(const struct cli *c);

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
