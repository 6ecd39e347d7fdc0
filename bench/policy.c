/* SPDX-License-Identifier: ISC */

/*
 * The policy service beside an epoll server that answers a constant to the
 * same bytes.
 *
 *     bench-policy [SECONDS [ROUNDS]]
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "hooks/hook.h"
#include "load.h"
#include "node_fake.h"

extern const struct hook hook_policy;

static void
ours(int fd)
{
	struct hook_listener listener = { fd, "unix:" };
	struct hook_config config = {
		.source = "bench", .listeners = &listener, .listeners_n = 1
	};
	uv_loop_t loop;
	struct err err;
	void *running;

	uv_loop_init(&loop);
	if (hook_policy.start(&config, node_fake(), &loop, &running, &err) <
		0) {
		fprintf(stderr, "%s\n", err.text);
		return;
	}
	uv_run(&loop, UV_RUN_DEFAULT);
}

static void
bare(int fd)
{
	load_constant(fd, S("\n\n"), S("action=DUNNO\n\n"));
}

/* What Postfix 3.7 sends at CONNECT: every request begins a delivery. */
static struct str
request(int i)
{
	static char text[LOAD_REQUESTS][1024];
	int n = snprintf(text[i], sizeof(text[i]),
		"request=smtpd_access_policy\nprotocol_state=CONNECT\n"
		"protocol_name=SMTP\nclient_address=198.51.%d.%d\n"
		"client_name=host%d.example.net\nclient_port=40123\n"
		"reverse_client_name=host%d.example.net\n"
		"server_address=192.0.2.25\nserver_port=25\nhelo_name=\n"
		"sender=\nrecipient=\nrecipient_count=0\nqueue_id=\n"
		"instance=1f2e.%x.%x.0\nsize=0\netrn_domain=\nstress=\n"
		"sasl_method=\nsasl_username=\nsasl_sender=\n"
		"ccert_subject=\nccert_issuer=\nccert_fingerprint=\n"
		"ccert_pubkey_fingerprint=\nencryption_protocol=\n"
		"encryption_cipher=\nencryption_keysize=0\n"
		"policy_context=\n\n",
		i >> 8, i & 255, i, i, i, i * 7);

	return (struct str){ text[i], (size_t)n };
}

int
main(int argc, char **argv)
{
	static struct load load = {
		.name = "policy", .ours = ours, .bare = bare, .family = AF_UNIX
	};

	load_arguments(&load, argc, argv);
	for (int i = 0; i < LOAD_REQUESTS; i++)
		load.requests[i] = request(i);
	return load_run(&load);
}
