/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The parts of an explanation on the terminal.  Only why*.c include it.
 */

#include "cli/cli.h"
#include "http/json_tree.h"

/**
 * why_add_hints - what to know before one decides
 * @c  call
 * @x  explanation
 */
void why_add_hints(struct cli *c, const struct json_t *x);

/**
 * why_add_otherwise - what other settings would have come to
 * @c  call
 * @x  explanation
 */
void why_add_otherwise(struct cli *c, const struct json_t *x);

/**
 * why_add_dossier - what is known of the address
 * @c  call
 * @x  explanation
 */
void why_add_dossier(struct cli *c, const struct json_t *x);
