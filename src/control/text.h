/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Times, durations and prefixes as people read them.  What machines read is
 * RFC 3339 and whole seconds, from src/base.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/zone.h"

/**
 * text_add_span - a duration, roughly: "24 min", "2 h 14 min", "3 d 4 h"
 * @b       buffer
 * @span_s  duration [s], ≥ 0
 */
void text_add_span(struct buf *b, int64_t span_s);

/**
 * text_add_count - a number of things: "1 block", "2 blocks"
 * @b     buffer
 * @n     number
 * @one   "block"
 * @many  "blocks"
 */
void text_add_count(
	struct buf *b, int64_t n, const char *one, const char *many);

/* How a time is shown. */
struct text_clock {
	struct zone zone; /* for people; n = 0: UTC */
	int64_t now;	  /* today's times are shown without a date */
	bool is_exact;	  /* RFC 3339 in UTC, whatever the rest says */
};

/**
 * text_add_when - a time seen from now: "7m ago", "in 23m", "now"
 * @b  buffer
 * @c  how; with is_exact it is RFC 3339
 * @t  seconds since 1970
 */
void text_add_when(struct buf *b, const struct text_clock *c, int64_t t);

/**
 * text_add_time - a time: "03:38:14" today, else "2026-11-24 03:38:14"
 * @b  buffer
 * @c  how
 * @t  seconds since 1970
 */
void text_add_time(struct buf *b, const struct text_clock *c, int64_t t);
