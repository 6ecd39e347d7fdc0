/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How a rule of the automata returns what it found.
 */

/* What is read is behind "from " unless a rule sets it. */
#define SAY(what)                          \
	do {                               \
		ret->rest = RUN(cur, end); \
		return what;               \
	} while (0)
#define SAY_WHERE(what)                     \
	do {                                \
		ret->where = RUN(w, w_end); \
		SAY(what);                  \
	} while (0)
#define SAY_QUEUE(what)                     \
	do {                                \
		ret->queue = RUN(q, q_end); \
		SAY(what);                  \
	} while (0)
#define SAY_BOTH(what)                      \
	do {                                \
		ret->queue = RUN(q, q_end); \
		ret->where = RUN(w, w_end); \
		SAY(what);                  \
	} while (0)
#define SAY_CLIENT(what)                 \
	do {                             \
		ret->rest = RUN(c, end); \
		return what;             \
	} while (0)
