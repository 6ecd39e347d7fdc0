/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Times as servers write them into log files of their own.
 */

#include <stdbool.h>

#include "base/stamp.h"
#include "base/str.h"

/* A time, as it stands there: seconds since 1970, or a date. */
struct when_said {
	int64_t seconds; /* 0: it is a date */
	struct civil civil;
	struct str zone; /* "Z", "+01:00", "+0100" or empty */
};

/**
 * when_read - the parts of a time
 * @s    all of it
 * @ret  filled; the parts may be out of range
 *
 * Returns true when @s has the form of a time.
 */
bool when_read(struct str s, struct when_said *ret);
