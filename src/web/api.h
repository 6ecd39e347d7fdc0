/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The HTTP API of a node, /api/v1.  The same handlers serve the Unix
 * socket of the command line and, with signing in, TCP.
 */

#include "base/json.h"
#include "http/request.h"
#include "node/node.h"
#include "node/source.h"

struct api;

struct api_config {
	struct node *node;
	const char *version;
	/* Adds members about hooks and listeners to GET /status, into an
	 * open object; or NULL. */
	void (*add_status)(void *ctx, struct json *j);
	/* Fills in the hooks, at most @max; returns how many; or NULL. */
	unsigned (*sources)(void *ctx, struct source *ret, unsigned max);
	void *ctx;
	const char *url; /* of the pages, without a slash at the end, or NULL */
};

enum {
	API_SOURCES_MAX = 64,
};

/* What may be larger than other bodies: a backup that comes back. */
#define API_LARGE_PATH "/api/v1/restore"
enum {
	API_LARGE_MAX = STORE_BACKUP_MAX,
};

/**
 * api_new - the API of a node
 * @config  copied; the node must outlive all requests
 *
 * Returns an API for api_free().
 */
struct api *api_new(const struct api_config *config);

/**
 * api_free - end it; no request may be under way
 * @a  API, or NULL
 */
void api_free(struct api *a);

/**
 * api_lacks_users - is there nobody yet who could sign in?
 * @a  API
 *
 * Returns true when setting up is still to be done; false also while
 * users are being read.
 */
bool api_lacks_users(const struct api *a);

/**
 * api_note - a row of the audit log about the daemon itself
 * @a       API
 * @action  "start" …
 *
 * While nothing can be stored there is none.
 */
void api_note(const struct api *a, const char *action);

/**
 * api_handle - answer a request: the handler for http_start()
 * @ctx  struct api
 * @r    request
 */
void api_handle(void *ctx, struct http_request *r);
