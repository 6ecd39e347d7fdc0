/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The roles of this program, and what a child finds when it begins:
 * descriptor 3 is its line to the monitor, 4 holds the text of the wiring, 5
 * is the page that says which input killed its predecessor (sys/guard.h), then come the listening sockets, section by section.
 */

#include <stdint.h>

enum {
	ROLE_CHANNEL = 3,
	ROLE_WIRING = 4,
	ROLE_GUARD = 5,
	ROLE_LISTENERS = 6,
};

enum message_type {
	MESSAGE_READY = 1, /* it answers */
	MESSAGE_STATUS,	   /* @text says how it is; a sign of life */
};

/* From the engine to the monitor, one a packet. */
struct message {
	uint32_t type;
	char text[252]; /* with its terminator */
};

struct options {
	const char *config; /* path of the wiring */
	const char *role;   /* NULL: monitor */
	const char *program;
};

/**
 * monitor_run - bind the sockets, keep the engine running
 * @o  how we were called
 *
 * Returns the exit code.
 */
int monitor_run(const struct options *o);

/**
 * engine_run - hooks, engine, store and API in one loop
 * @o  how we were called
 *
 * Returns the exit code.
 */
int engine_run(const struct options *o);
