/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the files of this folder know of each other.
 */

#include <gnutls/abstract.h>
#include <microhttpd.h>

#include "http/http.h"
#include "http/stream.h"
#include "sys/listener.h"

struct http_link {
	struct http_link *before, *after;
};

/* What a connection waits for. */
enum http_phase {
	HTTP_BUSY,  /* nothing: its request is being answered */
	HTTP_FRESH, /* its first whole head */
	HTTP_IDLE,  /* the whole head of its next request */
	HTTP_BODY,  /* the rest of a body */
	HTTP_PHASES,
};

/* All connections in a phase, the longest there first. */
struct http_ring {
	struct http_link ends;
	unsigned n;
	uint64_t limit_ms; /* that one may stay there; not HTTP_BUSY */
};

/* A connection, as far as it isn't MHD's. */
struct http_connection {
	struct http_link by_age; /* first; in the ring of its phase */
	enum http_phase phase;
	uint64_t since_ms; /* it is in this phase */
	struct http_server *server;
	int fd;
	bool has_peer;
	struct http_peer peer; /* the other end, whoever it speaks for */
};

struct http_server {
	struct listener listener;
	uv_poll_t poll; /* MHD's epoll descriptor */
	uv_timer_t timer, sweep;
	uv_loop_t *loop;
	struct MHD_Daemon *daemon;
	struct http_config config;
	struct http_stats stats;
	struct http_ring rings[HTTP_PHASES];
	struct http_request *open; /* list: not answered, or not yet all */
	struct http_request *parked, **parked_end; /* for the next turn */
	unsigned turn_left;	    /* requests that may still be handled */
	struct http_request *spare; /* one kept for the next, or NULL */
	unsigned handles;	    /* that the loop still knows */
	uint64_t due_ms;	    /* when the timer comes; 0: never */
	bool is_stopping;
};

enum http_state {
	HTTP_READING,  /* the body comes */
	HTTP_HANDLED,  /* the handler has it */
	HTTP_ANSWERED, /* @response is there, or sent */
};

struct http_request {
	struct http_server *server;	     /* NULL: stopped meanwhile */
	struct http_request *before, *after; /* in server->open */
	struct http_request *next_parked;
	struct MHD_Connection *connection;
	struct MHD_Response *response;
	unsigned status;  /* of @response */
	unsigned refusal; /* answer with this status, or 0 */
	enum http_state state;
	enum http_method method;
	const char *path;
	struct buf body;
	size_t ignored; /* bytes of the body above the limit */
	const struct http_source *source; /* or NULL */
	void *source_ctx;
	bool is_suspended;
	bool is_open;	 /* in server->open */
	bool has_waited; /* for its source, since MHD looked last */
};

/**
 * http_on_access - MHD: a head, a piece of a body, the end of a request, or
 * a request that has been resumed
 * @ctx         server
 * @connection  MHD's
 * @path        without the query
 * @method      "GET"
 * @version     "HTTP/1.1"
 * @data        piece of the body
 * @n           its length; 0 when it was taken [bytes]
 * @request     where ours is kept
 *
 * Returns MHD_NO to end the connection.
 */
/* NOLINTNEXTLINE(readability-function-size): MHD wants these eight */
enum MHD_Result http_on_access(void *ctx, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version,
	const char *data, size_t *n, void **request);

/**
 * http_on_completed - MHD: the response is out, or the connection is gone
 * @ctx         server
 * @connection  MHD's
 * @request     where ours is kept
 * @why         which of the two
 */
void http_on_completed(void *ctx, struct MHD_Connection *connection,
	void **request, enum MHD_RequestTerminationCode why);

/**
 * http_peer_read - the other end of a socket
 * @fd   connected
 * @ret  filled
 *
 * Returns false when the kernel doesn't tell.
 */
bool http_peer_read(int fd, struct http_peer *ret);

/**
 * http_is_proxy - may this address say whom it speaks for?
 * @c     configuration
 * @addr  of a socket's other end
 *
 * Returns true for a listed proxy.
 */
bool http_is_proxy(const struct http_config *c, const struct addr *addr);

/* GnuTLS: a handshake begins, give it our certificate. */
gnutls_certificate_retrieve_function2 http_tls_on_hello;

/**
 * http_head_check - may this head be trusted?
 * @r        request, its head read
 * @version  "HTTP/1.1"
 *
 * Returns 0, or the status that it is refused with.
 */
unsigned http_head_check(const struct http_request *r, const char *version);

/**
 * http_body_max - how large a body may be
 * @r  request, its path known
 *
 * Returns the limit of its path [bytes].
 */
uint32_t http_body_max(const struct http_request *r);

/**
 * http_method_parse - a method by its name
 * @name  "GET"
 *
 * Returns the method, or HTTP_METHODS.
 */
enum http_method http_method_parse(const char *name);

/**
 * http_refuse - a refusal as a response
 * @r       request; @response is set
 * @status  400 … 501
 */
void http_refuse(struct http_request *r, unsigned status);

/**
 * http_answer - a response is there: send it
 * @r         request, being handled
 * @response  status and fields
 * @made      body and type; owned from here
 */
void http_answer(struct http_request *r, const struct http_response *response,
	struct MHD_Response *made);

/**
 * http_resume - let MHD go on with a suspended request
 * @r  request
 */
void http_resume(struct http_request *r);

/**
 * http_list - put a request on its server's list
 * @r  whole request; may be there already
 */
void http_list(struct http_request *r);

/**
 * http_park - a request has to wait for the next turn
 * @r  whole request, on the list
 */
void http_park(struct http_request *r);

/**
 * http_unlist - take a request off its server's list
 * @r  request, of a server
 */
void http_unlist(struct http_request *r);

/**
 * http_stream_end - nobody wants more of a source
 * @r  request; without a source nothing happens
 */
void http_stream_end(struct http_request *r);

/**
 * http_unescape - decode a path or value in place
 * @ctx         unused
 * @connection  unused
 * @text        %00 and what isn't an escape stay as they are
 *
 * Returns the new length [bytes].
 */
size_t http_unescape(void *ctx, struct MHD_Connection *connection, char *text);

/**
 * http_wake - let MHD work soon: a request has been resumed
 * @s  server
 */
void http_wake(struct http_server *s);

/**
 * http_rings_init - no connection yet
 * @s  server, its configuration is complete
 */
void http_rings_init(struct http_server *s);

/**
 * http_phase_enter - a connection waits for something else from now on
 * @c      connection
 * @phase  what for
 */
void http_phase_enter(struct http_connection *c, enum http_phase phase);

/**
 * http_connection_may - is there room for one more of this address?
 * @s   server
 * @fd  of the connection, not MHD's yet
 *
 * Returns false when the address has as many as it may.
 */
bool http_connection_may(struct http_server *s, int fd);

/**
 * http_connection_shed_fresh - make room for a handshake
 * @s  server that limits those who haven't asked anything yet
 */
void http_connection_shed_fresh(struct http_server *s);

/**
 * http_connection_of - ours of one of MHD's
 * @connection  MHD's
 *
 * Returns ours.
 */
struct http_connection *http_connection_of(struct MHD_Connection *connection);

/**
 * http_on_connection - MHD: a connection has begun or is gone
 * @ctx         server
 * @connection  MHD's
 * @socket_ctx  where ours is kept
 * @what        which of the two
 */
void http_on_connection(void *ctx, struct MHD_Connection *connection,
	void **socket_ctx, enum MHD_ConnectionNotificationCode what);

/**
 * http_connection_shed - hang up the connection that waits longest
 * @s  server; MHD notices in its next run
 *
 * Returns false when there is none.
 */
bool http_connection_shed(struct http_server *s);
