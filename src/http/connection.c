/* SPDX-License-Identifier: ISC */

/*
 * Which connections are idle, and for how long: the victims when there is
 * no room.  One whose request is being answered isn't idle.
 */

#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "http/inside.h"

void
http_idle_leave(struct http_connection *c)
{
	if (!c->is_idle)
		return;
	c->is_idle = false;
	c->by_age.before->after = c->by_age.after;
	c->by_age.after->before = c->by_age.before;
}

void
http_idle_join(struct http_server *s, struct http_connection *c)
{
	c->is_idle = true;
	c->by_age.before = s->idle.before;
	c->by_age.after = &s->idle;
	s->idle.before->after = &c->by_age;
	s->idle.before = &c->by_age;
}

struct http_connection *
http_connection_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

void
http_on_connection(void *ctx, struct MHD_Connection *connection,
	void **socket_ctx, enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = ctx;
	struct http_connection *c = *socket_ctx;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		c = mem_alloc(1, sizeof(*c));
		c->fd = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_CONNECTION_FD)
				->connect_fd;
		c->server = s;
		c->has_peer = http_peer_read(c->fd, &c->peer);
		c->peer.is_secure = s->config.tls != NULL;
		http_idle_join(s, c);
		s->stats.accepted++;
		*socket_ctx = c;
		return;
	}
	http_idle_leave(c);
	free(c);
	*socket_ctx = NULL;
	s->stats.closed++;
}

bool
http_connection_shed(struct http_server *s)
{
	struct http_connection *c;

	if (s->idle.after == &s->idle)
		return false;
	c = (struct http_connection *)s->idle.after;
	http_idle_leave(c);
	s->stats.shed++;
	shutdown(c->fd, SHUT_RDWR);
	return true;
}
