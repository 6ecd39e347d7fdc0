/* SPDX-License-Identifier: ISC */

/*
 * Who asks: the connection's other end, or whom a proxy of ours names.
 */

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "http/inside.h"

static bool
read_name(int fd, struct http_peer *ret)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage all;
	} name;
	socklen_t n = sizeof(name);

	if (getpeername(fd, &name.any, &n) < 0)
		return false;
	switch (name.any.sa_family) {
	case AF_INET:
		memset(ret->addr.b, 0, 10);
		memset(ret->addr.b + 10, 0xff, 2);
		memcpy(ret->addr.b + 12, &name.v4.sin_addr, 4);
		return true;
	case AF_INET6:
		memcpy(ret->addr.b, &name.v6.sin6_addr, 16);
		addr_canonical(&ret->addr);
		return true;
	case AF_UNIX: ret->is_unix = true; return true;
	default: return false;
	}
}

bool
http_peer_read(int fd, struct http_peer *ret)
{
	struct http_peer peer = { 0 };
	struct ucred cred;
	socklen_t n = sizeof(cred);

	if (!read_name(fd, &peer))
		return false;
	if (peer.is_unix) {
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) < 0)
			return false;
		peer.uid = cred.uid;
		peer.gid = cred.gid;
		peer.pid = cred.pid;
	}
	*ret = peer;
	return true;
}

/* --- proxies ---------------------------------------------------------------- */

struct gathered {
	const char *name;
	struct buf list; /* all values of that name, as one */
};

/* NOLINTBEGIN(readability-function-size): MHD wants these six */
static enum MHD_Result
on_field(void *ctx, enum MHD_ValueKind kind, const char *key, size_t key_n,
	const char *value, size_t value_n)
{
	struct gathered *g = ctx;

	(void)kind;
	if (!str_eq_case((struct str){ key, key_n }, str_of(g->name)))
		return MHD_YES;
	buf_addc(&g->list, ',');
	buf_add(&g->list, (struct str){ value, value_n });
	return MHD_YES;
}
/* NOLINTEND(readability-function-size) */

static struct buf
gather(const struct http_request *r, const char *name)
{
	struct gathered g = { .name = name };

	MHD_get_connection_values_n(
		r->connection, MHD_HEADER_KIND, on_field, &g);
	return g.list;
}

/* Take the last value off a list. */
static bool
take_last(struct str *list, struct str *ret)
{
	ptrdiff_t comma = str_rfind(*list, S(","));

	if (comma < 0)
		return false;
	*ret = str_trim(str_from(*list, (size_t)comma + 1));
	list->n = (size_t)comma;
	return true;
}

/* Some proxies add the port: "192.0.2.1:80", "[2001:db8::1]:80". */
static bool
parse_client(struct str s, struct addr *ret)
{
	struct str head = s;
	ptrdiff_t end;

	if (str_take(&head, S("["))) {
		end = str_find(head, S("]"));
		return end > 0 &&
		       addr_parse((struct str){ head.p, (size_t)end }, ret);
	}
	if (addr_parse(s, ret))
		return true;
	end = str_rfind(s, S(":"));
	return end > 0 && addr_parse((struct str){ s.p, (size_t)end }, ret);
}

bool
http_is_proxy(const struct http_config *c, const struct addr *addr)
{
	struct prefix one = addr_prefix(addr, ADDR_BITS);

	for (size_t i = 0; i < c->proxies_n; i++)
		if (prefix_covers(&c->proxies[i], &one))
			return true;
	return false;
}

/* Each proxy adds whom it was asked by, so the list is true from its end
 * back to the first address that is none of our proxies; what stands in
 * front of that one the client may have made up. */
static void
take_client(const struct http_request *r, struct http_peer *peer)
{
	const struct http_config *c = &r->server->config;
	struct buf list = gather(r, "X-Forwarded-For");
	struct str rest = buf_str(&list), last;
	struct addr addr;

	while (http_is_proxy(c, &peer->addr) && take_last(&rest, &last) &&
		parse_client(last, &addr)) {
		peer->addr = addr;
		peer->is_forwarded = true;
	}
	buf_free(&list);
}

static void
take_scheme(const struct http_request *r, struct http_peer *peer)
{
	struct buf list = gather(r, "X-Forwarded-Proto");
	struct str rest = buf_str(&list), last;

	if (take_last(&rest, &last))
		peer->is_secure = str_eq_case(last, S("https"));
	buf_free(&list);
}

bool
http_peer(const struct http_request *r, struct http_peer *ret)
{
	const struct http_connection *c;

	if (!r->connection)
		return false;
	c = http_connection_of(r->connection);
	if (!c || !c->has_peer)
		return false;
	*ret = c->peer;
	if (c->peer.is_unix || !http_is_proxy(&r->server->config, &ret->addr))
		return true;
	ret->is_proxy = true;
	take_scheme(r, ret);
	take_client(r, ret);
	return true;
}
