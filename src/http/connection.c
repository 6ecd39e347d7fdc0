/* SPDX-License-Identifier: ISC */

/*
 * What each connection waits for, and since when: so that nobody holds one
 * by sending a byte at a time, and the victims when there is no room.  Each
 * stands in the ring of its phase, in the order in which they came there.
 */

#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "http/inside.h"

enum {
	SWEEP_MS = 1000,
};

static void
leave(struct http_server *s, struct http_connection *c)
{
	c->by_age.before->after = c->by_age.after;
	c->by_age.after->before = c->by_age.before;
	s->rings[c->phase].n--;
}

static void
join(struct http_server *s, struct http_connection *c, enum http_phase phase)
{
	struct http_ring *ring = &s->rings[phase];

	c->phase = phase;
	c->since_ms = uv_now(s->loop);
	c->by_age.before = ring->ends.before;
	c->by_age.after = &ring->ends;
	ring->ends.before->after = &c->by_age;
	ring->ends.before = &c->by_age;
	ring->n++;
}

void
http_phase_enter(struct http_connection *c, enum http_phase phase)
{
	leave(c->server, c);
	join(c->server, c, phase);
}

void
http_rings_init(struct http_server *s)
{
	const struct http_config *c = &s->config;
	const uint32_t limits_s[HTTP_PHASES] = {
		[HTTP_FRESH] = c->head_s,
		[HTTP_IDLE] = c->idle_s,
		[HTTP_BODY] = c->body_s,
	};

	for (unsigned i = 0; i < HTTP_PHASES; i++) {
		struct http_ring *ring = &s->rings[i];

		ring->ends.before = ring->ends.after = &ring->ends;
		ring->limit_ms = UINT64_C(1000) * limits_s[i];
	}
}

struct http_connection *
http_connection_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

/* --- their end -------------------------------------------------------------- */

/* MHD notices in its next run. */
static void
hang_up(struct http_connection *c)
{
	http_phase_enter(c, HTTP_BUSY);
	shutdown(c->fd, SHUT_RDWR);
}

static struct http_connection *
oldest(struct http_server *s, enum http_phase phase)
{
	struct http_ring *ring = &s->rings[phase];

	/* The link is the connection's first member. */
	return ring->n ? (struct http_connection *)ring->ends.after : NULL;
}

static void
on_sweep(uv_timer_t *timer)
{
	struct http_server *s = timer->data;
	uint64_t now = uv_now(s->loop);

	for (unsigned i = HTTP_FRESH; i < HTTP_PHASES; i++) {
		struct http_connection *c;

		while ((c = oldest(s, i)) &&
			now - c->since_ms >= s->rings[i].limit_ms) {
			s->stats.late++;
			hang_up(c);
		}
	}
}

bool
http_connection_shed(struct http_server *s)
{
	for (unsigned i = HTTP_FRESH; i < HTTP_PHASES; i++) {
		struct http_connection *c = oldest(s, i);

		if (!c)
			continue;
		s->stats.shed++;
		hang_up(c);
		return true;
	}
	return false;
}

void
http_connection_shed_fresh(struct http_server *s)
{
	while (s->rings[HTTP_FRESH].n >= s->config.fresh_max) {
		s->stats.shed++;
		hang_up(oldest(s, HTTP_FRESH));
	}
}

/* --- their beginning ----------------------------------------------------------- */

/* An IPv6 client has a /64 at least. */
static struct prefix
home_of(const struct addr *a)
{
	return addr_prefix(a, addr_is_v4(a) ? ADDR_BITS : 64);
}

static unsigned
count_home(struct http_server *s, const struct prefix *home)
{
	unsigned n = 0;

	for (unsigned i = 0; i < HTTP_PHASES; i++) {
		struct http_ring *ring = &s->rings[i];

		for (struct http_link *l = ring->ends.after; l != &ring->ends;
			l = l->after) {
			const struct http_connection *c =
				(struct http_connection *)l;
			struct prefix other = home_of(&c->peer.addr);

			n += prefix_eq(&other, home);
		}
	}
	return n;
}

bool
http_connection_may(struct http_server *s, int fd)
{
	struct http_peer peer;
	struct prefix home;

	if (!s->config.address_max ||
		s->stats.accepted - s->stats.closed < s->config.address_max ||
		!http_peer_read(fd, &peer) || peer.is_unix ||
		addr_is_loopback(&peer.addr) ||
		http_is_proxy(&s->config, &peer.addr))
		return true;
	home = home_of(&peer.addr);
	return count_home(s, &home) < s->config.address_max;
}

static struct http_connection *
connection_new(struct http_server *s, struct MHD_Connection *connection)
{
	struct http_connection *c = mem_alloc(1, sizeof(*c));

	c->server = s;
	c->fd = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD)
			->connect_fd;
	c->has_peer = http_peer_read(c->fd, &c->peer);
	c->peer.is_secure = s->config.tls != NULL;
	return c;
}

void
http_on_connection(void *ctx, struct MHD_Connection *connection,
	void **socket_ctx, enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = ctx;
	struct http_connection *c = *socket_ctx;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_ctx = c = connection_new(s, connection);
		join(s, c, HTTP_FRESH);
		if (s->stats.accepted++ == s->stats.closed)
			uv_timer_start(&s->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
		return;
	}
	leave(s, c);
	free(c);
	*socket_ctx = NULL;
	if (++s->stats.closed == s->stats.accepted)
		uv_timer_stop(&s->sweep);
}
