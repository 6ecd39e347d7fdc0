/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The daemon's own log: one line a message on standard error, a stable id
 * first, then fields, then words: `tail.lost source=mail bytes=312`.
 * Never waits for the reader of that line, and says the same thing at most
 * LOG_BURST times in LOG_SPAN_S, so that a full disk can't make a loop.
 * base, core, dialect, store and parsers don't log; they return.
 */

#include <stdint.h>

#include "base/def.h"

enum log_level {
	LOG_LEVEL_ERROR = 3,  /* a person must act */
	LOG_LEVEL_WARN = 4,   /* we carry on; the line says how */
	LOG_LEVEL_NOTICE = 5, /* seldom and worth knowing */
	LOG_LEVEL_INFO = 6,
};

enum {
	LOG_BURST = 10,
	LOG_SPAN_S = 60,
	LOG_LINE_MAX = 1024, /* longer lines are cut */
};

/**
 * log_open - say whose lines these are
 * @role  "monitor", "engine"; a literal
 *
 * When a service manager reads standard error (JOURNAL_STREAM names it),
 * lines begin with their level as "<4>", else with the time and the role.
 */
void log_open(const char *role);

/**
 * log_line - a line in the log
 * @level  how much it matters
 * @id     what happened, a literal: "tail.lost"
 * @fmt    fields and words, as printf; control characters are escaped
 *
 * Any thread may call it.
 */
void log_line(enum log_level level, const char *id, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/**
 * log_dropped - lines that were not written
 *
 * Returns how many since the start: said too often, or nobody read them.
 */
uint64_t log_dropped(void);
