/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Local time to UTC as a plain table: from local second @from_local on,
 * @offset_s holds.  Filled by src/sys, read by the dialects, which know no
 * clock and no time zone database.
 */

#include <stdint.h>

enum {
	ZONE_STEPS_MAX = 16,
};

/* Steps in order; the first holds before it, too. */
struct zone {
	unsigned n; /* 0: UTC */
	struct zone_step {
		int64_t from_local;
		int32_t offset_s; /* local = UTC + offset */
	} steps[ZONE_STEPS_MAX];
};
