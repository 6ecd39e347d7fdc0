/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Messages of a live stream (server-sent events), written once and read by
 * many: a reader is a place in the ring.  Whoever falls behind its end, or
 * comes back with a place that isn't there any more, gets "reset".  It
 * knows nothing of what the messages say.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum topic {
	TOPIC_STATS = 1, /* only the newest is kept */
	TOPIC_BLOCKS = 2,
	TOPIC_EVENTS = 4,
	TOPIC_CONFIG = 8,
	TOPIC_ALL = 15,
};

enum {
	RING_MESSAGES = 4096,
	RING_BYTES = 2 << 20, /* of their texts, all together */
};

struct ring_message {
	char *text;
	uint32_t n;
	uint32_t topic; /* or more than one */
};

struct ring {
	struct ring_message messages[RING_MESSAGES];
	uint64_t oldest, newest; /* numbers; none when oldest > newest */
	uint64_t stats;		 /* the newest of TOPIC_STATS */
	size_t bytes;
	uint32_t boot; /* numbers of another one aren't ours */
};

struct ring_reader {
	uint64_t number; /* of the last message that was read */
	size_t at;	 /* in the one behind it */
	unsigned topics;
	bool is_lost; /* has missed something */
};

/**
 * ring_new - an empty ring
 * @boot  tells it from the one of an earlier process
 *
 * Returns it for ring_free().  Never NULL.
 */
struct ring *ring_new(uint32_t boot);

/**
 * ring_free - give its memory back
 * @r  ring, or NULL
 */
void ring_free(struct ring *r);

/**
 * ring_add - a message for all
 * @r      ring
 * @topic  one, or TOPIC_ALL
 * @name   of the event
 * @data   one line
 *
 * The oldest ones make room.
 */
void ring_add(
	struct ring *r, enum topic topic, const char *name, struct str data);

/**
 * ring_forget - something isn't kept: whoever reads on has missed it
 * @r  ring
 */
void ring_forget(struct ring *r);

/**
 * ring_seek - begin to read
 * @r        ring
 * @at       its topics set; the rest is filled
 * @last_id  what the reader heard last, or empty: what comes from now on
 */
void ring_seek(
	const struct ring *r, struct ring_reader *at, struct str last_id);

/**
 * ring_has - is there something to read?
 * @r   ring
 * @at  reader; passes over what it doesn't want
 *
 * Returns true when there is.
 */
bool ring_has(const struct ring *r, struct ring_reader *at);

/**
 * ring_read - read on
 * @r    ring
 * @at   reader
 * @to   gets text
 * @cap  room there [bytes]; may be less than a message
 *
 * Returns how many bytes; 0 when there is nothing, or no room for a short
 * message (128 bytes are always enough).
 */
size_t ring_read(
	const struct ring *r, struct ring_reader *at, char *to, size_t cap);

/**
 * ring_add_id - append the line that says how far somebody has read
 * @r   ring
 * @at  reader
 * @b   buffer
 */
void ring_add_id(
	const struct ring *r, const struct ring_reader *at, struct buf *b);
