/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a shell needs to complete a command line, from the tables of verbs,
 * options and settings.
 */

#include <stdbool.h>

#include "base/buf.h"

/**
 * complete_add - the completion of one shell
 * @b      buffer; untouched when there is none
 * @shell  "bash", "zsh" or "fish"
 *
 * Returns true when there is one for this shell.
 */
bool complete_add(struct buf *b, struct str shell);
