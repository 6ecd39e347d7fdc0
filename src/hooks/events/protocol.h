/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The lines of the events protocol, brattice-protocol(7): one in, one out.
 * Pure.
 */

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/event.h"

enum {
	EVENTS_LINE_MAX = 4096, /* [bytes], the line end included */
};

enum events_verb {
	EVENTS_CONNECT,
	EVENTS_CHECK,
	EVENTS_EVENT,
	EVENTS_PING,
	EVENTS_QUIT,
	EVENTS_VERBS,
};

struct events_request {
	enum events_verb verb; /* EVENTS_VERBS: not understood */
	struct event event;    /* EVENT; CONNECT and CHECK: its address alone */
	char text[EVENTS_LINE_MAX]; /* values that had escapes */
	size_t text_n;
};

/**
 * events_parse - a line
 * @line  without its end, at most EVENTS_LINE_MAX bytes
 * @ret   filled; its texts borrow from @line and @ret
 *
 * Returns NULL, or what was expected instead, for a person.
 */
const char *events_parse(struct str line, struct events_request *ret);

/**
 * events_block - append the answer "blocked"
 * @out     buffer
 * @left_s  for how long [s]
 * @text    for the client, one line without a reply code
 */
void events_block(struct buf *out, int64_t left_s, struct str text);

/**
 * events_error - append the answer "not understood"
 * @out       buffer
 * @expected  from events_parse()
 */
void events_error(struct buf *out, const char *expected);
