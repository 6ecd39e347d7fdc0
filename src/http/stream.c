/* SPDX-License-Identifier: ISC */

#include "http/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http/inside.h"

enum {
	BLOCK_BYTES = 1024, /* MHD fills its connection's buffer instead */
};

bool
http_stream_is_gone(const struct http_request *r)
{
	char byte;
	ssize_t n = recv(http_connection_of(r->connection)->fd, &byte, 1,
		MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* MHD: the client has taken all so far. */
static ssize_t
on_fill(void *ctx, uint64_t at, char *to, size_t cap)
{
	struct http_request *r = ctx;
	ssize_t n;

	(void)at;
	if (r->server->is_stopping || (r->has_waited && http_stream_is_gone(r)))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	r->has_waited = false;
	n = r->source->fill(r->source_ctx, to, cap);
	switch (n) {
	case HTTP_END: return MHD_CONTENT_READER_END_OF_STREAM;
	case HTTP_BROKEN: return MHD_CONTENT_READER_END_WITH_ERROR;
	case HTTP_WAIT:
		r->is_suspended = r->has_waited = true;
		MHD_suspend_connection(r->connection);
		return 0;
	default: return n;
	}
}

void
http_stream_start(struct http_request *r, const struct http_response *response,
	const struct http_source *source, void *ctx)
{
	struct MHD_Response *stream;

	if (!r->server) {
		source->free(ctx);
		http_reply(r, response);
		return;
	}
	stream = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_fill, r, NULL);
	if (!stream)
		abort();
	r->source = source;
	r->source_ctx = ctx;
	http_answer(r, response, stream);
}

bool
http_stream_wake(struct http_request *r)
{
	if (r->state != HTTP_ANSWERED || !r->is_suspended)
		return false;
	http_resume(r);
	return true;
}

void
http_stream_end(struct http_request *r)
{
	const struct http_source *source = r->source;

	r->source = NULL;
	if (source)
		source->free(r->source_ctx);
}
