/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a shell may offer that only the daemon knows.
 */

#include "cli/cli.h"

/**
 * complete_print - the words of a list, one a line
 * @c     call
 * @list  "blocks", "never", "accounts", "users", "tokens", "sessions" or
 *        "commands"
 *
 * Prints nothing when the daemon doesn't answer at once.
 */
void complete_print(struct cli *c, const char *list);
