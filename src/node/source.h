/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a hook has done since it was started, in numbers: for those who
 * show figures and don't know the hooks.
 */

#include <stdbool.h>
#include <stdint.h>

struct source_counts {
	uint64_t lines;		     /* of a log … */
	uint64_t unknown, ambiguous; /* … that say nothing we know, or two */
	uint64_t lag_bytes;	     /* still to be read */
	uint64_t events;	     /* reported */
	uint64_t asked;		     /* may this one connect or log in? … */
	uint64_t refused;	     /* … no */
	uint64_t errors;	     /* requests that can't be read */
};

/* A section of the wiring that runs, or should. */
struct source {
	const char *hook, *name;
	bool is_running;
	struct source_counts counts;
};
