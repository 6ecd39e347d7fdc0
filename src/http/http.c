/* SPDX-License-Identifier: ISC */

#include "http/http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/inside.h"

/* MHD's own cap is never met: the server makes room first. */
enum {
	CONNECTIONS_SPARE = 8,
	RUNS_A_TURN = 4,
};

static void on_timer(uv_timer_t *timer);

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

/* MHD: the response is out, or the connection is gone. */
static void
on_completed(void *ctx, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode why)
{
	struct http_server *s = ctx;
	struct http_request *r = *request;
	struct http_connection *c = http_connection_of(connection);

	(void)why;
	if (!r)
		return;
	*request = NULL;
	if (c && !c->is_idle)
		http_idle_join(s, c);
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

	http_idle_leave(http_connection_of(r->connection));
	if (r->refusal) {
		s->stats.refused++;
		http_refuse(r, r->refusal);
		return send_response(r);
	}
	s->stats.requests++;
	r->state = HTTP_HANDLED;
	r->is_open = true;
	r->after = s->open;
	if (s->open)
		s->open->before = r;
	s->open = r;
	s->config.handler(s->config.ctx, r);
	if (r->state == HTTP_ANSWERED)
		return send_response(r);
	r->is_suspended = true;
	MHD_suspend_connection(r->connection);
	return MHD_YES;
}

/* MHD: a head, a piece of a body, the end of a request, or a request that
 * has been resumed. */
/* NOLINTBEGIN(readability-function-size): MHD wants these eight */
static enum MHD_Result
on_access(void *ctx, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *n,
	void **request)
{
	struct http_server *s = ctx;
	struct http_request *r = *request;

	if (!r) {
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

/* Let MHD work, and come again when it wants to. */
static void
run(struct http_server *s)
{
	uint64_t due_ms;
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;
	int turns = 0;
	bool has_timeout;

	do {
		MHD_run(s->daemon);
		has_timeout = MHD_get_timeout(s->daemon, &wait_ms) == MHD_YES;
	} while (has_timeout && wait_ms == 0 && ++turns < RUNS_A_TURN);
	if (!has_timeout)
		return;
	/* A timer that comes too early does no harm. */
	due_ms = uv_now(s->loop) + wait_ms;
	if (s->due_ms && s->due_ms <= due_ms)
		return;
	s->due_ms = due_ms;
	uv_timer_start(&s->timer, on_timer, wait_ms, 0);
}

static void
on_timer(uv_timer_t *timer)
{
	struct http_server *s = timer->data;

	s->due_ms = 0;
	run(s);
}

void
http_wake(struct http_server *s)
{
	s->due_ms = uv_now(s->loop);
	uv_timer_start(&s->timer, on_timer, 0, 0);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	run(poll->data);
}

static bool
shed(void *ctx)
{
	struct http_server *s = ctx;

	if (!http_connection_shed(s))
		return false;
	run(s);
	return true;
}

static void
accepted(void *ctx, int fd)
{
	struct http_server *s = ctx;
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	if (s->stats.accepted - s->stats.closed >= s->config.connections_max)
		shed(s);
	/* The address is looked up when somebody asks.  A failure has
	 * closed the descriptor. */
	if (MHD_add_connection(s->daemon, fd, &nobody, sizeof(nobody)) ==
		MHD_YES)
		run(s);
}

static void
handle_gone(struct http_server *s)
{
	if (--s->handles > 0)
		return;
	if (s->spare)
		buf_free(&s->spare->body);
	free(s->spare);
	free(s);
}

static void
listener_gone(void *ctx)
{
	handle_gone(ctx);
}

static void
on_closed(uv_handle_t *handle)
{
	handle_gone(handle->data);
}

static const struct listener_ops listener_ops = {
	.accept = accepted,
	.shed = shed,
	.closed = listener_gone,
};

static void
set_defaults(struct http_config *c)
{
	if (!c->connections_max)
		c->connections_max = 1024;
	if (!c->body_max)
		c->body_max = 64 << 10;
	if (!c->head_max)
		c->head_max = 16 << 10;
	if (!c->idle_s)
		c->idle_s = 60;
	if (!c->methods)
		c->methods = (1U << HTTP_METHODS) - 1;
}

/* TLS 1.2 and 1.3, and what GnuTLS takes for strong. */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static struct MHD_Daemon *
daemon_start(struct http_server *s)
{
	const struct http_config *c = &s->config;
	const struct MHD_OptionItem plain = { MHD_OPTION_END, 0, NULL };
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
			(void *)(uintptr_t)PRIORITIES },
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
			(void *)(uintptr_t)http_tls_on_hello },
		plain,
	};
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_NO_LISTEN_SOCKET;

	return MHD_start_daemon(c->tls ? flags | MHD_USE_TLS : flags, 0, NULL,
		NULL, on_access, s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)c->connections_max + CONNECTIONS_SPARE,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)c->idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)c->head_max,
		MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
		MHD_OPTION_UNESCAPE_CALLBACK, http_unescape, NULL,
		MHD_OPTION_ARRAY, c->tls ? tls : &plain, MHD_OPTION_END);
}

int
http_start(uv_loop_t *loop, int fd, const struct http_config *config,
	struct http_server **ret, struct err *err)
{
	struct http_server *s = mem_alloc(1, sizeof(*s));
	int epoll_fd;

	s->config = *config;
	set_defaults(&s->config);
	s->loop = loop;
	s->idle.before = s->idle.after = &s->idle;
	s->listener.fd = fd;
	s->listener.ops = &listener_ops;
	s->listener.ctx = s;
	s->daemon = daemon_start(s);
	if (!s->daemon) {
		err_set(err, "%s: the HTTP library doesn't start",
			config->name);
		goto out;
	}
	if (listener_open(&s->listener, loop, err) < 0) {
		MHD_stop_daemon(s->daemon);
		goto out;
	}
	epoll_fd = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)
			   ->epoll_fd;
	uv_poll_init(loop, &s->poll, epoll_fd);
	uv_timer_init(loop, &s->timer);
	s->poll.data = s->timer.data = s;
	s->handles = 3;
	uv_poll_start(&s->poll, UV_READABLE, on_ready);
	*ret = s;
	return 0;
out:
	close(fd);
	free(s);
	return -1;
}

void
http_stop(struct http_server *s)
{
	if (!s)
		return;
	listener_close(&s->listener);
	uv_close((uv_handle_t *)&s->poll, on_closed);
	uv_close((uv_handle_t *)&s->timer, on_closed);
	s->is_stopping = true;
	/* MHD must not be stopped while it has suspended connections; a
	 * request that is resumed unanswered ends its connection. */
	for (struct http_request *r = s->open; r; r = r->after) {
		if (r->is_suspended)
			MHD_resume_connection(r->connection);
	}
	MHD_run(s->daemon);
	MHD_stop_daemon(s->daemon);
}

void
http_stats(const struct http_server *s, struct http_stats *ret)
{
	*ret = s->stats;
}
