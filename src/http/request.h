/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One HTTP request, whole, and the answer to it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/str.h"

struct http_request;

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_METHODS, /* others get 501 */
};

/* A head field of a response. */
struct http_field {
	const char *name;
	const char *value; /* printable ASCII, from us */
};

struct http_response {
	unsigned status;  /* 200 … 599 */
	const char *type; /* Content-Type, or NULL without a body */
	const struct http_field *fields;
	size_t fields_n;
	struct str body;
	bool is_static; /* @body stays for ever; else it is copied */
};

/* Who asks. */
struct http_peer {
	bool is_unix; /* @uid, @gid and @pid hold; else @addr */
	uid_t uid;    /* as the kernel tells (SO_PEERCRED) */
	gid_t gid;
	pid_t pid;
	struct addr addr;  /* TCP: the client, canonical: the socket's other
			     end, or whom a listed proxy names */
	bool is_secure;	   /* by TLS, to us or to a listed proxy */
	bool is_proxy;	   /* the socket's other end is a listed proxy … */
	bool is_forwarded; /* … and it has named the client */
};

/**
 * http_handler - answer a request: http_reply(), at once or later
 * @ctx  as given to http_start()
 * @r    request; alive until http_reply()
 */
typedef void http_handler(void *ctx, struct http_request *r);

/**
 * http_reply - answer a request
 * @r         request; no longer valid afterwards
 * @response  copied
 */
void http_reply(struct http_request *r, const struct http_response *response);

/**
 * http_method - what is asked for
 * @r  request
 *
 * Returns the method.
 */
enum http_method http_method(const struct http_request *r);

/**
 * http_path - the path, percent-decoded once, without the query
 * @r  request
 *
 * Returns it, beginning with '/', without NUL; borrowed.
 */
struct str http_path(const struct http_request *r);

/**
 * http_query - a value of the query, decoded
 * @r     request
 * @name  of the value
 * @ret   the first one of this name, borrowed; empty when it has no '='
 *
 * Returns true when there is one.
 */
bool http_query(
	const struct http_request *r, const char *name, struct str *ret);

/* Called by http_query_each(); a non-zero return stops it. */
typedef int http_on_pair(void *ctx, struct str name, struct str value);

/**
 * http_query_each - all values of the query, in order
 * @r    request
 * @fn   called for each; texts borrowed
 * @ctx  for @fn
 *
 * Returns 0, or what @fn returned.
 */
int http_query_each(const struct http_request *r, http_on_pair *fn, void *ctx);

/**
 * http_head - a field of the request's head
 * @r     request
 * @name  letter case doesn't matter
 * @ret   the first one of this name, borrowed
 *
 * Returns true when there is one.
 */
bool http_head(const struct http_request *r, const char *name, struct str *ret);

/**
 * http_body - the body
 * @r  request
 *
 * Returns it, or an empty run; borrowed.
 */
struct str http_body(const struct http_request *r);

/**
 * http_is_type - does the body claim to be of a media type?
 * @r     request
 * @type  "application/json"; parameters behind ';' don't matter
 *
 * Returns true when it does.
 */
bool http_is_type(const struct http_request *r, const char *type);

/**
 * http_peer - who asks
 * @r    request
 * @ret  filled
 *
 * Returns false when the kernel doesn't tell (the connection is gone).
 */
bool http_peer(const struct http_request *r, struct http_peer *ret);
