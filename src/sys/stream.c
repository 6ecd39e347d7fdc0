/* SPDX-License-Identifier: ISC */

#include "sys/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "sys/listener.h"

struct link {
	struct link *before, *after;
};

struct stream_service {
	struct listener listener;
	uv_timer_t idle;
	uv_loop_t *loop;
	struct stream_config config;
	struct stream_stats stats;
	struct link by_age; /* ring of connections, silent longest first */
	uint32_t streams;   /* open connections */
	uint32_t handles;   /* that the loop still knows, the listener is 1 */
	bool is_idle_armed;
};

struct stream {
	struct link by_age; /* first: see of_link() */
	uv_poll_t poll;
	struct stream_service *service;
	uint64_t heard_ms; /* when something last came or went */
	int fd;
	bool is_ending;	 /* close when the answers have left */
	bool is_waiting; /* for the peer to take answers */
	struct buf out;
	size_t out_at; /* bytes of @out that have left */
	size_t in_n;
	char *in;
	max_align_t state[];
};

static void on_ready(uv_poll_t *poll, int status, int events);
static void idle_arm(struct stream_service *v);

static void
link_out(struct link *l)
{
	l->before->after = l->after;
	l->after->before = l->before;
}

static void
link_last(struct link *ring, struct link *l)
{
	l->before = ring->before;
	l->after = ring;
	ring->before->after = l;
	ring->before = l;
}

static struct stream *
of_link(struct link *l)
{
	return CONTAINER_OF(l, struct stream, by_age);
}

struct buf *
stream_out(struct stream *s)
{
	return &s->out;
}

void *
stream_state(struct stream *s)
{
	return s->state;
}

static void
handle_gone(struct stream_service *v)
{
	if (--v->handles == 0)
		free(v);
}

static void
on_stream_closed(uv_handle_t *handle)
{
	struct stream *s = handle->data;
	struct stream_service *v = s->service;

	buf_free(&s->out);
	free(s->in);
	free(s);
	handle_gone(v);
}

static void
stream_close(struct stream *s)
{
	struct stream_service *v = s->service;

	link_out(&s->by_age);
	v->streams--;
	v->stats.closed++;
	uv_close((uv_handle_t *)&s->poll, on_stream_closed);
	close(s->fd);
}

static void
stream_heard(struct stream *s)
{
	struct stream_service *v = s->service;

	s->heard_ms = uv_now(v->loop);
	link_out(&s->by_age);
	link_last(&v->by_age, &s->by_age);
}

/* Answers out; wait for the peer when it doesn't take them.  0, or -1 when
 * the connection has been closed. */
static int
stream_flush(struct stream *s)
{
	bool was_waiting = s->is_waiting;

	while (s->out_at < s->out.n) {
		ssize_t n = send(s->fd, s->out.p + s->out_at,
			s->out.n - s->out_at, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
			stream_close(s);
			return -1;
		}
		if (n < 0)
			break;
		s->out_at += (size_t)n;
	}
	s->is_waiting = s->out_at < s->out.n;
	if (!s->is_waiting)
		s->out.n = s->out_at = 0;
	if (!s->is_waiting && s->is_ending) {
		stream_close(s);
		return -1;
	}
	if (s->is_waiting != was_waiting)
		uv_poll_start(&s->poll,
			s->is_waiting ? UV_WRITABLE : UV_READABLE, on_ready);
	return 0;
}

/* Let the protocol consume what is there. */
static void
stream_consume(struct stream *s, enum stream_end end)
{
	struct stream_service *v = s->service;
	struct str in = { s->in, s->in_n };
	ptrdiff_t used = v->config.on_bytes(v->config.ctx, s, in, end);

	if (used == 0 && s->in_n == v->config.in_max)
		used = STREAM_BAD;
	if (used == STREAM_BAD)
		v->stats.bad++;
	s->is_ending = used < 0 || end == STREAM_END;
	if (used > 0 && (size_t)used < s->in_n)
		memmove(s->in, s->in + used, s->in_n - (size_t)used);
	if (used > 0)
		s->in_n -= (size_t)used;
	stream_flush(s);
}

static void
stream_read(struct stream *s)
{
	ssize_t n = recv(
		s->fd, s->in + s->in_n, s->service->config.in_max - s->in_n, 0);

	if (n < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			stream_close(s);
		return;
	}
	stream_heard(s);
	s->in_n += (size_t)n;
	stream_consume(s, n ? STREAM_OPEN : STREAM_END);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct stream *s = poll->data;

	if (status < 0) {
		stream_close(s);
		return;
	}
	if (events & UV_WRITABLE) {
		stream_heard(s);
		stream_flush(s);
		return;
	}
	stream_read(s);
}

static bool
shed(void *ctx)
{
	struct stream_service *v = ctx;

	if (v->by_age.after == &v->by_age)
		return false;
	v->stats.shed++;
	stream_close(of_link(v->by_age.after));
	return true;
}

static void
accepted(void *ctx, int fd)
{
	struct stream_service *v = ctx;
	struct stream *s;
	int one = 1;

	if (v->streams >= v->config.connections_max)
		shed(v);
	s = mem_alloc(1, sizeof(*s) + v->config.state_size);
	/* Fails for Unix sockets, which have nothing to delay. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (uv_poll_init(v->loop, &s->poll, fd) < 0) {
		close(fd);
		free(s);
		return;
	}
	s->in = mem_alloc(v->config.in_max, 1);
	s->fd = fd;
	s->service = v;
	s->poll.data = s;
	s->heard_ms = uv_now(v->loop);
	link_last(&v->by_age, &s->by_age);
	v->streams++;
	v->handles++;
	v->stats.accepted++;
	uv_poll_start(&s->poll, UV_READABLE, on_ready);
	idle_arm(v);
}

/* The timer runs for the connection that has been silent longest; who is
 * heard meanwhile only makes it come in vain. */
static void
on_idle(uv_timer_t *timer)
{
	struct stream_service *v = timer->data;
	uint64_t limit_ms = (uint64_t)v->config.idle_s * 1000;

	v->is_idle_armed = false;
	while (v->by_age.after != &v->by_age) {
		struct stream *s = of_link(v->by_age.after);

		if (uv_now(v->loop) - s->heard_ms < limit_ms)
			break;
		v->stats.idle++;
		stream_close(s);
	}
	idle_arm(v);
}

static void
idle_arm(struct stream_service *v)
{
	uint64_t silent_ms;
	struct link *oldest = v->by_age.after;

	if (v->is_idle_armed || oldest == &v->by_age)
		return;
	silent_ms = uv_now(v->loop) - of_link(oldest)->heard_ms;
	v->is_idle_armed = true;
	uv_timer_start(&v->idle, on_idle,
		(uint64_t)v->config.idle_s * 1000 - silent_ms, 0);
}

static void
on_idle_closed(uv_handle_t *handle)
{
	handle_gone(handle->data);
}

static void
listener_gone(void *ctx)
{
	handle_gone(ctx);
}

static const struct listener_ops listener_ops = {
	.accept = accepted,
	.shed = shed,
	.closed = listener_gone,
};

int
stream_start(uv_loop_t *loop, int fd, const struct stream_config *config,
	struct stream_service **ret, struct err *err)
{
	struct stream_service *v = mem_alloc(1, sizeof(*v));

	v->config = *config;
	v->loop = loop;
	v->by_age.before = v->by_age.after = &v->by_age;
	v->listener.fd = fd;
	v->listener.ops = &listener_ops;
	v->listener.ctx = v;
	if (listener_open(&v->listener, loop, err) < 0) {
		close(fd);
		free(v);
		return -1;
	}
	uv_timer_init(loop, &v->idle);
	v->idle.data = v;
	v->handles = 2;
	*ret = v;
	return 0;
}

void
stream_stop(struct stream_service *v)
{
	if (!v)
		return;
	while (v->by_age.after != &v->by_age)
		stream_close(of_link(v->by_age.after));
	listener_close(&v->listener);
	uv_close((uv_handle_t *)&v->idle, on_idle_closed);
}

const struct stream_stats *
stream_stats(const struct stream_service *v)
{
	return &v->stats;
}
