/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The table of routes: nothing is served that has no row here.
 */

#include "web/ask.h"

enum scope {
	SCOPE_NONE,    /* anybody */
	SCOPE_SESSION, /* anybody who is signed in, no token */
	SCOPE_READ,
	SCOPE_BLOCKS_WRITE,
	SCOPE_NEVER_WRITE,
	SCOPE_ACCOUNTS_WRITE,
	SCOPE_EVENTS_INGEST,
	SCOPE_CONFIG_WRITE,
	SCOPE_AUDIT_READ,
	SCOPE_ADMIN,
};

/* Begins to answer; ends the request now or later. */
typedef void route_handler(struct ask *a);

struct route {
	enum http_method method;
	const char *path; /* behind /api/v1; at most one {…} */
	enum scope scope;
	route_handler *handle;
	const char *query; /* names it takes, each followed by a blank */
	const char *body;  /* members its body may have, likewise; "*": it
			      looks itself; "@": it isn't JSON; NULL: it
			      has no body */
	bool needs_proof;  /* the password within 10 minutes */
	bool is_quiet;	   /* writes nothing that is worth a row of audit */
};

extern const struct route routes[];
extern const unsigned routes_n;

/**
 * route_match - does a path fit a template?
 * @path      "/addresses/{address}/explain"
 * @asked     "/addresses/192.0.2.1/explain"
 * @ret_part  what stands for {…}; empty when there is none
 *
 * Returns true when it does.
 */
bool route_match(const char *path, struct str asked, struct str *ret_part);

/**
 * ask_may - may they do what takes another scope than the route's?
 * @a  request; on failure it is ended
 * @s  scope
 *
 * Returns false when they may not: answered.
 */
bool ask_may(struct ask *a, enum scope s);

/**
 * route_method_name - a method as it is written
 * @m  method
 *
 * Returns "GET" …
 */
const char *route_method_name(enum http_method m);

/**
 * route_scope_name - a scope as tokens name it
 * @s  scope
 *
 * Returns "blocks:write" …, also "none" and "session".
 */
const char *route_scope_name(enum scope s);

route_handler setup_get, setup_post, setup_token_post;
route_handler session_show, session_post, session_delete, session_reauth;
route_handler sessions_get, session_delete_any;
route_handler users_get, users_post, user_get, user_patch, user_delete;
route_handler tokens_get, tokens_post, token_delete;
route_handler me_get, me_patch, my_password_post;
route_handler my_totp_post, my_totp_put, my_totp_delete, my_recovery_post;
route_handler my_sessions_get, my_session_delete;
route_handler audit_get, audit_export, audit_verify_get;
route_handler status_get, health_get, version_get, openapi_get;
route_handler blocks_get, block_get, blocks_post, blocks_delete, block_delete;
route_handler facets_get, events_export, blocks_export, never_export;
route_handler block_patch, blocks_batch, blocks_import;
route_handler never_patch, never_delete_one, never_import;
route_handler blocked_get, explain_address, explain_block;
route_handler address_forgive;
route_handler never_get, never_post, never_delete, never_check;
route_handler accounts_get, account_get, account_delete_lock;
route_handler events_get, events_post, event_get;
route_handler backup_get, restore_post;
route_handler addresses_get, overview_get, event_types_get;
route_handler series_get, tops_get, stream_get, metrics_get;
route_handler block_preview, never_preview, parse_post;
route_handler settings_get, settings_patch, settings_history, settings_rollback;
