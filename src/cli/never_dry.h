/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a change of the never-block list would do, with nothing done.
 */

#include "cli/client.h"

/**
 * never_add_dry - what the entry would lift
 * @c  call; its first word is a network
 *
 * Returns the exit code.
 */
enum exit_code never_add_dry(struct cli *c);

/**
 * never_remove_dry - is there such an entry?
 * @c  call; its first word is a network
 *
 * Returns the exit code.
 */
enum exit_code never_remove_dry(struct cli *c);
