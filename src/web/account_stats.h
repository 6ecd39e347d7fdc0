/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Accounts by what became of their logins in the last week.
 */

#include "web/ask.h"

/**
 * account_list - answer with accounts that failed to log in, most first
 * @a           request; ended later
 * @is_unknown  only those that never logged in
 * @limit       rows
 */
void account_list(struct ask *a, bool is_unknown, int64_t limit);

/**
 * account_add_logins - "strip", the last 24 hours, and "addresses"; in the
 * storage thread
 * @a       request; its id is the account
 * @events  log
 * @now     wall time [s]
 * @err     when it can't be read
 *
 * Returns 0, or -1 with @err.
 */
int account_add_logins(struct ask *a, struct store_reader *events, int64_t now,
	struct err *err);
