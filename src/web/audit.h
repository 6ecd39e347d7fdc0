/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Reading the audit log, for its page and its export.
 */

#include "web/access.h"

/**
 * audit_query_get - which rows the query asks for: q, since, until
 * @a    request; on failure it is ended
 * @ret  the search, its text kept as long as @a
 *
 * Returns false when a value is wrong: answered.
 */
bool audit_query_get(struct ask *a, struct audit_query *ret);

/**
 * audit_add_row - a row as an object
 * @j    writer
 * @row  row
 */
void audit_add_row(struct json *j, const struct store_audit *row);
