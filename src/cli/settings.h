/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the commands about settings share.
 */

#include "cli/client.h"

/**
 * settings_fetch - all settings as they are
 * @c    call
 * @ret  the answer, for answer_free()
 *
 * Returns EXIT_CODE_DONE, or the exit code with a message printed.
 */
enum exit_code settings_fetch(struct cli *c, struct answer *ret);

/**
 * settings_change - ask for a change and print what it changes
 * @c  call
 * @q  PATCH /settings; freed here
 *
 * Returns EXIT_CODE_DONE, or the exit code with a message printed.
 */
enum exit_code settings_change(struct cli *c, struct question *q);
