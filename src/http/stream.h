/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Answers that aren't there as a whole: pulled from a source, a piece
 * whenever the client has taken the one before.  What a slow client costs
 * is one buffer of its connection (head_max of http_config).
 */

#include "http/request.h"

/* What a source says instead of a number of bytes. */
enum http_fill {
	HTTP_WAIT = 0,	  /* nothing yet: http_stream_wake() says when */
	HTTP_END = -1,	  /* that was all */
	HTTP_BROKEN = -2, /* hang up, so that the client sees it isn't all */
};

/* Where an answer comes from; called in the loop. */
struct http_source {
	/* Writes up to @cap bytes (at least 128) to @to.  Returns how many,
	 * or one of enum http_fill.  Doesn't call http_stream_wake(). */
	ssize_t (*fill)(void *ctx, char *to, size_t cap);
	/* Once: all is sent, the client is gone, or the server stops. */
	void (*free)(void *ctx);
};

/**
 * http_stream_start - answer a request from a source
 * @r         request; still valid until the source's free()
 * @response  copied; its body isn't sent
 * @source    stays
 * @ctx       for @source; owned from here
 *
 * A client of HTTP/1.1 gets chunks, one of HTTP/1.0 all until the end of the
 * connection.  Instead of http_reply(); free() may come before it returns.
 */
void http_stream_start(struct http_request *r,
	const struct http_response *response, const struct http_source *source,
	void *ctx);

/**
 * http_stream_wake - a source that said HTTP_WAIT has something now
 * @r  request; when it doesn't wait, nothing happens
 *
 * In the loop.  A client that has gone meanwhile is noticed here at the
 * latest.  Returns true when it waited.
 */
bool http_stream_wake(struct http_request *r);

/**
 * http_stream_is_gone - has the client of a stream hung up?
 * @r  request
 *
 * Returns true when the kernel knows that it has; the source is freed after
 * the next http_stream_wake() then.
 */
bool http_stream_is_gone(const struct http_request *r);
