/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Help and manual, printed from the tables of verbs and settings.
 */

#include "base/buf.h"
#include "control/verb.h"

/**
 * help_add_all - the list of commands
 * @b  buffer
 */
void help_add_all(struct buf *b);

/**
 * help_add_verb - everything about one command
 * @b  buffer
 * @v  row
 */
void help_add_verb(struct buf *b, const struct verb *v);

/**
 * help_add_family - the commands whose path begins with some words
 * @b       buffer
 * @family  "never"
 *
 * Returns true when there is one.
 */
bool help_add_family(struct buf *b, struct str family);

/**
 * help_add_mdoc - commands, options and exit codes as source of brattice(1)
 * @b  buffer
 */
void help_add_mdoc(struct buf *b);
