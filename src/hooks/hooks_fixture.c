/* SPDX-License-Identifier: ISC */

#include "hooks/hooks_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/test.h"
#include "sys/listen.h"

struct node node = { .settings = {
			     .text_smtp = TEXT, .text_login = "Not now" } };

const struct engine *
node_engine(const struct node *n)
{
	return (const struct engine *)(const void *)n;
}

const struct settings *
engine_settings(const struct engine *e)
{
	return &((const struct node *)(const void *)e)->settings;
}

int64_t
node_now(const struct node *n)
{
	(void)n;
	return 1000;
}

static struct verdict
verdict_of(const struct addr *addr)
{
	struct verdict v = { .word = VERDICT_ALLOW };
	struct addr blocked;

	assert_true(addr_parse(S(BLOCKED), &blocked));
	if (addr_eq(addr, &blocked))
		v = (struct verdict){ .word = VERDICT_REFUSE, .until = 1600 };
	return v;
}

struct verdict
node_check(const struct node *n, const struct addr *addr)
{
	(void)n;
	node.checks++;
	return verdict_of(addr);
}

struct verdict
node_connect(struct node *n, const struct addr *addr)
{
	n->connects++;
	return verdict_of(addr);
}

bool
node_refuses(struct node *n, const struct login *login)
{
	(void)n;
	return str_eq(login->account, S(LOCKED));
}

void
node_report(struct node *n, const struct event *ev)
{
	n->reports++;
	n->kind = ev->kind;
	snprintf(n->account, sizeof(n->account), "%.*s", (int)ev->account.n,
		ev->account.p);
}

void
start(struct running *r, const struct hook *hook,
	const struct hook_option *options, size_t options_n)
{
	char label[128];
	struct hook_listener listener = { .label = label };
	struct hook_config config = { .source = "test",
		.listeners = &listener,
		.listeners_n = 1,
		.options = options,
		.options_n = options_n };
	struct err err;

	*r = (struct running){ .hook = hook, .at.sun_family = AF_UNIX };
	snprintf(r->at.sun_path, sizeof(r->at.sun_path), "/tmp/hooks-%d.sock",
		(int)getpid());
	snprintf(label, sizeof(label), "unix:%s", r->at.sun_path);
	listener.fd = listen_bind(
		label, &(struct listen_access){ 0600, (gid_t)-1 }, &err);
	assert_true(listener.fd >= 0);
	assert_int_equal(hook_check(r->hook, &config, &err), 0);
	assert_int_equal(uv_loop_init(&r->loop), 0);
	node.connects = node.checks = node.reports = 0;
	assert_int_equal(
		r->hook->start(&config, &node, &r->loop, &r->self, &err), 0);
}

void
stop(struct running *r)
{
	struct buf b = { 0 };
	struct json j = { .b = &b };

	json_open(&j, '{');
	r->hook->status(r->self, &j);
	json_close(&j, '}');
	assert_true(str_find(buf_str(&b), S("\"accepted\":")) > 0);
	buf_free(&b);
	r->hook->stop(r->self);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&r->loop), 0);
	unlink(r->at.sun_path);
}

int
open_client(const struct running *r)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (const struct sockaddr *)&r->at, sizeof(r->at)), 0);
	return fd;
}

/* Read until the hook closes. */
void
read_all(struct running *r, int fd, struct buf *b)
{
	for (int turn = 0; turn < 100000; turn++) {
		ssize_t n = recv(fd, buf_room(b, 4096), 4096, 0);

		if (n == 0)
			return;
		if (n > 0)
			b->n += (size_t)n;
		uv_run(&r->loop, UV_RUN_NOWAIT);
	}
	fail_msg("the hook doesn't close");
}

/* Send all, finish sending, compare what comes back. */
void
talk(struct running *r, const char *request, const char *want)
{
	struct buf b = { 0 };
	int fd = open_client(r);

	assert_int_equal(send(fd, request, strlen(request), 0),
		(ssize_t)strlen(request));
	shutdown(fd, SHUT_WR);
	read_all(r, fd, &b);
	assert_string_equal(buf_text(&b), want);
	buf_free(&b);
	close(fd);
}
