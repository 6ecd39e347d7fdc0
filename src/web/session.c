/* SPDX-License-Identifier: ISC */

/*
 * Signing in and out.
 */

#include "web/session.h"

#include <stdio.h>

#include "web/access.h"
#include "web/route.h"

void
session_render(struct ask *a)
{
	struct access *x = a->api->access;
	const struct access_user *u = access_user_get(x, a->user);
	const struct access_session *s = access_session_get(x, a->session);
	char text[PREFIX_TEXT_MAX];
	struct prefix from = addr_prefix(&a->addr, ADDR_BITS);
	struct json *j = &a->out;

	json_open(j, '{');
	json_key(j, "user");
	json_open(j, '{');
	json_member_int(j, "id", (int64_t)u->row.id);
	json_member_str(j, "name", str_of(u->row.name));
	json_member_str(j, "role", str_of(role_names[u->row.role]));
	json_member_str(j, "language", str_of(u->row.choices[CHOICE_LANGUAGE]));
	access_add_totp(a, &u->row);
	json_close(j, '}');
	json_member_str(j, "csrf", str_of(a->csrf));
	json_key(j, "scopes");
	access_add_scopes(j, a->scopes);
	json_member_time(j, "expires", s->row.created + SESSION_LIFE_S);
	json_member_int(j, "idle_seconds", SESSION_IDLE_S);
	json_member_str(j, "address", str_of(prefix_format(&from, text)));
	json_close(j, '}');
}

void
session_begin(struct ask *a, struct access_user *u, unsigned status)
{
	access_audit(a, str_of(u->row.name), S(""), S(""));
	access_session_new(a, u);
	session_render(a);
	a->status = status;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

bool
session_text(struct ask *a, const char *name, struct str *ret)
{
	struct err err = { { 0 } };
	char pointer[32];

	*ret = (struct str){ 0 };
	if (json_in_str(a->body, name, ret, &err) != JSON_IN_WRONG)
		return true;
	snprintf(pointer, sizeof(pointer), "#/%s", name);
	ask_fail(a, PROBLEM_VALIDATION, pointer, "%s", err.text);
	return false;
}

bool
session_has_user(struct ask *a)
{
	if (a->user)
		return true;
	ask_fail(a, PROBLEM_NOT_FOUND, NULL,
		"the Unix socket is used without signing in: there is no user "
		"and no session");
	return false;
}

/* --- in --------------------------------------------------------------------- */

static void
fail_slow(struct ask *a)
{
	ask_fail(a, PROBLEM_ATTEMPTS, NULL,
		"signing in failed before; try again in %u s", a->retry_s);
}

bool
session_is_slow(struct ask *a, struct str name)
{
	a->retry_s = (unsigned)access_wait(a, name);
	if (a->retry_s == 0)
		return true;
	fail_slow(a);
	return false;
}

static void
fail_sign_in(struct ask *a, struct str name)
{
	access_tried(a, name, false);
	ask_fail(a, PROBLEM_UNAUTHENTICATED, NULL,
		"the name, the password or the code is wrong");
}

/* The code of the second factor, tried. */
static bool
check_second(
	struct ask *a, struct access_user *u, struct str totp, struct str code)
{
	switch (access_second_check(a, u, totp, code)) {
	case SECOND_RIGHT: return true;
	case SECOND_WRONG: fail_sign_in(a, str_of(u->row.name)); break;
	case SECOND_SLOW: fail_slow(a); break;
	}
	return false;
}

static bool
has_second(struct ask *a, struct access_user *u)
{
	struct str totp, recovery;

	if (!u->row.has_totp)
		return true;
	if (!session_text(a, "totp", &totp) ||
		!session_text(a, "recovery", &recovery))
		return false;
	if (totp.n || recovery.n)
		return check_second(a, u, totp, recovery);
	ask_fail(a, PROBLEM_TOTP, "#/totp",
		"the code of the second factor is needed, too");
	return false;
}

static void
on_checked(struct ask *a, bool is_right, const char *hash)
{
	struct access *x = a->api->access;
	struct access_user *u;
	struct store_user row;
	struct str name;

	if (!session_text(a, "name", &name))
		return;
	u = access_user_find(x, name);
	if (!is_right || !u || u->row.is_disabled) {
		fail_sign_in(a, name);
		return;
	}
	if (!has_second(a, u))
		return;
	access_tried(a, name, true);
	row = u->row;
	row.last_login = node_now(a->node);
	if (*hash)
		snprintf(row.password, sizeof(row.password), "%s", hash);
	session_begin(a, access_user_save(x, &row), 200);
}

void
session_post(struct ask *a)
{
	struct access_user *u;
	struct str name, password;

	if (!session_text(a, "name", &name) ||
		!session_text(a, "password", &password))
		return;
	if (a->via == VIA_SOCKET) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"the Unix socket needs no signing in");
		return;
	}
	if (!a->api->access->is_loaded) {
		ask_fail(a, PROBLEM_LOADING, NULL, "users are being read");
		return;
	}
	if (node_check(a->node, &a->addr).word != VERDICT_ALLOW) {
		ask_fail(a, PROBLEM_FORBIDDEN, NULL,
			"this address is blocked; the Unix socket is not: "
			"brattice unblock");
		return;
	}
	if (name.n > EVENT_TEXT_MAX || password.n > PASSWORD_MAX) {
		ask_fail(a, PROBLEM_VALIDATION, "#",
			"the name or the password is too long");
		return;
	}
	if (!session_is_slow(a, name))
		return;
	u = access_user_find(a->api->access, name);
	access_password_check(
		a, u ? u->row.password : NULL, password, on_checked);
}

void
session_show(struct ask *a)
{
	if (!a->api->access->users && a->via != VIA_SOCKET) {
		ask_fail(a, PROBLEM_SETUP, NULL,
			"there is no user yet: run \"brattice setup\"");
		return;
	}
	if (!a->session) {
		ask_fail(a, PROBLEM_UNAUTHENTICATED, NULL,
			"there is no session: sign in");
		return;
	}
	session_render(a);
	ask_reply(a, 200);
}

static void
end_session(struct ask *a, uint64_t id)
{
	access_audit(a, S("session"), S(""), S(""));
	(void)access_session_delete(a->api->access, id);
	a->status = 204;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

void
session_delete(struct ask *a)
{
	if (session_has_user(a))
		end_session(a, a->session);
}

/* --- again ------------------------------------------------------------------- */

static void
turn_session(struct ask *a, struct access_session *s)
{
	access_tried(a, str_of(a->by), true);
	access_session_turn(a, s);
	session_render(a);
	ask_reply(a, 200);
}

static void
on_proven(struct ask *a, bool is_right, const char *hash)
{
	struct access_session *s = access_session_get(
		a->api->access, a->session);

	(void)hash;
	if (is_right && s)
		turn_session(a, s);
	else
		fail_sign_in(a, str_of(a->by));
}

void
session_reauth(struct ask *a)
{
	struct access *x = a->api->access;
	struct access_user *u = access_user_get(x, a->user);
	struct str password, totp;

	if (!session_has_user(a) || !session_text(a, "password", &password) ||
		!session_text(a, "totp", &totp) ||
		!session_is_slow(a, str_of(a->by)))
		return;
	if (!totp.n)
		access_password_check(a, u->row.password, password, on_proven);
	else if (check_second(a, u, totp, (struct str){ 0 }))
		turn_session(a, access_session_get(x, a->session));
}

/* --- lists of sessions ------------------------------------------------------------ */

static void
render_row(struct ask *a, const struct access_session *s)
{
	const struct access_user *u = access_user_get(
		a->api->access, s->row.user);
	struct prefix from = addr_prefix(&s->row.addr, ADDR_BITS);
	char text[PREFIX_TEXT_MAX];
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_int(j, "id", (int64_t)s->row.id);
	json_member_str(j, "user", u ? str_of(u->row.name) : S(""));
	json_member_time(j, "created", s->row.created);
	json_member_time(j, "last_seen", s->row.seen);
	json_member_str(j, "address", str_of(prefix_format(&from, text)));
	json_member_str(j, "agent", str_of(s->row.agent));
	json_member_bool(j, "current", s->row.id == a->session);
	json_close(j, '}');
}

static void
list(struct ask *a, uint64_t user)
{
	struct access *x = a->api->access;

	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	for (struct access_session *s = x->sessions; s; s = s->next) {
		if ((!user || s->row.user == user) &&
			access_session_get(x, s->row.id))
			render_row(a, s);
	}
	json_close(&a->out, ']');
	json_key(&a->out, "next");
	json_null(&a->out);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
sessions_get(struct ask *a)
{
	list(a, 0);
}

void
my_sessions_get(struct ask *a)
{
	if (session_has_user(a))
		list(a, a->user);
}

static void
delete_by_id(struct ask *a, uint64_t user)
{
	const struct access_session *s;
	uint64_t id;

	if (!ask_id(a, &id))
		return;
	s = access_session_get(a->api->access, id);
	if (!s || (user && s->row.user != user)) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL, "no such session");
		return;
	}
	end_session(a, id);
}

void
session_delete_any(struct ask *a)
{
	delete_by_id(a, 0);
}

void
my_session_delete(struct ask *a)
{
	if (session_has_user(a))
		delete_by_id(a, a->user);
}
