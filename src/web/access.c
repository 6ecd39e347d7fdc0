/* SPDX-License-Identifier: ISC */

/* Users, sessions and tokens in memory, and through to the store. */

#include "web/access.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sys/log.h"

/* --- reading, in the storage thread ----------------------------------------- */

static int
on_row(void *ctx, const struct store_access *row)
{
	struct access *x = ctx;

	if (row->op == ACCESS_USER_SET) {
		struct access_user *u = mem_alloc(1, sizeof(*u));

		u->row = row->user;
		u->next = x->fresh_users;
		x->fresh_users = u;
	} else if (row->op == ACCESS_SESSION_SET) {
		struct access_session *s = mem_alloc(1, sizeof(*s));

		s->row = row->session;
		s->kept = s->row.seen;
		s->next = x->fresh_sessions;
		x->fresh_sessions = s;
	} else {
		struct access_token *t = mem_alloc(1, sizeof(*t));

		t->row = row->token;
		t->kept = t->row.used;
		t->next = x->fresh_tokens;
		x->fresh_tokens = t;
	}
	return 0;
}

static void
on_read(struct node_query *q, struct store *store, struct store_reader *events)
{
	struct access *x = CONTAINER_OF(q, struct access, query);

	(void)events;
	x->trouble.text[0] = '\0';
	if (access_load(store, on_row, x, &x->trouble) == 0)
		x->trouble.text[0] = '\0';
}

/* --- in the loop --------------------------------------------------------------- */

static void
forget(struct access *x)
{
	struct access_user *u = x->users;
	struct access_session *s = x->sessions;
	struct access_token *t = x->tokens;

	for (struct access_user *next; u; u = next) {
		next = u->next;
		crypt_forget(u, sizeof(*u));
		free(u);
	}
	for (struct access_session *next; s; s = next) {
		next = s->next;
		free(s);
	}
	for (struct access_token *next; t; t = next) {
		next = t->next;
		free(t);
	}
	x->users = NULL;
	x->sessions = NULL;
	x->tokens = NULL;
}

static void
keep_above(uint64_t *last, uint64_t id)
{
	if (*last < id)
		*last = id;
}

static void
on_done(struct node_query *q)
{
	struct access *x = CONTAINER_OF(q, struct access, query);

	forget(x);
	x->users = x->fresh_users;
	x->sessions = x->fresh_sessions;
	x->tokens = x->fresh_tokens;
	x->fresh_users = NULL;
	x->fresh_sessions = NULL;
	x->fresh_tokens = NULL;
	for (struct access_user *u = x->users; u; u = u->next)
		keep_above(&x->last_user, u->row.id);
	for (struct access_session *s = x->sessions; s; s = s->next)
		keep_above(&x->last_session, s->row.id);
	for (struct access_token *t = x->tokens; t; t = t->next)
		keep_above(&x->last_token, t->row.id);
	x->is_loaded = !*x->trouble.text;
	if (!x->is_loaded)
		log_line(LOG_LEVEL_ERROR, "access.trouble",
			"%s; only the Unix socket is served", x->trouble.text);
}

void
access_reload(struct access *x)
{
	x->is_loaded = false;
	x->query = (struct node_query){ .read = on_read, .done = on_done };
	node_read(x->node, &x->query);
}

struct access *
access_new(struct node *node)
{
	struct access *x = mem_alloc(1, sizeof(*x));

	x->node = node;
	access_reload(x);
	return x;
}

void
access_free(struct access *x)
{
	if (!x)
		return;
	forget(x);
	free(x);
}

/* --- users ------------------------------------------------------------------------ */

struct access_user *
access_user_find(struct access *x, struct str name)
{
	struct access_user *u = x->users;

	while (u && !str_eq(str_of(u->row.name), name))
		u = u->next;
	return u;
}

struct access_user *
access_user_get(struct access *x, uint64_t id)
{
	struct access_user *u = x->users;

	while (u && u->row.id != id)
		u = u->next;
	return u;
}

struct access_user *
access_user_save(struct access *x, const struct store_user *row)
{
	struct access_user *u = row->id ? access_user_get(x, row->id) : NULL;

	if (!u) {
		u = mem_alloc(1, sizeof(*u));
		u->next = x->users;
		x->users = u;
		u->row = *row;
		u->row.id = ++x->last_user;
		u->row.version = 1;
	} else {
		u->row = *row;
	}
	node_keep(x->node, &(struct store_access){
				   .op = ACCESS_USER_SET, .user = u->row });
	return u;
}

void
access_user_delete(struct access *x, uint64_t id)
{
	struct access_user **at = &x->users, *u;

	access_sessions_end(x, id, 0);
	for (struct access_token *t = x->tokens, *next; t; t = next) {
		next = t->next;
		if (t->row.user == id)
			access_token_delete(x, t->row.id);
	}
	while (*at && (*at)->row.id != id)
		at = &(*at)->next;
	u = *at;
	if (!u)
		return;
	node_keep(x->node, &(struct store_access){ .op = ACCESS_USER_DELETE,
				   .user = { .id = id } });
	*at = u->next;
	crypt_forget(u, sizeof(*u));
	free(u);
}

/* --- sessions ------------------------------------------------------------------------ */

static void
keep_session(struct access *x, struct access_session *s)
{
	s->kept = s->row.seen;
	node_keep(x->node, &(struct store_access){ .op = ACCESS_SESSION_SET,
				   .session = s->row });
}

bool
access_session_delete(struct access *x, uint64_t id)
{
	struct access_session **at = &x->sessions, *s;

	while (*at && (*at)->row.id != id)
		at = &(*at)->next;
	s = *at;
	if (!s)
		return false;
	node_keep(x->node, &(struct store_access){ .op = ACCESS_SESSION_DELETE,
				   .session = { .id = id } });
	*at = s->next;
	free(s);
	return true;
}

void
access_sessions_end(struct access *x, uint64_t user, uint64_t except)
{
	for (struct access_session *s = x->sessions, *next; s; s = next) {
		next = s->next;
		if (s->row.user == user && s->row.id != except)
			(void)access_session_delete(x, s->row.id);
	}
}

/* Over by time? */
static bool
is_over(const struct access_session *s, int64_t now)
{
	return now >= s->row.created + SESSION_LIFE_S ||
	       now >= s->row.seen + SESSION_IDLE_S;
}

struct access_session *
access_session_get(struct access *x, uint64_t id)
{
	struct access_session *s = x->sessions;

	while (s && s->row.id != id)
		s = s->next;
	return s && !is_over(s, node_now(x->node)) ? s : NULL;
}

/* Room for one more: those that are over go, then the one seen longest
 * ago. */
static void
make_room(struct access *x, uint64_t user)
{
	const struct access_session *oldest = NULL;
	int64_t now = node_now(x->node);
	unsigned n = 0;

	for (struct access_session *s = x->sessions, *next; s; s = next) {
		next = s->next;
		if (s->row.user != user)
			continue;
		if (is_over(s, now)) {
			(void)access_session_delete(x, s->row.id);
			continue;
		}
		n++;
		if (!oldest || s->row.seen < oldest->row.seen)
			oldest = s;
	}
	if (oldest && n >= SESSIONS_PER_USER)
		(void)access_session_delete(x, oldest->row.id);
}

/* A browser takes the strict name by TLS only. */
static void
set_cookie(struct ask *a, const char *secret)
{
	snprintf(a->cookie, sizeof(a->cookie),
		"%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
		a->is_secure ? "__Host-brattice" : "brattice", secret,
		a->is_secure ? "; Secure" : "", *secret ? "" : "; Max-Age=0");
}

void
access_session_turn(struct ask *a, struct access_session *s)
{
	char secret[SECRET_TEXT_MAX];

	access_secret(secret);
	crypt_digest(str_of(secret), s->row.secret);
	s->row.seen = s->row.proven = node_now(a->node);
	access_csrf(str_of(secret), a->csrf);
	set_cookie(a, secret);
	a->session = s->row.id;
	a->user = s->row.user;
	crypt_forget(secret, sizeof(secret));
	keep_session(a->api->access, s);
}

void
access_session_new(struct ask *a, struct access_user *user)
{
	struct access *x = a->api->access;
	struct access_session *s;
	struct str agent = { 0 };

	if (a->session)
		(void)access_session_delete(x, a->session);
	make_room(x, user->row.id);
	s = mem_alloc(1, sizeof(*s));
	s->next = x->sessions;
	x->sessions = s;
	s->row = (struct store_session){
		.id = ++x->last_session,
		.user = user->row.id,
		.created = node_now(a->node),
		.addr = a->addr,
	};
	if (http_head(a->request, "User-Agent", &agent))
		snprintf(s->row.agent, sizeof(s->row.agent), "%.*s",
			(int)(agent.n < SESSION_AGENT_MAX ? agent.n
							  : SESSION_AGENT_MAX),
			agent.p);
	a->scopes = access_scopes(user->row.role);
	snprintf(a->by, sizeof(a->by), "%s", user->row.name);
	access_session_turn(a, s);
}

/* --- tokens --------------------------------------------------------------------------- */

struct access_token *
access_token_add(struct access *x, const struct store_token *row)
{
	struct access_token *t = mem_alloc(1, sizeof(*t));

	t->row = *row;
	t->row.id = ++x->last_token;
	t->next = x->tokens;
	x->tokens = t;
	node_keep(x->node, &(struct store_access){
				   .op = ACCESS_TOKEN_SET, .token = t->row });
	return t;
}

void
access_token_delete(struct access *x, uint64_t id)
{
	struct access_token **at = &x->tokens, *t;

	while (*at && (*at)->row.id != id)
		at = &(*at)->next;
	t = *at;
	if (!t)
		return;
	node_keep(x->node, &(struct store_access){ .op = ACCESS_TOKEN_DELETE,
				   .token = { .id = id } });
	*at = t->next;
	free(t);
}
