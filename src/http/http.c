/* SPDX-License-Identifier: ISC */

#include "http/http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/inside.h"

enum {
	CONNECTIONS_SPARE = 8, /* MHD's own cap is never met: the server
				  makes room first */
	RUNS_A_TURN = 4,
	REQUESTS_A_TURN = 32, /* then others of the loop have theirs */
	TLS_BATCH = 2,	      /* handshakes in one go … */
	TLS_PAUSE_MS = 25,
	TLS_FRESH_MAX = 24, /* … and that are under way */
};

static void on_timer(uv_timer_t *timer);

void
http_park(struct http_request *r)
{
	struct http_server *s = r->server;

	r->is_suspended = true;
	MHD_suspend_connection(r->connection);
	r->next_parked = NULL;
	*s->parked_end = r;
	s->parked_end = &r->next_parked;
}

/* As many as this turn has room for; they come as if they were new. */
static void
unpark(struct http_server *s)
{
	for (unsigned n = 0; s->parked && n < REQUESTS_A_TURN; n++) {
		struct http_request *r = s->parked;

		s->parked = r->next_parked;
		r->is_suspended = false;
		MHD_resume_connection(r->connection);
	}
	if (!s->parked)
		s->parked_end = &s->parked;
}

/* Let MHD work, and come again when it wants to. */
static void
run(struct http_server *s)
{
	uint64_t due_ms;
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;
	int turns = 0;
	bool has_timeout;

	s->turn_left = REQUESTS_A_TURN;
	unpark(s);
	do {
		MHD_run(s->daemon);
		has_timeout = MHD_get_timeout(s->daemon, &wait_ms) == MHD_YES;
	} while (has_timeout && wait_ms == 0 && ++turns < RUNS_A_TURN);
	if (s->parked) {
		http_wake(s);
		return;
	}
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

	if (!http_connection_may(s, fd)) {
		s->stats.crowded++;
		close(fd);
		return;
	}
	if (s->config.fresh_max)
		http_connection_shed_fresh(s);
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
	if (!c->head_s)
		c->head_s = 20;
	if (!c->idle_s)
		c->idle_s = 60;
	if (!c->body_s)
		c->body_s = 300;
	if (!c->methods)
		c->methods = (1U << HTTP_METHODS) - 1;
	/* A handshake takes a millisecond or more of the loop. */
	if (c->tls && !c->fresh_max)
		c->fresh_max = TLS_FRESH_MAX;
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
		NULL, http_on_access, s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)c->connections_max + CONNECTIONS_SPARE,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)c->idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)c->head_max,
		MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, s,
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
	http_rings_init(s);
	s->parked_end = &s->parked;
	s->listener.fd = fd;
	s->listener.ops = &listener_ops;
	s->listener.ctx = s;
	if (config->tls) {
		s->listener.batch = TLS_BATCH;
		s->listener.pause_ms = TLS_PAUSE_MS;
	}
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
	uv_timer_init(loop, &s->sweep);
	s->poll.data = s->timer.data = s->sweep.data = s;
	s->handles = 4;
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
	uv_close((uv_handle_t *)&s->sweep, on_closed);
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
