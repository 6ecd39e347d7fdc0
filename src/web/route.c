/* SPDX-License-Identifier: ISC */

#include "web/route.h"

#include <stdlib.h>

#include "base/mem.h"
#include "web/access.h"
#include "web/live.h"
#include "web/stream.h"

const struct route routes[] = {
	{ HTTP_GET, "/health", SCOPE_NONE, health_get, "", NULL },
	{ HTTP_GET, "/version", SCOPE_NONE, version_get, "", NULL },
	{ HTTP_GET, "/openapi.json", SCOPE_NONE, openapi_get, "", NULL },
	{ HTTP_GET, "/setup", SCOPE_NONE, setup_get, "", NULL },
	{ HTTP_POST, "/setup", SCOPE_NONE, setup_post, "",
		"token name password never mode " },
	{ HTTP_POST, "/setup/token", SCOPE_ADMIN, setup_token_post, "", "@" },
	{ HTTP_POST, "/session", SCOPE_NONE, session_post, "",
		"name password totp recovery " },
	{ HTTP_GET, "/session", SCOPE_NONE, session_show, "", NULL },
	{ HTTP_DELETE, "/session", SCOPE_SESSION, session_delete, "", NULL },
	{ HTTP_POST, "/session/reauth", SCOPE_SESSION, session_reauth, "",
		"password totp ", .is_quiet = true },
	{ HTTP_GET, "/me/sessions", SCOPE_SESSION, my_sessions_get, "", NULL },
	{ HTTP_DELETE, "/me/sessions/{id}", SCOPE_SESSION, my_session_delete,
		"", NULL },
	{ HTTP_GET, "/me", SCOPE_SESSION, me_get, "", NULL },
	{ HTTP_PATCH, "/me", SCOPE_SESSION, me_patch, "",
		"language theme density shortcuts time_zone ",
		.is_quiet = true },
	{ HTTP_POST, "/me/password", SCOPE_SESSION, my_password_post, "",
		"old new " },
	{ HTTP_POST, "/me/totp", SCOPE_SESSION, my_totp_post, "", "@",
		.needs_proof = true, .is_quiet = true },
	{ HTTP_PUT, "/me/totp", SCOPE_SESSION, my_totp_put, "", "code " },
	{ HTTP_DELETE, "/me/totp", SCOPE_SESSION, my_totp_delete, "", NULL,
		.needs_proof = true },
	{ HTTP_POST, "/me/recovery-codes", SCOPE_SESSION, my_recovery_post, "",
		"@", .needs_proof = true },
	{ HTTP_GET, "/users", SCOPE_ADMIN, users_get, "", NULL },
	{ HTTP_POST, "/users", SCOPE_ADMIN, users_post, "",
		"name role password ", .needs_proof = true },
	{ HTTP_GET, "/users/{id}", SCOPE_ADMIN, user_get, "", NULL },
	{ HTTP_PATCH, "/users/{id}", SCOPE_ADMIN, user_patch, "",
		"role disabled password totp ", .needs_proof = true },
	{ HTTP_DELETE, "/users/{id}", SCOPE_ADMIN, user_delete, "", NULL,
		.needs_proof = true },
	{ HTTP_GET, "/tokens", SCOPE_SESSION, tokens_get, "", NULL },
	{ HTTP_POST, "/tokens", SCOPE_SESSION, tokens_post, "",
		"name user scopes expires networks ", .needs_proof = true },
	{ HTTP_DELETE, "/tokens/{id}", SCOPE_SESSION, token_delete, "", NULL,
		.needs_proof = true },
	{ HTTP_GET, "/sessions", SCOPE_ADMIN, sessions_get, "", NULL },
	{ HTTP_DELETE, "/sessions/{id}", SCOPE_ADMIN, session_delete_any, "",
		NULL },
	{ HTTP_GET, "/audit", SCOPE_AUDIT_READ, audit_get,
		"q since until limit cursor ", NULL },
	{ HTTP_GET, "/audit/export", SCOPE_AUDIT_READ, audit_export,
		"format q since until ", NULL },
	{ HTTP_GET, "/audit/verify", SCOPE_AUDIT_READ, audit_verify_get, "",
		NULL },
	{ HTTP_GET, "/status", SCOPE_READ, status_get, "", NULL },
	{ HTTP_GET, "/addresses/{address}/explain", SCOPE_READ, explain_address,
		"component at self ", NULL },
	{ HTTP_POST, "/addresses/{address}/forgive", SCOPE_BLOCKS_WRITE,
		address_forgive, "", "" },
	{ HTTP_GET, "/addresses", SCOPE_READ, addresses_get, "near limit ",
		NULL },
	{ HTTP_GET, "/overview", SCOPE_READ, overview_get, "", NULL },
	{ HTTP_GET, "/metrics", SCOPE_READ, metrics_get, "", NULL },
	{ HTTP_GET, "/stream", SCOPE_READ, stream_get, "topics ", NULL },
	{ HTTP_GET, "/event-types", SCOPE_READ, event_types_get, "", NULL },
	{ HTTP_GET, "/stats/series", SCOPE_READ, series_get, "by from to step ",
		NULL },
	{ HTTP_GET, "/stats/top", SCOPE_READ, tops_get, "by since until limit ",
		NULL },
	{ HTTP_POST, "/parse", SCOPE_READ, parse_post, "", "line dialect " },
	{ HTTP_POST, "/blocks/preview", SCOPE_READ, block_preview, "",
		"address duration self " },
	{ HTTP_POST, "/never/preview", SCOPE_READ, never_preview, "",
		"address self " },
	{ HTTP_GET, "/blocks", SCOPE_READ, blocks_get,
		"q state address sort limit cursor ", NULL },
	{ HTTP_POST, "/blocks", SCOPE_BLOCKS_WRITE, blocks_post, "",
		"address duration note force self " },
	{ HTTP_DELETE, "/blocks", SCOPE_BLOCKS_WRITE, blocks_delete,
		"address within covering ", NULL },
	{ HTTP_GET, "/blocks/export", SCOPE_READ, blocks_export,
		"format q state ", NULL },
	{ HTTP_GET, "/blocks/{id}", SCOPE_READ, block_get, "", NULL },
	{ HTTP_POST, "/blocks/batch", SCOPE_BLOCKS_WRITE, blocks_batch, "",
		"op ids q duration note dry_run " },
	{ HTTP_POST, "/blocks/import", SCOPE_BLOCKS_WRITE, blocks_import,
		"force dry_run self ", "@" },
	{ HTTP_PATCH, "/blocks/{id}", SCOPE_BLOCKS_WRITE, block_patch, "",
		"duration note " },
	{ HTTP_DELETE, "/blocks/{id}", SCOPE_BLOCKS_WRITE, block_delete,
		"forgive never ", NULL },
	{ HTTP_GET, "/blocks/{id}/explain", SCOPE_READ, explain_block, "self ",
		NULL },
	{ HTTP_GET, "/blocked", SCOPE_READ, blocked_get, "address ", NULL },
	{ HTTP_GET, "/never", SCOPE_READ, never_get, "self ", NULL },
	{ HTTP_POST, "/never", SCOPE_NEVER_WRITE, never_post, "",
		"address note force " },
	{ HTTP_DELETE, "/never", SCOPE_NEVER_WRITE, never_delete, "address ",
		NULL },
	{ HTTP_GET, "/never/export", SCOPE_READ, never_export, "format ",
		NULL },
	{ HTTP_POST, "/never/import", SCOPE_NEVER_WRITE, never_import,
		"force dry_run self ", "@" },
	{ HTTP_PATCH, "/never/{id}", SCOPE_NEVER_WRITE, never_patch, "",
		"note " },
	{ HTTP_DELETE, "/never/{id}", SCOPE_NEVER_WRITE, never_delete_one, "",
		NULL },
	{ HTTP_GET, "/never/check", SCOPE_READ, never_check, "address ", NULL },
	{ HTTP_GET, "/accounts", SCOPE_READ, accounts_get,
		"state limit cursor ", NULL },
	{ HTTP_GET, "/accounts/{account}", SCOPE_READ, account_get, "", NULL },
	{ HTTP_DELETE, "/accounts/{account}/lock", SCOPE_ACCOUNTS_WRITE,
		account_delete_lock, "address ", NULL },
	{ HTTP_GET, "/events", SCOPE_READ, events_get,
		"q address kind account service source since until limit "
		"cursor after ",
		NULL },
	{ HTTP_GET, "/events/export", SCOPE_READ, events_export,
		"format q since until ", NULL },
	{ HTTP_GET, "/events/facets", SCOPE_READ, facets_get, "field q ",
		NULL },
	{ HTTP_GET, "/events/{id}", SCOPE_READ, event_get, "", NULL },
	{ HTTP_POST, "/events", SCOPE_EVENTS_INGEST, events_post, "",
		"events address kind time account service session source "
		"helo detail count " },
	{ HTTP_GET, "/settings", SCOPE_READ, settings_get, "", NULL },
	{ HTTP_PATCH, "/settings", SCOPE_CONFIG_WRITE, settings_patch,
		"dry_run ", "*" },
	{ HTTP_GET, "/backup", SCOPE_ADMIN, backup_get, "", NULL },
	{ HTTP_POST, "/restore", SCOPE_ADMIN, restore_post, "", "@" },
	{ HTTP_GET, "/settings/history", SCOPE_READ, settings_history,
		"name limit cursor ", NULL },
	{ HTTP_POST, "/settings/rollback", SCOPE_CONFIG_WRITE,
		settings_rollback, "", "id note ", .needs_proof = true },
};

const unsigned routes_n = ARRAY_LEN(routes);

static const char *const method_names[HTTP_METHODS] = {
	[HTTP_GET] = "GET",
	[HTTP_HEAD] = "HEAD",
	[HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT",
	[HTTP_PATCH] = "PATCH",
	[HTTP_DELETE] = "DELETE",
};

struct api *
api_new(const struct api_config *config)
{
	struct api *a = mem_alloc(1, sizeof(*a));

	a->config = *config;
	a->access = access_new(config->node);
	a->live = live_new(a);
	a->streams = streams_new(a);
	return a;
}

void
api_free(struct api *a)
{
	if (!a)
		return;
	streams_free(a->streams);
	live_free(a->live);
	access_free(a->access);
	free(a);
}

unsigned
api_sources(const struct api *a, struct source *ret)
{
	const struct api_config *c = &a->config;

	return c->sources ? c->sources(c->ctx, ret, API_SOURCES_MAX) : 0;
}

bool
api_lacks_users(const struct api *a)
{
	return a->access->is_loaded && !a->access->users;
}

const char *
route_method_name(enum http_method m)
{
	return method_names[m];
}

bool
route_match(const char *path, struct str asked, struct str *ret_part)
{
	struct str name, tail;
	size_t i = 0;

	*ret_part = (struct str){ 0 };
	/* Most rows differ in one of the first bytes. */
	while (i < asked.n && path[i] == asked.p[i] && path[i] != '{')
		i++;
	if (path[i] != '{')
		return i == asked.n && !path[i];
	str_cut(str_of(path + i + 1), '}', &name, &tail);
	asked = str_from(asked, i);
	if (!str_ends(asked, tail))
		return false;
	asked.n -= tail.n;
	*ret_part = asked;
	/* The name of an account may hold any byte. */
	return asked.n &&
	       (str_eq(name, S("account")) || !memchr(asked.p, '/', asked.n));
}

/* Names that a request uses against those that its route takes. */
struct names {
	const char *known;
	struct buf bad; /* the first one that isn't known, quoted */
};

static void
names_fini(struct names *n)
{
	buf_free(&n->bad);
}

static int
check_name(struct names *n, struct str name)
{
	struct str known = str_of(n->known), word;

	while (known.n) {
		str_cut(known, ' ', &word, &known);
		if (str_eq(word, name))
			return 0;
	}
	json_quote(&n->bad, name);
	return 1;
}

static int
on_query(void *ctx, struct str name, struct str value)
{
	(void)value;
	return check_name(ctx, name);
}

static int
on_member(void *ctx, struct str name, const struct json_t *value)
{
	(void)value;
	return check_name(ctx, name);
}

static bool
check_query(struct ask *a)
{
	struct names n CLEANUP(names_fini) = { .known = a->route->query };

	if (http_query_each(a->request, on_query, &n) == 0)
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"unknown parameter %s; expected: %s", buf_text(&n.bad),
		*n.known ? n.known : "none");
	return false;
}

static bool
check_body(struct ask *a)
{
	struct names n CLEANUP(names_fini) = { .known = a->route->body };
	struct err err;

	if (!n.known || *n.known == '@')
		return true;
	if (!http_is_type(a->request, "application/json")) {
		ask_fail(a, PROBLEM_MEDIA_TYPE, NULL,
			"Content-Type must be application/json");
		return false;
	}
	a->body = json_in_object(http_body(a->request), &err);
	if (!a->body) {
		ask_fail(a, PROBLEM_BAD_REQUEST, "#", "%s", err.text);
		return false;
	}
	if (*n.known == '*' || json_in_each(a->body, on_member, &n) == 0)
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, "#", "unknown member %s; expected: %s",
		buf_text(&n.bad), n.known);
	return false;
}

/* Until the lists are in memory nothing true can be said about them, and
 * a change would get a number that is taken. */
static bool
is_early(const struct ask *a)
{
	route_handler *handle = a->route->handle;
	struct node_stats s;

	if (node_is_loaded(a->node) || handle == status_get ||
		handle == metrics_get || handle == events_post ||
		a->route->scope == SCOPE_NONE)
		return false;
	/* During a restore the old lists are there to be read. */
	node_stats(a->node, &s);
	return !s.is_loaded || a->route->scope != SCOPE_READ;
}

static void
serve(struct ask *a)
{
	if (is_early(a)) {
		ask_fail(a, PROBLEM_LOADING, NULL,
			"the daemon is starting or restoring: lists and events "
			"are being read; try again in a moment");
		return;
	}
	access_identify(a);
	if (access_is_allowed(a) && check_query(a) && check_body(a))
		a->route->handle(a);
}

void
api_handle(void *ctx, struct http_request *r)
{
	struct ask *a = ask_new(ctx, r);
	struct str path = http_path(r);
	enum http_method method = http_method(r);
	struct buf allow CLEANUP(buf_free) = { 0 };
	/* Where Prometheus looks unless it is told otherwise. */
	bool is_api = str_take(&path, S("/api/v1")) ||
		      str_eq(path, S("/metrics"));

	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (unsigned i = 0; is_api && i < routes_n && !a->route; i++) {
		if (!route_match(routes[i].path, path, &a->id))
			continue;
		if (routes[i].method == method)
			a->route = &routes[i];
		else
			buf_printf(&allow, "%s%s", allow.n ? ", " : "",
				method_names[routes[i].method]);
	}
	if (a->route) {
		serve(a);
	} else if (allow.n) {
		a->hint = buf_text(&allow);
		ask_fail(a, PROBLEM_METHOD, NULL,
			"the path takes another method: %s", a->hint);
	} else {
		a->hint =
			"\"brattice help COMMAND\" shows the request of a command.";
		ask_fail(a, PROBLEM_NOT_FOUND, NULL, "no such path");
	}
}
