/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One request under way: what was asked, by whom, and the answer as it
 * grows.  It ends by ask_reply() or ask_fail(), once.
 */

#include "base/arena.h"
#include "base/def.h"
#include "base/json.h"
#include "http/json_in.h"
#include "web/api.h"

struct route;

struct access;
struct live;
struct streams;

struct api {
	struct api_config config;
	struct access *access;
	struct live *live;
	struct streams *streams;
};

/**
 * api_sources - the hooks that run, or should
 * @api  API
 * @ret  room for API_SOURCES_MAX
 *
 * Returns how many there are.
 */
unsigned api_sources(const struct api *api, struct source *ret);

/* By which door somebody came. */
enum via {
	VIA_NOBODY,
	VIA_WEB, /* a session */
	VIA_TOKEN,
	VIA_SOCKET,
};

struct ask {
	const struct api *api;
	struct node *node; /* of @api */
	struct http_request *request;
	const struct route *route;
	struct str id;		/* what stood for {…} in the path */
	struct json_t *body;	/* an object, or NULL */
	struct arena arena;	/* all that lives as long as this */
	struct buf text;	/* the answer's body … */
	struct json out;	/* … and its writer */
	const char *hint;	/* what to do about a failure, or NULL */
	void *state;		/* the handler's own, in @arena */
	char by[64];		/* who */
	enum via via;		/* by which door */
	uint64_t user, session; /* numbers, or 0 */
	uint64_t token;		/* likewise */
	bool lacks_totp;	/* must set up a second factor first */
	uint32_t scopes;	/* what they may, bits 1 << enum scope */
	struct addr addr;	/* where from, but for VIA_SOCKET … */
	bool is_secure;		/* … and by TLS */
	char csrf[64];		/* what the session's writes show */
	char cookie[160];	/* to be set, or "" */
	char etag[32];		/* of what is answered, or "" */
	unsigned retry_s;	/* of a failure that passes, or 0 */
	bool is_audited;	/* has its row in the audit log */
	unsigned status;	/* of the answer when all is durable */
	unsigned pending;	/* changes that aren't durable yet */
	struct err failed;	/* the first change that couldn't be stored */
	bool is_reading;	/* @query is under way */
	bool has_ended;		/* of a stream: free it then */
	const struct ask_source *source; /* of a stream, or NULL */
	struct node_query query;
	struct {
		void (*read)(struct ask *a, struct store *store,
			struct store_reader *events);
		void (*done)(struct ask *a);
	} steps; /* of @query */
};

/* Kinds of failure: the API's "code". */
enum problem {
	PROBLEM_BAD_REQUEST,
	PROBLEM_VALIDATION,
	PROBLEM_UNAUTHENTICATED,
	PROBLEM_TOTP,
	PROBLEM_TOTP_SETUP,
	PROBLEM_REAUTH,
	PROBLEM_CSRF,
	PROBLEM_FORBIDDEN,
	PROBLEM_ATTEMPTS,
	PROBLEM_STREAMS,
	PROBLEM_SETUP,
	PROBLEM_UNSEEN,
	PROBLEM_OLD,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	PROBLEM_MEDIA_TYPE,
	PROBLEM_SELF,
	PROBLEM_WIDE,
	PROBLEM_NEVER,
	PROBLEM_EXISTS,
	PROBLEM_COVERED,
	PROBLEM_BUDGET,
	PROBLEM_LOADING,
	PROBLEM_INTERNAL,
	PROBLEMS,
};

/**
 * ask_new - begin
 * @api  API
 * @r    request
 *
 * Returns a request under way.
 */
struct ask *ask_new(const struct api *api, struct http_request *r);

/**
 * ask_reply - send what was written, and end
 * @a       request, no longer valid afterwards
 * @status  200 … 299
 */
void ask_reply(struct ask *a, unsigned status);

/**
 * ask_reply_as - the same of another type than JSON
 * @a       request, no longer valid afterwards
 * @status  200 … 299
 * @type    media type
 */
void ask_reply_as(struct ask *a, unsigned status, const char *type);

/**
 * ask_fail - send a failure instead (RFC 9457), and end
 * @a        request, no longer valid afterwards; its hint is sent
 * @p        kind
 * @pointer  member at fault, "#/address", or NULL
 * @fmt      what happened, what was expected; as printf
 */
void ask_fail(struct ask *a, enum problem p, const char *pointer,
	const char *fmt, ...) PRINTF_LIKE(4, 5);

/**
 * ask_free - give the memory of a request back, its source first
 * @a  request that is answered
 */
void ask_free(struct ask *a);

/**
 * ask_hold - one more change must become durable before the answer
 * @a  request
 */
void ask_hold(struct ask *a);

/**
 * ask_on_done - node_on_done for these changes; the last one answers
 * @ctx     request
 * @failed  why it couldn't be stored, or NULL
 */
void ask_on_done(void *ctx, const struct err *failed);

/* In the storage thread: may write the answer, must not end it. */
typedef void ask_reader(
	struct ask *a, struct store *store, struct store_reader *events);

/* In the loop: ends it. */
typedef void ask_ender(struct ask *a);

/**
 * ask_read - look into the store, away from the loop
 * @a     request
 * @read  in the storage thread; may write the answer, must not end it
 * @done  in the loop; ends it
 */
void ask_read(struct ask *a, ask_reader *read, ask_ender *done);

/**
 * ask_search - look into the event log for as long as a search may take
 * @a     request
 * @read  in a thread that gets no store; may write the answer, must not
 *        end it
 * @done  in the loop; ends it
 */
void ask_search(struct ask *a, ask_reader *read, ask_ender *done);

/**
 * ask_pause - let others have their turn, then go on
 * @a   request
 * @fn  in the loop
 */
void ask_pause(struct ask *a, ask_ender *fn);

/**
 * ask_total - the member "total" of a list
 * @a         request, in an open object
 * @n         rows there are
 * @is_exact  or that there are at least
 */
void ask_total(struct ask *a, uint64_t n, bool is_exact);

/**
 * ask_page_end - close the open array and object of a page, and answer
 * @a     request, no longer valid afterwards
 * @next  number of the last row when there are more, or 0
 */
void ask_page_end(struct ask *a, uint64_t next);

/**
 * ask_time - a time in the query
 * @a     request; on failure it is ended
 * @name  of the value
 * @ret   the time; untouched when it isn't given
 *
 * Returns false when it is wrong: answered.
 */
bool ask_time(struct ask *a, const char *name, int64_t *ret);

/**
 * ask_prefix - the address or CIDR in the query or body
 * @a    request; on failure it is ended
 * @ret  the prefix
 *
 * Returns false when there is none or it is wrong: answered.
 */
bool ask_prefix(struct ask *a, struct prefix *ret);

/**
 * ask_addr - the single address in the query
 * @a    request; on failure it is ended
 * @s    text
 * @ret  the address
 *
 * Returns false when it is none: answered.
 */
bool ask_addr(struct ask *a, struct str s, struct addr *ret);

/**
 * ask_flag - is a flag set in the query?
 * @a     request
 * @name  of the value
 *
 * Returns true when it is there and not "false" or "0".
 */
bool ask_flag(const struct ask *a, const char *name);

/* A whole number of the query. */
struct ask_number {
	const char *name;
	int64_t min, max, initial;
};

/**
 * ask_int - a number of the query
 * @a    request; on failure it is ended
 * @n    name, range, and what it is when it isn't given
 * @ret  the number
 *
 * Returns false when it is wrong: answered.
 */
bool ask_int(struct ask *a, const struct ask_number *n, int64_t *ret);

/**
 * ask_id - the number in the path
 * @a    request; on failure it is ended
 * @ret  the number
 *
 * Returns false when it is none: answered.
 */
bool ask_id(struct ask *a, uint64_t *ret);

/**
 * ask_name - the name of a user or token in the body
 * @a    request; on failure it is ended
 * @ret  1 … 63 printable bytes; borrowed from the body
 *
 * Returns false when it is wrong: answered.
 */
bool ask_name(struct ask *a, struct str *ret);
