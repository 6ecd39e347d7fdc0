/* SPDX-License-Identifier: ISC */

/*
 * The auth policy service beside the same HTTP library answering a
 * constant to the same requests.
 *
 *     bench-dovecot [SECONDS [ROUNDS]]
 */

#include <stdio.h>
#include <sys/socket.h>

#include "constant.h"
#include "hooks/hook.h"
#include "load.h"
#include "node_fake.h"

extern const struct hook hook_dovecot;

static void
ours(int fd)
{
	struct hook_listener listener = { fd, "unix:" };
	struct hook_option secret = { "api_header", "X-API-Key: 0123456789" };
	struct hook_config config = { .source = "bench",
		.listeners = &listener,
		.listeners_n = 1,
		.options = &secret,
		.options_n = 1 };
	uv_loop_t loop;
	struct err err;
	void *running;

	uv_loop_init(&loop);
	if (hook_dovecot.start(&config, node_fake(), &loop, &running, &err) <
		0) {
		fprintf(stderr, "%s\n", err.text);
		return;
	}
	uv_run(&loop, UV_RUN_DEFAULT);
}

static void
bare(int fd)
{
	constant_serve(fd, "{\"status\":0,\"msg\":\"\"}");
}

static struct str
request(int i, const char *command, const char *more)
{
	static char text[2 * LOAD_REQUESTS][1024];
	static int used;
	char body[512], *to = text[used++];
	int body_n = snprintf(body, sizeof(body),
		"{\"device_id\":\"\",\"login\":\"user%d@example.test\","
		"\"protocol\":\"imap\",\"pwhash\":\"%04x\","
		"\"remote\":\"198.51.%d.%d\",\"session_id\":\"1q/G%06xABCD\","
		"%s\"tls\":false}",
		i, i, i >> 8, i & 255, i, more);
	int n = snprintf(to, sizeof(text[0]),
		"POST /?command=%s HTTP/1.1\r\nHost: 127.0.0.1:4001\r\n"
		"X-API-Key: 0123456789\r\n"
		"User-Agent: dovecot/auth-policy-client\r\n"
		"Connection: Keep-Alive\r\nContent-Type: application/json\r\n"
		"Content-Length: %d\r\n\r\n%s",
		command, body_n, body);

	return (struct str){ to, (size_t)n };
}

int
main(int argc, char **argv)
{
	static struct load load = {
		.ours = ours, .bare = bare, .family = AF_INET
	};
	int rc;

	load_arguments(&load, argc, argv);
	load.name = "dovecot.allow";
	for (int i = 0; i < LOAD_REQUESTS; i++)
		load.requests[i] = request(i, "allow", "");
	rc = load_run(&load);
	load.name = "dovecot.report";
	for (int i = 0; i < LOAD_REQUESTS; i++)
		load.requests[i] = request(i, "report",
			"\"success\":true,\"policy_reject\":false,");
	return load_run(&load) | rc;
}
