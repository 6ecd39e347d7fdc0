/* SPDX-License-Identifier: ISC */

/*
 * Serves the API of a real node with a real store, for tests:
 *
 *   api-fixture FOLDER LISTEN ...
 *
 * or prints the table of routes, `api-fixture routes`,
 * until SIGTERM or SIGINT.  Says "ready" when it may be asked.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "http/http.h"
#include "sys/listen.h"
#include "web/api.h"
#include "web/route.h"

enum {
	SERVERS_MAX = 4,
};

struct fixture {
	uv_loop_t loop;
	uv_signal_t signals[2];
	struct node *node;
	struct api *api;
	struct http_server *servers[SERVERS_MAX];
	unsigned servers_n;
};

static void
on_closed(void *ctx)
{
	struct fixture *f = ctx;

	for (int i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&f->signals[i], NULL);
}

static void
on_signal(uv_signal_t *s, int number)
{
	struct fixture *f = s->data;

	(void)number;
	for (unsigned i = 0; i < f->servers_n; i++)
		http_stop(f->servers[i]);
	node_close(f->node, on_closed, f);
}

static void
on_loaded(void *ctx)
{
	(void)ctx;
	puts("ready");
	fflush(stdout);
}

static int
start(struct fixture *f, char **argv, struct err *err)
{
	const struct node_config config = { .folder = argv[1],
		.v6_len = 64,
		.max_v4 = 10000,
		.max_v6 = 10000 };
	const struct listen_access access = { 0600, (gid_t)-1 };
	struct http_config http = { .name = "api",
		.large_path = API_LARGE_PATH,
		.large_max = API_LARGE_MAX,
		.handler = api_handle };
	f->node = node_open(&config, &f->loop, err);
	if (!f->node)
		return -1;
	f->api = api_new(
		&(struct api_config){ .node = f->node, .version = "0.0.0" });
	http.ctx = f->api;
	for (char **at = argv + 2; *at && f->servers_n < SERVERS_MAX; at++) {
		int fd = listen_bind(*at, &access, err);

		if (fd < 0 || http_start(&f->loop, fd, &http,
				      &f->servers[f->servers_n++], err))
			return -1;
	}
	node_on_loaded(f->node, on_loaded, f);
	return 0;
}

/* Method, path, scope, then "body" and "proof" where they hold. */
static void
print_routes(void)
{
	for (unsigned i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];

		printf("%s %s %s%s%s\n", route_method_name(r->method), r->path,
			route_scope_name(r->scope), r->body ? " body" : "",
			r->needs_proof ? " proof" : "");
	}
}

int
main(int argc, char **argv)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	struct fixture f = { 0 };
	struct err err;

	if (argc == 2 && strcmp(argv[1], "routes") == 0) {
		print_routes();
		return 0;
	}
	if (argc < 3) {
		fprintf(stderr, "usage: api-fixture FOLDER LISTEN ...\n");
		return 2;
	}
	uv_loop_init(&f.loop);
	for (int i = 0; i < 2; i++) {
		uv_signal_init(&f.loop, &f.signals[i]);
		f.signals[i].data = &f;
		uv_signal_start(&f.signals[i], on_signal, numbers[i]);
	}
	if (start(&f, argv, &err)) {
		fprintf(stderr, "api-fixture: %s\n", err.text);
		return 1;
	}
	uv_run(&f.loop, UV_RUN_DEFAULT);
	api_free(f.api);
	return uv_loop_close(&f.loop) != 0;
}
