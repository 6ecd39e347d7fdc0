/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Writing the audit log, for access_put().
 */

#include "store/access.h"

/**
 * audit_add - a row at the end of the audit log, chained to the one before
 * @s    store, in a transaction of control.db
 * @a    row; its number and hash are made here
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int audit_add(struct store *s, const struct store_audit *a, struct err *err);
