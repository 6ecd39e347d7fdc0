/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Another program, run to its end: an argument vector, no shell, a clean
 * environment, a time limit.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	COMMAND_ARGS_MAX = 8,
	COMMAND_OUTPUT_MAX = 1 << 20, /* more is cut [bytes] */
	COMMAND_LIMIT_S = 10,
};

/**
 * command_find - where a program is
 * @name  without a slash
 * @ret   its path is appended
 *
 * Looks where system programs are, not in PATH.  Returns true when found.
 */
bool command_find(const char *name, struct buf *ret);

/**
 * command_run - run a program and read what it prints
 * @argv  argv[0] is its path; NULL at the end
 * @ret   standard output and error are appended
 * @err   it can't be started, or took longer than COMMAND_LIMIT_S
 *
 * Returns its exit status 0 … 255, or -1 with @err.
 */
int command_run(const char *const argv[], struct buf *ret, struct err *err);
