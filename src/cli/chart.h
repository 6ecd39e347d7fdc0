/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Bars and steps in characters: blocks of an eighth where the terminal
 * knows UTF-8, else ASCII.
 */

#include "cli/cli.h"
#include "http/json_tree.h"

/* What of a score is drawn. */
struct chart {
	const struct json_t *series; /* "time" and "score", by time */
	int64_t from, to;	     /* [s] */
	int64_t threshold;
};

/**
 * chart_bar - append a bar
 * @b        buffer
 * @percent  of its full length, 20 columns
 */
void chart_bar(struct buf *b, int64_t percent);

/**
 * chart_steps - a score over time, as wide as the terminal
 * @c  call
 * @s  what is drawn
 */
void chart_steps(struct cli *c, const struct chart *s);
