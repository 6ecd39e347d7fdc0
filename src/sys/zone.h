/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The machine's time zone as the table that dialects read.
 */

#include <stdint.h>

#include "base/zone.h"

/**
 * zone_local - the steps of local time around a moment
 * @ret  filled; steps reach years back (old logs) and two years ahead
 * @now  wall time [s]
 *
 * Reads TZ or /etc/localtime.  An hour that exists twice is taken as its
 * second time: what is wrong by that lies in the future, where a reader
 * puts the time of arrival in its place.
 */
void zone_local(struct zone *ret, int64_t now);
