/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A line that says all of an event by itself: most servers have no others.
 * The dialect's automaton fills a struct said, its table of causes decides.
 */

#include "dialect/cause.h"
#include "dialect/dialect.h"

struct said {
	unsigned cause;	    /* row of the dialect's causes; 0: no row's */
	struct str addr;    /* the client's, as the server writes it */
	struct str account; /* this and the rest: empty where it isn't told */
	struct str helo;
	struct str session;
	struct str service;
	uint32_t count; /* acts, when it is a summary; 0: it is none */
};

/**
 * said_tell - the event of a line that tells all of it
 * @causes  the dialect's; row 0 is "anything else"
 * @said    what the line says; an address may have "IPv6:" in front
 * @text    the line's, for the event's detail
 * @ret     events
 *
 * Returns what the line came to: nothing where the server names no
 * address, ambiguous where it isn't one.
 */
enum reading said_tell(const struct cause *causes, const struct said *said,
	struct str text, struct events *ret);
