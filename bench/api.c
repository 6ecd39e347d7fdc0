/* SPDX-License-Identifier: ISC */

/*
 * A read of the API with a small answer, over keep-alive, beside the same
 * HTTP library answering a constant to the same requests.
 *
 *     bench-api FOLDER [SECONDS [ROUNDS]]
 */

#include "web/api.h"

#include <stdio.h>
#include <sys/socket.h>

#include "constant.h"
#include "http/http.h"
#include "load.h"
#include "node/node.h"

static const char *folder; /* of the store */

static void
ours(int fd)
{
	const struct node_config config = {
		.folder = folder, .v6_len = 64, .max_v4 = 10000, .max_v6 = 10000
	};
	struct http_config http = { .name = "api", .handler = api_handle };
	struct http_server *server;
	uv_loop_t loop;
	struct err err;
	struct node *node;

	uv_loop_init(&loop);
	node = node_open(&config, &loop, &err);
	if (!node) {
		fprintf(stderr, "%s\n", err.text);
		return;
	}
	http.ctx = api_new(
		&(struct api_config){ .node = node, .version = "0.0.0" });
	while (!node_is_loaded(node))
		uv_run(&loop, UV_RUN_ONCE);
	if (http_start(&loop, fd, &http, &server, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return;
	}
	uv_run(&loop, UV_RUN_DEFAULT);
}

static void
bare(int fd)
{
	constant_serve(fd, "{\"address\":\"198.51.100.77\",\"blocked\":false,"
			   "\"never\":false}");
}

static struct str
request(int i)
{
	static char text[LOAD_REQUESTS][256];
	int n = snprintf(text[i], sizeof(text[i]),
		"GET /api/v1/blocked?address=198.51.%d.%d HTTP/1.1\r\n"
		"Host: localhost\r\nUser-Agent: bench/1\r\n"
		"Accept: application/json\r\n\r\n",
		i >> 8, i & 255);

	return (struct str){ text[i], (size_t)n };
}

int
main(int argc, char **argv)
{
	static struct load load = { .name = "api.blocked",
		.ours = ours,
		.bare = bare,
		.family = AF_UNIX };

	if (argc < 2) {
		fprintf(stderr, "usage: bench-api FOLDER [SECONDS [ROUNDS]]\n");
		return 2;
	}
	folder = argv[1];
	load_arguments(&load, argc - 1, argv + 1);
	for (int i = 0; i < LOAD_REQUESTS; i++)
		load.requests[i] = request(i);
	return load_run(&load);
}
