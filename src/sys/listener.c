/* SPDX-License-Identifier: ISC */

#include "sys/listener.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ACCEPTS_A_TURN = 32,
	PAUSE_MS = 100,
};

static void on_ready(uv_poll_t *poll, int status, int events);

static void
on_pause_over(uv_timer_t *timer)
{
	struct listener *l = timer->data;

	uv_poll_start(&l->poll, UV_READABLE, on_ready);
}

static void
pause_accepting(struct listener *l, unsigned pause_ms)
{
	uv_poll_stop(&l->poll);
	uv_timer_start(&l->pause, on_pause_over, pause_ms, 0);
}

static bool
is_out_of_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

static bool
is_somebody_there(const struct listener *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* One connection.  False: enough for this turn. */
static bool
accept_one(struct listener *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		l->ops->accept(l->ctx, fd);
		return true;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return false;
	if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO)
		return true;
	if (is_out_of_room(errno)) {
		/* accept4() says so even when nobody waits. */
		if (!is_somebody_there(l))
			return false;
		if (l->ops->shed(l->ctx))
			return true;
	}
	pause_accepting(l, PAUSE_MS);
	return false;
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct listener *l = poll->data;

	(void)events;
	if (status < 0) {
		pause_accepting(l, PAUSE_MS);
		return;
	}
	for (unsigned i = 0; i < (l->batch ? l->batch : ACCEPTS_A_TURN); i++) {
		if (!accept_one(l))
			return;
	}
	if (l->pause_ms)
		pause_accepting(l, l->pause_ms);
}

int
listener_open(struct listener *l, uv_loop_t *loop, struct err *err)
{
	int rc = uv_poll_init(loop, &l->poll, l->fd);

	if (rc < 0)
		return err_set(err, "listening socket: %s", uv_strerror(rc));
	uv_timer_init(loop, &l->pause);
	l->poll.data = l->pause.data = l;
	l->open = 2;
	uv_poll_start(&l->poll, UV_READABLE, on_ready);
	return 0;
}

static void
on_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	if (--l->open == 0)
		l->ops->closed(l->ctx);
}

void
listener_close(struct listener *l)
{
	uv_close((uv_handle_t *)&l->poll, on_closed);
	uv_close((uv_handle_t *)&l->pause, on_closed);
	close(l->fd);
	l->fd = -1;
}
