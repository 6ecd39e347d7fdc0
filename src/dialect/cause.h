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
	const char *words; /* what the server writes */
	int kind;	   /* enum event_kind or CAUSE_NOTHING */
	const char *why;
	const char *sample; /* a line of the server's, or several, about a
			       client at 203.0.113.7; NULL: none is shown */
};

/* One of a refusal: the first row whose codes and phrase fit decides. */
struct refusal_cause {
	const char *reply; /* "421", "4xx", or "": any or none */
	const char *dsn;   /* "5.1.1", "x.1.8", or "": any or none */
	int phrase;	   /* the dialect's own number for @cause.words */
	struct cause cause;
};

/* A table of the page: one of the two kinds of row. */
struct cause_table {
	const char *title;
	unsigned n;
	const struct cause *causes;
	const struct refusal_cause *refusals;
};

/* The tables of a dialect; each has them as causes_<name>. */
struct causes {
	const char *dialect;
	const char *setup; /* what makes the server write them, or NULL */
	unsigned n;
	struct cause_table tables[4];
};
