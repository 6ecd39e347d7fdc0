/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Addresses that come near a threshold, highest first.  The walk over all
 * that are tracked goes in slices, so that the loop never waits for it.
 */

#include "web/ask.h"

enum {
	NEAR_MAX = 100, /* rows that are kept */
};

struct near_list {
	struct engine_near walk;
	ask_ender *done;
	uint64_t found; /* all there are */
	unsigned limit, n;
	struct engine_near_row rows[NEAR_MAX]; /* highest first */
};

/**
 * near_begin - look for addresses near a threshold
 * @a        request
 * @l        limit (1 … NEAR_MAX) set; alive until @done
 * @percent  of the threshold that they have at least, ≥ 1
 * @done     in the loop, when @l is filled
 */
void near_begin(
	struct ask *a, struct near_list *l, unsigned percent, ask_ender *done);

/**
 * near_add - the rows as an array
 * @j     writer
 * @name  of the member
 * @l     filled
 */
void near_add(struct json *j, const char *name, const struct near_list *l);
