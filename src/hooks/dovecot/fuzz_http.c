/* SPDX-License-Identifier: ISC */

/*
 * fuzz-dovecot-http: bytes into the socket, through the HTTP library and
 * the hook, and out again.  Whatever comes, what goes out is a sequence of
 * whole HTTP responses; those of the hook hold one strict JSON object each,
 * one for each request that reached the node or more.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "hooks/hook.h"
#include "http/json_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

extern const struct hook hook_dovecot;

struct fixture {
	uv_loop_t loop;
	struct sockaddr_un at;
	socklen_t at_n;
	void *running;
	unsigned asked; /* how often the node was asked or told */
};

static struct fixture fixture;

static void
check(int ok)
{
	if (!ok)
		abort();
}

const struct engine *
node_engine(const struct node *n)
{
	return (const struct engine *)(const void *)n;
}

const struct settings *
engine_settings(const struct engine *e)
{
	static const struct settings settings = { .text_login = "No" };

	(void)e;
	return &settings;
}

struct verdict
node_connect(struct node *n, const struct addr *addr)
{
	(void)n;
	fixture.asked++;
	return (struct verdict){ .word = addr->b[15] & 1 ? VERDICT_REFUSE
							 : VERDICT_ALLOW };
}

bool
node_refuses(struct node *n, const struct login *login)
{
	(void)n;
	return login->account.n & 1;
}

void
node_report(struct node *n, const struct event *ev)
{
	(void)n;
	check(ev->count == 1);
	fixture.asked++;
}

static void
begin(struct fixture *f)
{
	static const struct hook_option key = { "api_header", "K: secret" };
	struct hook_listener listener = { .label = "unix:" };
	struct hook_config config = { .source = "fuzz",
		.listeners = &listener,
		.listeners_n = 1,
		.options = &key,
		.options_n = 1 };

	listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	f->at.sun_family = AF_UNIX;
	f->at_n = sizeof(f->at);
	check(bind(listener.fd, (struct sockaddr *)&f->at,
		      sizeof(sa_family_t)) == 0);
	check(getsockname(listener.fd, (struct sockaddr *)&f->at, &f->at_n) ==
		0);
	check(listen(listener.fd, 8) == 0);
	check(uv_loop_init(&f->loop) == 0);
	check(hook_dovecot.start(&config, NULL, &f->loop, &f->running, NULL) ==
		0);
}

/* All of @in to the hook, what comes to @out, until it closes or is silent:
 * it waits for the rest of a request then. */
static void
exchange(struct fixture *f, struct str in, struct buf *out)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ssize_t n = -1;

	check(connect(fd, (struct sockaddr *)&f->at, f->at_n) == 0);
	(void)!send(fd, in.p, in.n, MSG_NOSIGNAL);
	for (int silent = 0; n != 0 && silent < 8; silent++) {
		uv_run(&f->loop, UV_RUN_NOWAIT);
		n = recv(fd, buf_room(out, 4096), 4096, 0);
		if (n > 0) {
			out->n += (size_t)n;
			silent = 0;
		}
	}
	close(fd);
	uv_run(&f->loop, UV_RUN_NOWAIT);
}

/* The value of a field of a response's head. */
static struct str
field(struct str head, struct str name)
{
	ptrdiff_t at = str_find(head, name);
	struct str value, rest;

	if (at < 0)
		return S("");
	str_cut(str_from(head, (size_t)at + name.n), '\r', &value, &rest);
	return value;
}

/* One response off the front; returns whether it was the hook's. */
static int
take_response(struct str *rest)
{
	ptrdiff_t end = str_find(*rest, S("\r\n\r\n"));
	struct str head, body;
	struct json_t *o;
	int64_t n;

	check(end > 0);
	head = (struct str){ rest->p, (size_t)end + 2 };
	*rest = str_from(*rest, (size_t)end + 4);
	check(str_starts(head, S("HTTP/1.1 ")));
	if (str_starts(head, S("HTTP/1.1 100 ")))
		return 0;
	check(num_parse(field(head, S("\r\nContent-Length: ")), 0, 4096, &n));
	check((size_t)n <= rest->n);
	body = (struct str){ rest->p, (size_t)n };
	*rest = str_from(*rest, (size_t)n);
	if (!str_starts(
		    field(head, S("\r\nContent-Type: ")), S("application/"))) {
		/* The library's own refusal.  0.9.75 sends its head twice
		 * when a Content-Length is no number, then closes. */
		if (str_find(head, S("\r\nConnection: close\r\n")) >= 0)
			rest->n = 0;
		return 0;
	}
	o = json_in_object(body, NULL);
	check(o != NULL);
	json_in_free(o);
	return 1;
}

/* Three ways to make requests of the input: as it is; as the rest of a
 * head; as a body. */
static void
build(struct buf *b, struct str in)
{
	unsigned way = in.n ? (unsigned char)in.p[0] % 4 : 0;

	in = str_from(in, 1);
	if (way == 0) {
		buf_add(b, in);
		return;
	}
	buf_printf(b, "POST /?command=%s HTTP/1.1\r\nHost: x\r\nK: secret\r\n",
		way == 1 ? "allow" : "report");
	if (way != 2)
		buf_printf(b, "Content-Length: %zu\r\n\r\n", in.n);
	buf_add(b, in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n }, rest;
	struct buf request = { 0 }, out = { 0 };
	unsigned answers = 0;

	if (!fixture.running)
		begin(&fixture);
	build(&request, in);
	/* The answer to HEAD has a length and no body. */
	if (request.n && str_find(buf_str(&request), S("HEAD")) < 0) {
		fixture.asked = 0;
		exchange(&fixture, buf_str(&request), &out);
		rest = buf_str(&out);
		while (rest.n)
			answers += (unsigned)take_response(&rest);
		check(answers >= fixture.asked);
	}
	buf_free(&request);
	buf_free(&out);
	return 0;
}
