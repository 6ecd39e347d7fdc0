/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The three clocks.  Wall time is read once and then carried on by the
 * clock that nobody sets, so that an administrator's or NTP's small step
 * changes no window and no block; a step of CLOCK_STEP_S or more is
 * believed: the machine began with a wrong time.
 */

#include <stdint.h>

enum {
	CLOCK_STEP_S = 120,
};

/**
 * clock_wall_s - wall time
 *
 * Returns seconds since 1970.  Runs backwards only by CLOCK_STEP_S and
 * more.  Any thread may call it.
 */
int64_t clock_wall_s(void);

/**
 * clock_mono_ns - time that only passes, suspended or not
 *
 * Returns nanoseconds since the machine started.
 */
int64_t clock_mono_ns(void);

/**
 * clock_cpu_ns - what this process has used
 *
 * Returns CPU time of all its threads [ns].
 */
int64_t clock_cpu_ns(void);

/**
 * clock_follow - wall time from two readings; what clock_wall_s() does
 * @base_ns  wall minus monotonic time [ns], 0: not known yet; moved by a
 *           step
 * @wall_ns  of the system [ns]
 * @mono_ns  at the same moment [ns]
 *
 * Returns wall time [ns].
 */
int64_t clock_follow(int64_t *base_ns, int64_t wall_ns, int64_t mono_ns);
