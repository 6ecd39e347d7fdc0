/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Answers that are written piece by piece: exports, live updates.
 */

#include "http/stream.h"
#include "web/ask.h"

/* How a request is answered piece by piece; called in the loop. */
struct ask_source {
	const char *type;	 /* media type */
	struct http_field field; /* one more of the head, or no name */
	/* As http_source's fill: bytes written, HTTP_WAIT and ask_wake()
	 * later, HTTP_END or HTTP_BROKEN. */
	ssize_t (*fill)(struct ask *a, char *to, size_t cap);
	/* Once, the last that is heard: give @a->state back; or NULL. */
	void (*free)(struct ask *a);
};

/**
 * ask_stream - answer from a source, and end when it ends
 * @a       request; lives until the source's free()
 * @source  stays
 *
 * fill() may begin ask_read() or ask_pause() and say HTTP_WAIT; their ender
 * calls ask_wake() instead of ask_reply(), and isn't called when the client
 * has gone meanwhile.
 */
void ask_stream(struct ask *a, const struct ask_source *source);

/**
 * ask_wake - a source that said HTTP_WAIT has something now
 * @a  request
 */
void ask_wake(struct ask *a);
