/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Long output on a terminal goes through a pager.
 */

#include "cli/cli.h"

/**
 * pager_start - from here on standard output is a pager's input
 * @c  call
 *
 * Only on a terminal, when what is to be written is longer than it, and
 * unless --no-pager or PAGER=cat says otherwise.
 */
void pager_start(struct cli *c);

/**
 * pager_stop - wait until the reader has seen enough
 * @c  call
 *
 * Standard output is the terminal again.  Does nothing without a pager.
 */
void pager_stop(struct cli *c);
