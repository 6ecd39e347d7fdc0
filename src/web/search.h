/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What people search lists by: the value "q" of a query.
 */

#include "control/fields.h"
#include "web/ask.h"

/**
 * search_parse - a search, typed
 * @a       request; on failure it is ended
 * @fields  of the list
 * @text    what was typed
 * @ret     terms, alive as long as the request
 *
 * Returns false when it is wrong: answered.
 */
bool search_parse(struct ask *a, const struct query_fields *fields,
	struct str text, struct query *ret);

/**
 * search_get - the value "q" of the query
 * @a       request; on failure it is ended
 * @fields  of the list
 * @ret     terms; none when there is no "q"
 *
 * Returns false when it is wrong: answered.
 */
bool search_get(
	struct ask *a, const struct query_fields *fields, struct query *ret);

/**
 * search_add - one more term that must hold
 * @a        request; on failure it is ended
 * @q        terms
 * @subject  what it is about
 * @values   of which it equals one; copied
 * @n        how many
 *
 * Returns false when there are too many terms: answered.
 */
bool search_add(struct ask *a, struct query *q, enum query_subject subject,
	const union query_value *values, unsigned n);

/**
 * search_add_state - the value "state" of a search of blocks: those in
 * force when nothing is said
 * @a  request; on failure it is ended
 * @q  terms
 *
 * Returns false when it is wrong: answered.
 */
bool search_add_state(struct ask *a, struct query *q);
