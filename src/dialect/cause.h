/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Why a log line is an event, or none.  Each dialect's tables are made of
 * these rows, its code decides by them, and docs/causes.md shows them; a
 * test holds the page against the tables.
 */

#include "core/event.h"

enum {
	CAUSE_NOTHING = -1
};

struct cause {
	const char *words; /* what the server writes; "" ends a table */
	int kind;	   /* enum event_kind or CAUSE_NOTHING */
	const char *why;
};

/* A table of a page.  @stride: rows may be part of something larger. */
struct cause_table {
	const char *title;
	const void *rows; /* the first row's struct cause */
	unsigned n;
	unsigned stride; /* [bytes] */
};
