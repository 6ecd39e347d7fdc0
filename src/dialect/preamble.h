/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What stands before a log message: time, host, program, pid, in the ways
 * of syslog (RFC 3164, ISO 8601), Postfix' maillog_file and Dovecot's
 * log_path.  The time is converted once a second and reused while lines
 * begin with the same text; so is all up to the program, if there is a host.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "dialect/dialect.h"

enum {
	PREAMBLE_STAMP_MAX = 48,
	PREAMBLE_HEAD_MAX = 128,
};

struct preamble {
	struct zone zone;
	char stamp[PREAMBLE_STAMP_MAX]; /* text of the last time */
	unsigned stamp_n;
	int64_t time;	 /* what it meant */
	int64_t arrival; /* day that its year was taken from, or -1 */
	char head[PREAMBLE_HEAD_MAX]; /* "time host " of the last line */
	unsigned head_n, host_n;      /* 0: not kept */
};

/**
 * preamble_time - take a time off the head of a line
 * @p        what was read before
 * @s        without it and the blank behind it when there is one
 * @arrival  wall time [s], gives the year where the line has none
 * @ret      the time [s]
 *
 * Returns true when the line begins with RFC 3164's or ISO 8601's time.
 */
bool preamble_time(
	struct preamble *p, struct str *s, int64_t arrival, int64_t *ret);

/**
 * preamble_when - the time that a text is, in another server's form
 * @p    gives the zone where the text has none
 * @s    "24/Nov/2026 03:03:04", "@4000000065ef…", all of src/dialect/when.re
 * @ret  the time [s]
 *
 * Returns true when all of @s is a time.
 */
bool preamble_when(struct preamble *p, struct str s, int64_t *ret);

/**
 * preamble_read - split a log line
 * @p        what was read before
 * @s        line without its newline
 * @arrival  wall time [s], gives the year where the line has none
 * @ret      time 0 when the line has none
 *
 * Returns true when there is a program tag and a message behind it.
 */
bool preamble_read(
	struct preamble *p, struct str s, int64_t arrival, struct line *ret);
