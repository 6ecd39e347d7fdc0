/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * An HTTP/1.1 server on a listening socket, inside the event loop: strict
 * heads, limits, time-outs.  A handler gets a whole request and answers it
 * now or later, once.  The only user of libmicrohttpd.
 *
 * What it answers itself: 400 (a head that can be read two ways), 405 with
 * Allow, 408, 413, 414, 431, 501, 503.  HEAD is answered like GET, without the
 * body.
 */

#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "http/request.h"

struct http_server;
struct http_tls;

struct http_config {
	const char *name;	  /* for status: "api", "auth-policy" */
	uint32_t connections_max; /* 0: 1024; the oldest waiting goes when
				     full */
	uint32_t address_max;	  /* of one address (IPv6: /64), but loopback
				     and proxies; 0: no limit */
	uint32_t fresh_max;	  /* that have sent no head yet; 0: no limit,
				     but few handshakes with TLS */
	uint32_t body_max;	  /* 0: 64 KiB; more gets 413 */
	const char *large_path;	  /* whose body may have @large_max, or NULL */
	uint32_t large_max;
	uint32_t head_max;    /* 0: 16 KiB; more gets 431 */
	uint32_t head_s;      /* 0: 20; until the first head is whole */
	uint32_t idle_s;      /* 0: 60; until the next head is whole; also of
			    silence while it reads an answer */
	uint32_t body_s;      /* 0: 300; until a body is whole */
	uint32_t methods;     /* bits 1 << HTTP_…, others get 405; 0: all */
	struct http_tls *tls; /* http/tls.h, or NULL: plain */
	const struct prefix *proxies; /* whose X-Forwarded-For and
					 X-Forwarded-Proto are believed */
	size_t proxies_n;
	const struct http_field *fields; /* of every answer, beside its own */
	size_t fields_n;
	http_handler *handler;
	void *ctx;
};

/* Counters since start. */
struct http_stats {
	uint64_t accepted, closed, shed; /* connections; @shed to make room */
	uint64_t late;			 /* closed: took too long */
	uint64_t crowded;  /* not taken: too many of one address */
	uint64_t requests; /* that reached the handler */
	uint64_t refused;  /* answered here: heads, limits */
};

/**
 * http_start - serve a listening socket
 * @loop    event loop
 * @fd      listening, non-blocking; owned from here, whatever is returned
 * @config  copied
 * @ret     server for http_stop()
 * @err     what is wrong
 *
 * Returns 0, or -1 with @err.
 */
int http_start(uv_loop_t *loop, int fd, const struct http_config *config,
	struct http_server **ret, struct err *err);

/**
 * http_stop - close the listener and all connections
 * @s  server, or NULL; freed once the loop has run its closing callbacks
 *
 * Requests that haven't been answered stay alive until http_reply().
 */
void http_stop(struct http_server *s);

/**
 * http_stats - counters for status
 * @s    server
 * @ret  filled
 */
void http_stats(const struct http_server *s, struct http_stats *ret);
