/* SPDX-License-Identifier: ISC */

/*
 * Serves the API of a real node with a real store, for tests:
 *
 *   api-fixture FOLDER LISTEN ...
 *
 * until SIGTERM or SIGINT; says "ready" when it may be asked.  Or prints
 * the table of routes, `api-fixture routes`, or the document about it,
 * `api-fixture openapi`.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "http/http.h"
#include "sys/listen.h"
#include "web/api.h"
#include "web/openapi.h"
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
	f->api = api_new(&(struct api_config){ .node = f->node,
		.version = "0.0.0",
		.url = "http://127.0.0.1:4080" });
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

/* "a b " as an array of its words. */
static void
add_words(struct json *j, const char *name, const char *words)
{
	struct str rest = str_of(words), word;

	json_key(j, name);
	json_open(j, '[');
	while (rest.n) {
		str_cut(rest, ' ', &word, &rest);
		json_str(j, word);
	}
	json_close(j, ']');
}

/* Each row of the table, an object a line. */
static void
print_routes(void)
{
	for (unsigned i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		struct buf b CLEANUP(buf_free) = { 0 };
		struct json j = { .b = &b };

		json_open(&j, '{');
		json_member_str(
			&j, "method", str_of(route_method_name(r->method)));
		json_member_str(&j, "path", str_of(r->path));
		json_member_str(
			&j, "scope", str_of(route_scope_name(r->scope)));
		add_words(&j, "query", r->query);
		add_words(&j, "body", r->body ? r->body : "");
		json_member_bool(&j, "has_body", r->body != NULL);
		json_member_bool(&j, "proof", r->needs_proof);
		json_close(&j, '}');
		puts(buf_text(&b));
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
	if (argc == 2 && strcmp(argv[1], "openapi") == 0)
		return fwrite(openapi_json, 1, openapi_n, stdout) != openapi_n;
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
