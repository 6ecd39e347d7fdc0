/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Numbers and durations, from text and to text.  No locale, no errno.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/**
 * num_parse - a decimal number, nothing before or behind it
 * @s    digits, with a '-' in front when @min is negative
 * @min  smallest value that is accepted
 * @max  largest
 * @ret  the number
 *
 * Returns true when @s is such a number.
 */
bool num_parse(struct str s, int64_t min, int64_t max, int64_t *ret);

/**
 * num_parse_hex - a hexadecimal number without prefix
 * @s    1…16 digits of either case
 * @ret  the number
 *
 * Returns true when @s is one.
 */
bool num_parse_hex(struct str s, uint64_t *ret);

/**
 * num_add - append a decimal number
 * @b  buffer
 * @v  number
 */
void num_add(struct buf *b, int64_t v);

/**
 * num_parse_span - a duration: "90", "90s", "30m", "2h", "7d", "2w", "1h30m"
 * @s    text; a bare number is taken in @unit_s
 * @unit_s  unit of a bare number [s]
 * @ret  duration [s], 0 … 999,999,999 minutes
 *
 * Returns true when @s is one.
 */
bool num_parse_span(struct str s, int64_t unit_s, int64_t *ret);

/**
 * num_add_span - append a duration, exactly: 5400 gives "1h30m"
 * @b       buffer
 * @span_s  duration [s], ≥ 0
 */
void num_add_span(struct buf *b, int64_t span_s);
