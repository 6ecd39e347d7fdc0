/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The words of a command as a search of a list: docs/search.md.
 */

#include "cli/client.h"
#include "control/fields.h"

/**
 * search_check - can the words be read as a search?
 * @c       call
 * @fields  of the list
 *
 * Returns EXIT_CODE_DONE, or EXIT_CODE_USAGE: it is said why.
 */
enum exit_code search_check(struct cli *c, const struct query_fields *fields);

/**
 * search_param - the words as the value "q" of a question
 * @c  call
 * @q  question
 */
void search_param(const struct cli *c, struct question *q);
