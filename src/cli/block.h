/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Blocking and unblocking, and what they would do.
 */

#include "cli/client.h"

/**
 * block_self - where the administrator sits, as sshd tells it
 * @ret  address, borrowed from the environment
 *
 * Returns true when it is known.
 */
bool block_self(struct str *ret);

/**
 * block_dry - what the block that is asked for would do
 * @c  call
 *
 * Returns the exit code.
 */
enum exit_code block_dry(struct cli *c);

/**
 * unblock_dry - which entries would end
 * @c     call
 * @word  address, network or number of an entry
 *
 * Returns the exit code.
 */
enum exit_code unblock_dry(struct cli *c, const char *word);
