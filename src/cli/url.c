/* SPDX-License-Identifier: ISC */

#include "cli/url.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/num.h"
#include "base/utf8.h"

static bool
is_loopback(const char *host)
{
	static const char *const nets[] = { "127.0.0.0/8", "::1/128" };
	struct addr a;
	struct prefix net;

	if (!addr_parse(str_of(host), &a))
		return strcmp(host, "localhost") == 0;
	struct prefix one = addr_prefix(&a, ADDR_BITS);
	for (size_t i = 0; i < ARRAY_LEN(nets); i++) {
		if (prefix_parse(str_of(nets[i]), &net, NULL) &&
			prefix_covers(&net, &one))
			return true;
	}
	return false;
}

/* A name or address, from inside brackets where it has colons. */
static bool
take_host(struct str *rest, struct url *ret)
{
	struct str host, tail;

	if (str_take(rest, S("["))) {
		if (!str_cut(*rest, ']', &host, &tail))
			return false;
	} else {
		size_t n = 0;

		while (n < rest->n && rest->p[n] != ':' && rest->p[n] != '/')
			n++;
		host = (struct str){ rest->p, n };
		tail = str_from(*rest, n);
	}
	for (size_t i = 0; i < host.n; i++) {
		if ((unsigned char)host.p[i] <= ' ' || host.p[i] == '@' ||
			(unsigned char)host.p[i] >= 0x7f)
			return false;
	}
	if (host.n == 0 || host.n >= sizeof(ret->host))
		return false;
	memcpy(ret->host, host.p, host.n);
	ret->host[host.n] = '\0';
	*rest = tail;
	return true;
}

static bool
take_port(struct str rest, struct url *ret)
{
	int64_t port = ret->is_tls ? 443 : 80;

	if (str_ends(rest, S("/")))
		rest.n--;
	if (str_take(&rest, S(":")) ? !num_parse(rest, 1, 65535, &port)
				    : rest.n > 0)
		return false;
	snprintf(ret->port, sizeof(ret->port), "%d", (int)port);
	return true;
}

int
url_parse(const char *text, struct url *ret, struct err *err)
{
	struct str rest = str_of(text);
	struct url u = { .is_tls = str_take(&rest, S("https://")) };
	struct buf b CLEANUP(buf_free) = { 0 };

	if ((u.is_tls || str_take(&rest, S("http://"))) &&
		take_host(&rest, &u) && take_port(rest, &u)) {
		if (!u.is_tls && !is_loopback(u.host))
			return err_set(err,
				"--url: http:// would show the token to the "
				"network; expected https://%s",
				u.host);
		*ret = u;
		return 0;
	}
	utf8_add_safe(&b, str_of(text));
	return err_set(err,
		"--url \"%.200s\": expected https://HOST or https://HOST:PORT",
		buf_text(&b));
}
