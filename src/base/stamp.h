/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Seconds since 1970 (UTC, no leap seconds) and the civil calendar.
 * Time zones other than an offset are src/sys' affair.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum {
	STAMP_TEXT_MAX = 32, /* longest text with its terminator */
};

struct civil {
	int year; /* 1 … 9999 */
	int month, day;
	int hour, minute, second;
};

/**
 * stamp_days - days from 1970-01-01 to a date
 * @year   1 … 9999
 * @month  1 … 12
 * @day    1 … 31, may lie behind the month's end
 *
 * Returns days, negative before 1970.
 */
int64_t stamp_days(int year, int month, int day);

/**
 * stamp_of - a date and time of day as seconds
 * @c  civil time, taken as UTC
 *
 * Returns seconds since 1970.
 */
int64_t stamp_of(const struct civil *c);

/**
 * stamp_civil - seconds as a date and time of day
 * @t  seconds since 1970, of years 1 … 9999
 *
 * Returns the civil time in UTC.
 */
struct civil stamp_civil(int64_t t);

/**
 * stamp_parse - RFC 3339: "2026-11-24T06:28:02Z", fractions are dropped
 * @s    text, with 'T' or a blank in the middle, zone "Z" or "+01:00"
 * @ret  seconds since 1970
 *
 * Returns true when @s is one.
 */
bool stamp_parse(struct str s, int64_t *ret);

/**
 * stamp_add - append a time as RFC 3339 in UTC
 * @b  buffer
 * @t  seconds since 1970
 */
void stamp_add(struct buf *b, int64_t t);
