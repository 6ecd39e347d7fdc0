/* SPDX-License-Identifier: ISC */

/*
 * One request and its answer, as MHD tells of them.
 */

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/inside.h"

static struct http_request *
request_new(struct http_server *s, struct MHD_Connection *connection)
{
	struct http_request *r = s->spare;
	struct buf body = { 0 };

	s->spare = NULL;
	if (r)
		body = r->body;
	else
		r = mem_alloc(1, sizeof(*r));
	body.n = 0;
	*r = (struct http_request){
		.server = s,
		.connection = connection,
		.body = body,
	};
	return r;
}

static void
request_free(struct http_server *s, struct http_request *r)
{
	if (!s->spare) {
		s->spare = r;
		return;
	}
	buf_free(&r->body);
	free(r);
}

void
http_on_completed(void *ctx, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode why)
{
	struct http_server *s = ctx;
	struct http_request *r = *request;
	struct http_connection *c = http_connection_of(connection);

	(void)why;
	if (!r)
		return;
	*request = NULL;
	if (c)
		http_phase_enter(c, HTTP_IDLE);
	http_unlist(r);
	if (r->state == HTTP_HANDLED) {
		/* The handler still has it: http_reply() frees. */
		r->connection = NULL;
		r->server = NULL;
		r->path = "";
		return;
	}
	http_stream_end(r);
	if (r->response)
		MHD_destroy_response(r->response);
	request_free(s, r);
}

static enum MHD_Result
send_response(struct http_request *r)
{
	struct MHD_Response *response = r->response;
	enum MHD_Result rc;

	r->response = NULL;
	rc = MHD_queue_response(r->connection, r->status, response);
	MHD_destroy_response(response);
	return rc;
}

/* The head is there. */
static enum MHD_Result
begin(struct http_request *r, const char *method, const char *version)
{
	struct http_server *s = r->server;
	unsigned refusal = http_head_check(r, version);

	if (refusal) {
		s->stats.refused++;
		http_refuse(r, refusal);
		return send_response(r);
	}
	r->method = http_method_parse(method);
	if (r->method == HTTP_METHODS)
		r->refusal = MHD_HTTP_NOT_IMPLEMENTED;
	else if (!(s->config.methods & 1U << r->method))
		r->refusal = MHD_HTTP_METHOD_NOT_ALLOWED;
	return MHD_YES;
}

/* More than the limit is passed over, so that the client may read why,
 * but not for ever. */
static enum MHD_Result
add_body(struct http_request *r, struct str piece)
{
	uint32_t max = http_body_max(r);

	if (piece.n > max - r->body.n)
		r->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
	if (!r->refusal) {
		buf_add(&r->body, piece);
		return MHD_YES;
	}
	r->ignored += piece.n;
	return r->ignored > 4 * (size_t)max ? MHD_NO : MHD_YES;
}

/* The request is whole. */
static enum MHD_Result
dispatch(struct http_request *r)
{
	struct http_server *s = r->server;

	if (s->is_stopping)
		return MHD_NO;
	http_phase_enter(http_connection_of(r->connection), HTTP_BUSY);
	http_list(r);
	if (s->turn_left == 0) {
		http_park(r);
		return MHD_YES;
	}
	s->turn_left--;
	if (r->refusal) {
		s->stats.refused++;
		http_refuse(r, r->refusal);
		return send_response(r);
	}
	s->stats.requests++;
	r->state = HTTP_HANDLED;
	s->config.handler(s->config.ctx, r);
	if (r->state == HTTP_ANSWERED)
		return send_response(r);
	r->is_suspended = true;
	MHD_suspend_connection(r->connection);
	return MHD_YES;
}

/* NOLINTBEGIN(readability-function-size): MHD wants these eight */
enum MHD_Result
http_on_access(void *ctx, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *n,
	void **request)
{
	struct http_server *s = ctx;
	struct http_request *r = *request;

	if (!r) {
		http_phase_enter(http_connection_of(connection), HTTP_BODY);
		*request = r = request_new(s, connection);
		r->path = path;
		return begin(r, method, version);
	}
	if (*n) {
		struct str piece = { data, *n };

		*n = 0;
		return add_body(r, piece);
	}
	switch (r->state) {
	case HTTP_READING: return dispatch(r);
	case HTTP_ANSWERED: return send_response(r);
	case HTTP_HANDLED: return MHD_NO; /* the server stops */
	}
	return MHD_NO;
}
/* NOLINTEND(readability-function-size) */
