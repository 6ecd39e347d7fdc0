/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What `brattice top` shows.
 */

#include "cli/client.h"

enum {
	TOP_BARS = 30, /* of the course of a kind */
};

/* The stretches of time that can be chosen. */
struct top_span {
	const char *text;     /* "hour" */
	const char *bar_text; /* "2 min" */
	int64_t bar_s;
};

struct top {
	const struct top_span *span;
	int64_t from;	      /* when the bars begin [s] */
	struct answer state;  /* of /overview */
	struct answer series; /* of /stats/series, or empty */
	struct err err;	      /* what the daemon doesn't tell, and why */
};

/**
 * top_add - everything as lines
 * @c  call; appended to its output
 * @t  what was asked
 */
void top_add(struct cli *c, const struct top *t);
