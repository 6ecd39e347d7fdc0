/* SPDX-License-Identifier: ISC */

/*
 * Who asks: the Unix socket's peer, a cookie, or a token; and whether they
 * may.  Nothing of it is ever taken from the query.
 */

#include <pwd.h>
#include <sodium.h>
#include <stdio.h>

#include "sys/secret.h"
#include "web/access.h"
#include "web/route.h"

enum {
	KEEP_EVERY_S = 60, /* how exactly "last seen" is stored */
};

const char *const role_names[ROLES] = { "viewer", "operator", "admin" };

#define BIT(s) (1U << (SCOPE_##s))

static const struct {
	const char *name;
	uint32_t bit;
} scopes[] = {
	{ "read", BIT(READ) },
	{ "blocks:write", BIT(BLOCKS_WRITE) },
	{ "never:write", BIT(NEVER_WRITE) },
	{ "accounts:write", BIT(ACCOUNTS_WRITE) },
	{ "events:ingest", BIT(EVENTS_INGEST) },
	{ "config:write", BIT(CONFIG_WRITE) },
	{ "audit:read", BIT(AUDIT_READ) },
	{ "admin", BIT(ADMIN) },
};

uint32_t
access_scopes(unsigned role)
{
	static const uint32_t of[ROLES] = {
		[ROLE_VIEWER] = BIT(READ),
		[ROLE_OPERATOR] = BIT(READ) | BIT(BLOCKS_WRITE) |
				  BIT(NEVER_WRITE) | BIT(ACCOUNTS_WRITE),
		[ROLE_ADMIN] = BIT(READ) | BIT(BLOCKS_WRITE) |
			       BIT(NEVER_WRITE) | BIT(ACCOUNTS_WRITE) |
			       BIT(EVENTS_INGEST) | BIT(CONFIG_WRITE) |
			       BIT(AUDIT_READ) | BIT(ADMIN),
	};

	return role < ROLES ? of[role] : 0;
}

void
access_add_scopes(struct json *j, uint32_t bits)
{
	json_open(j, '[');
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		if (bits & scopes[i].bit)
			json_str(j, str_of(scopes[i].name));
	}
	json_close(j, ']');
}

uint32_t
access_scope_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		if (str_eq(str_of(scopes[i].name), name))
			return scopes[i].bit;
	}
	return 0;
}

void
access_secret(char ret[SECRET_TEXT_MAX])
{
	unsigned char bytes[SECRET_BYTES];

	secret_fill(bytes, sizeof(bytes));
	sodium_bin2base64(ret, SECRET_TEXT_MAX, bytes, sizeof(bytes),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	crypt_forget(bytes, sizeof(bytes));
}

void
access_csrf(struct str secret, char ret[SECRET_TEXT_MAX])
{
	uint8_t digest[CRYPT_DIGEST];

	crypt_digest_join(S("csrf:"), secret, digest);
	sodium_bin2base64(ret, SECRET_TEXT_MAX, digest, sizeof(digest),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* The name of a Unix user, from the local file only: a directory service
 * may keep us waiting. */
static void
name_user(uid_t uid, char *to, size_t n)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *p = NULL;

	snprintf(to, n, "uid %lu", (unsigned long)uid);
	while (f && (p = fgetpwent(f))) {
		if (p->pw_uid != uid)
			continue;
		snprintf(to, n, "%s", p->pw_name);
		break;
	}
	if (f)
		fclose(f);
}

/* The only cookie of this name; two of them are none. */
static bool
find_cookie(const struct ask *a, struct str *ret)
{
	struct str name = a->is_secure ? S("__Host-brattice") : S("brattice");
	struct str rest, part, key, value;
	unsigned n = 0;

	if (!http_head(a->request, "Cookie", &rest))
		return false;
	while (rest.n) {
		str_cut(rest, ';', &part, &rest);
		if (!str_cut(str_trim(part), '=', &key, &value) ||
			!str_eq(key, name))
			continue;
		*ret = value;
		n++;
	}
	return n == 1 && ret->n > 0;
}

static void
take_user(struct ask *a, const struct access_user *u, enum via via)
{
	a->via = via;
	a->user = u->row.id;
	a->lacks_totp = access_lacks_totp(a, &u->row);
	a->scopes = a->lacks_totp ? 0 : access_scopes(u->row.role);
	snprintf(a->by, sizeof(a->by), "%s", u->row.name);
}

static void
by_cookie(struct ask *a, struct str secret)
{
	struct access *x = a->api->access;
	struct access_session *s = x->sessions;
	const struct access_user *u;
	uint8_t digest[CRYPT_DIGEST];

	crypt_digest(secret, digest);
	while (s && !crypt_equal(s->row.secret, digest, sizeof(digest)))
		s = s->next;
	if (!s || !access_session_get(x, s->row.id))
		return;
	u = access_user_get(x, s->row.user);
	if (!u || u->row.is_disabled)
		return;
	take_user(a, u, VIA_WEB);
	a->scopes |= BIT(SESSION);
	a->session = s->row.id;
	access_csrf(secret, a->csrf);
	s->row.seen = node_now(a->node);
	if (s->row.seen < s->kept + KEEP_EVERY_S)
		return;
	s->kept = s->row.seen;
	node_keep(a->node, &(struct store_access){ .op = ACCESS_SESSION_SET,
				   .session = s->row });
}

/* May this token be used from here, now? */
static bool
is_usable(const struct ask *a, const struct store_token *t)
{
	struct prefix from = addr_prefix(&a->addr, ADDR_BITS);
	bool is_near = t->networks_n == 0;

	for (unsigned i = 0; i < t->networks_n; i++)
		is_near |= prefix_covers(&t->networks[i], &from);
	return is_near && node_now(a->node) < t->expires;
}

static void
by_token(struct ask *a, struct str secret)
{
	struct access *x = a->api->access;
	struct access_token *t = x->tokens;
	const struct access_user *u;
	uint8_t digest[CRYPT_DIGEST];

	crypt_digest(secret, digest);
	while (t && !crypt_equal(t->row.secret, digest, sizeof(digest)))
		t = t->next;
	u = t ? access_user_get(x, t->row.user) : NULL;
	if (!u || u->row.is_disabled || !is_usable(a, &t->row))
		return;
	take_user(a, u, VIA_TOKEN);
	a->scopes &= t->row.scopes;
	a->token = t->row.id;
	t->row.used = node_now(a->node);
	if (t->row.used < t->kept + KEEP_EVERY_S)
		return;
	t->kept = t->row.used;
	node_keep(a->node, &(struct store_access){
				   .op = ACCESS_TOKEN_SET, .token = t->row });
}

void
access_identify(struct ask *a)
{
	struct http_peer peer;
	struct str text;

	if (!http_peer(a->request, &peer))
		return;
	if (peer.is_unix) {
		/* Whoever may open the Unix socket may do everything: its
		 * mode and group are in the wiring. */
		a->via = VIA_SOCKET;
		a->scopes = access_scopes(ROLE_ADMIN) | BIT(SESSION);
		if (a->route->scope != SCOPE_READ &&
			a->route->scope != SCOPE_NONE)
			name_user(peer.uid, a->by, sizeof(a->by));
		return;
	}
	a->addr = peer.addr;
	a->is_secure = peer.is_secure;
	if (!a->api->access->is_loaded)
		return;
	if (http_head(a->request, "Authorization", &text)) {
		if (str_take(&text, S("Bearer ")))
			by_token(a, str_trim(text));
	} else if (find_cookie(a, &text)) {
		by_cookie(a, text);
	}
}

const char *
access_role(const struct ask *a)
{
	const struct access_user *u = access_user_get(a->api->access, a->user);

	if (a->via == VIA_SOCKET)
		return role_names[ROLE_ADMIN];
	return role_names[u ? u->row.role : ROLE_VIEWER];
}

/* What the session or token of a request is good for now; 0: it is over. */
static uint32_t
scopes_now(const struct ask *a)
{
	struct access *x = a->api->access;
	const struct access_user *u = access_user_get(x, a->user);
	const struct access_token *t = x->tokens;

	if (!u || u->row.is_disabled)
		return 0;
	if (a->via == VIA_WEB)
		return access_session_get(x, a->session)
			       ? access_scopes(u->row.role) | BIT(SESSION)
			       : 0;
	while (t && t->row.id != a->token)
		t = t->next;
	return t && is_usable(a, &t->row)
		       ? access_scopes(u->row.role) & t->row.scopes
		       : 0;
}

const char *
access_lost(const struct ask *a)
{
	uint32_t now;

	if (a->via == VIA_SOCKET || !a->api->access->is_loaded)
		return NULL;
	now = scopes_now(a);
	if (!now)
		return "session-ended";
	return now == a->scopes ? NULL : "rights-changed";
}

/* --- may they? ------------------------------------------------------------------- */

static bool
is_write(const struct ask *a)
{
	return a->route->method != HTTP_GET;
}

/* Does a page of ours ask?  What says nothing is no browser. */
static bool
is_same_origin(const struct ask *a, bool must_say)
{
	struct str site, origin, host, scheme, rest;
	bool says_site = http_head(a->request, "Sec-Fetch-Site", &site);
	bool says_origin = http_head(a->request, "Origin", &origin);

	if (says_site && !str_eq(site, S("same-origin")))
		return false;
	if (says_origin) {
		if (!http_head(a->request, "Host", &host) ||
			!str_cut(origin, ':', &scheme, &rest) ||
			!str_take(&rest, S("//")) || !str_eq_case(rest, host))
			return false;
	}
	return says_site || says_origin || !must_say;
}

static bool
is_from_us(struct ask *a)
{
	bool by_cookie = a->via == VIA_WEB && a->route->scope != SCOPE_NONE;
	struct str told;

	if (!is_write(a) || a->via == VIA_SOCKET || a->via == VIA_TOKEN)
		return true;
	if (!is_same_origin(a, by_cookie)) {
		ask_fail(a, PROBLEM_CSRF, NULL,
			"the request comes from a page of another site; "
			"expected Sec-Fetch-Site: same-origin or this site as "
			"Origin");
		return false;
	}
	if (!by_cookie)
		return true;
	if (http_head(a->request, "X-CSRF-Token", &told) &&
		told.n == strlen(a->csrf) &&
		crypt_equal(told.p, a->csrf, told.n))
		return true;
	ask_fail(a, PROBLEM_CSRF, NULL,
		"X-CSRF-Token is missing or wrong; GET /session has it as "
		"\"csrf\"");
	return false;
}

static bool
has_proof(struct ask *a)
{
	const struct access_session *s;

	if (!a->route->needs_proof || a->via != VIA_WEB)
		return true;
	s = access_session_get(a->api->access, a->session);
	if (s && node_now(a->node) < s->row.proven + SESSION_PROOF_S)
		return true;
	ask_fail(a, PROBLEM_REAUTH, NULL,
		"this needs the password again: it was given more than %d "
		"minutes ago",
		SESSION_PROOF_S / 60);
	return false;
}

bool
access_is_allowed(struct ask *a)
{
	enum scope scope = a->route->scope;

	if (!is_from_us(a))
		return false;
	if (scope == SCOPE_NONE)
		return true;
	if (a->via == VIA_NOBODY) {
		ask_fail(a, PROBLEM_UNAUTHENTICATED, NULL,
			"sign in, or send a token that is valid");
		return false;
	}
	if (!(a->scopes & 1U << scope) && a->lacks_totp) {
		ask_fail(a, PROBLEM_TOTP_SETUP, NULL,
			"%s must have a second factor and has none: set one up "
			"first",
			a->by);
		return false;
	}
	if (!(a->scopes & 1U << scope)) {
		ask_fail(a, PROBLEM_FORBIDDEN, NULL,
			"%s may not do this: the role or the token does not "
			"include it",
			a->by);
		return false;
	}
	return has_proof(a);
}

const char *
route_scope_name(enum scope s)
{
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		if (scopes[i].bit == 1U << s)
			return scopes[i].name;
	}
	return s == SCOPE_NONE ? "none" : "session";
}
