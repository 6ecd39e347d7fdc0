/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Secrets that are typed: never on the command line, where others see them.
 */

#include "cli/cli.h"

/**
 * prompt_secret - ask for a secret without showing it
 * @c     call
 * @what  "Password of ann"
 * @ret   the secret; for prompt_forget()
 *
 * On a terminal it is asked for twice; otherwise it is the first line of
 * standard input.
 * Returns EXIT_CODE_DONE, or the exit code.
 */
enum exit_code prompt_secret(struct cli *c, const char *what, struct buf *ret);

/**
 * prompt_forget - overwrite a secret and free it
 * @b  buffer, empty afterwards
 */
void prompt_forget(struct buf *b);
