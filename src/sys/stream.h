/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A service on byte streams: many connections, each with a read buffer of
 * fixed size.  A protocol consumes whole requests from it and appends the
 * answers, in order; those of one read leave in one write.
 *
 * While a peer doesn't take its answers, nothing more is read from it, so
 * what waits is bounded by what one buffer's requests can ask for.  When
 * connections_max are open, the one that has been silent longest is closed
 * for the next.
 */

#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct stream;	       /* one connection */
struct stream_service; /* a listener and its connections */

enum stream_end {
	STREAM_OPEN, /* more may follow */
	STREAM_END,  /* the peer has finished sending */
};

enum {
	STREAM_BAD = -1,  /* answer what came before, count it, close */
	STREAM_QUIT = -2, /* answer and close */
};

/**
 * stream_on_bytes - consume requests
 * @ctx   as given to stream_start()
 * @s     connection: stream_out(), stream_state()
 * @in    what hasn't been consumed, borrowed; empty only at the end
 * @end   STREAM_END: called for the last time
 *
 * Returns the bytes consumed, STREAM_BAD or STREAM_QUIT.  Consuming
 * nothing of a full buffer is STREAM_BAD too.
 */
typedef ptrdiff_t stream_on_bytes(
	void *ctx, struct stream *s, struct str in, enum stream_end end);

struct stream_config {
	uint32_t connections_max;
	uint32_t idle_s;     /* silent for so long: closed [s] */
	uint32_t in_max;     /* read buffer: the longest request [bytes] */
	uint32_t state_size; /* protocol's own per connection [bytes] */
	stream_on_bytes *on_bytes;
	void *ctx;
};

/* Counters since start. */
struct stream_stats {
	uint64_t accepted, closed; /* connections */
	uint64_t shed;		   /* of these closed to make room */
	uint64_t idle;		   /* of these closed for silence */
	uint64_t bad;		   /* of these closed for bad input */
};

/**
 * stream_start - serve a listening socket
 * @loop    event loop
 * @fd      listening, non-blocking; owned from here, whatever is returned
 * @config  copied
 * @ret     service for stream_stop()
 * @err     what is wrong
 *
 * Returns 0, or -1 with @err.
 */
int stream_start(uv_loop_t *loop, int fd, const struct stream_config *config,
	struct stream_service **ret, struct err *err);

/**
 * stream_stop - close the listener and all connections
 * @v  service, or NULL; freed once the loop has run its closing callbacks
 */
void stream_stop(struct stream_service *v);

/**
 * stream_stats - counters for status
 * @v  service
 *
 * Returns them; borrowed.
 */
const struct stream_stats *stream_stats(const struct stream_service *v);

/**
 * stream_out - where answers are appended
 * @s  connection
 *
 * Returns its buffer, good until on_bytes() returns.
 */
struct buf *stream_out(struct stream *s);

/**
 * stream_state - the protocol's own memory of a connection
 * @s  connection
 *
 * Returns state_size bytes, zero at first, aligned for anything.
 */
void *stream_state(struct stream *s);
