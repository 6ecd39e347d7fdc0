/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How the score of one address went: its stored events are folded once
 * more, by an engine of their own and the settings of the time, and every
 * count that this changes is summed.  So an event that was told twice, a
 * repeat that took an act back, and what left the window are seen as they
 * were.  Used by explanations; the running engine isn't touched.
 */

#include "core/engine.h"

struct course;

/* What became of an event, in points or failures. */
struct course_event {
	uint64_t id;
	int64_t time;
	int64_t change[COMPONENTS];   /* that it made; a repeat may take away */
	uint32_t running[COMPONENTS]; /* the score behind it */
	bool is_held[COMPONENTS];     /* part of the score at the end */
};

/* From this time on the score is this. */
struct course_point {
	int64_t time;
	uint32_t score;
};

/**
 * course_new - before the first event
 * @s      settings of the time; copied
 * @since  acts before this don't count: the end of the last block, or 0
 * @max    events that will be added at most
 *
 * Returns a course for course_free().
 */
struct course *course_new(
	const struct settings *s, int64_t since, unsigned max);

/**
 * course_free - give the memory back
 * @c  course, or NULL
 */
void course_free(struct course *c);

/**
 * course_add - the next event, in the order in which they were told
 * @c     course
 * @told  what the store kept; all have the same scoring key
 */
void course_add(struct course *c, const struct stored *told);

/**
 * course_end - let time pass behind the last event
 * @c   course; nothing is added afterwards
 * @at  the time that is explained [s]
 */
void course_end(struct course *c, int64_t at);

/**
 * course_event_get - what became of an event
 * @c   course, ended
 * @id  its number
 *
 * Returns it, borrowed, or NULL when it wasn't added.
 */
const struct course_event *course_event_get(
	const struct course *c, uint64_t id);

/**
 * course_explain - the score at the end, as engine_explain() has it
 * @c    course, ended
 * @of   component
 * @ret  filled but for its rows and key
 */
void course_explain(
	const struct course *c, enum component of, struct explanation *ret);

/**
 * course_score - the score at the end
 * @c   course, ended
 * @of  component
 *
 * Returns points or failures.
 */
uint32_t course_score(const struct course *c, enum component of);

/**
 * course_peak - the highest score that there was
 * @c   course
 * @of  component
 *
 * Returns points or failures.
 */
uint32_t course_peak(const struct course *c, enum component of);

/**
 * course_crossed - when did the score reach the threshold?
 * @c   course
 * @of  component
 *
 * Returns the last time at which it came from below, or 0 when it never
 * did.
 */
int64_t course_crossed(const struct course *c, enum component of);

/**
 * course_span - in how short a period would it have been reached?
 * @c         course, ended
 * @of        component
 * @at_least  score
 *
 * Returns the longest period [s] in which the score at the end is less, or
 * -1 when the whole window doesn't hold so much.
 */
int64_t course_span(
	const struct course *c, enum component of, uint32_t at_least);

/**
 * course_clear - when does what counts at the end count no more?
 * @c   course, ended
 * @of  component
 *
 * Returns when the last act leaves the window; 0 when nothing counts.
 */
int64_t course_clear(const struct course *c, enum component of);

/**
 * course_points - the steps of the score
 * @c      course
 * @of     component
 * @ret_n  how many
 *
 * Returns them by time, borrowed.
 */
const struct course_point *course_points(
	const struct course *c, enum component of, unsigned *ret_n);

/**
 * course_thin - fewer steps that look the same
 * @points  by time
 * @n       how many
 * @max     to be left, ≥ 3; of neighbours the highest and the last stay
 *
 * Returns how many are left at the beginning of @points.
 */
unsigned course_thin(struct course_point *points, unsigned n, unsigned max);
