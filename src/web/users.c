/* SPDX-License-Identifier: ISC */

/*
 * Users.
 */

#include <stdio.h>

#include "base/num.h"
#include "web/access.h"
#include "web/route.h"
#include "web/session.h"

static void
render_user(struct json *j, const struct store_user *u)
{
	json_open(j, '{');
	json_member_int(j, "id", (int64_t)u->id);
	json_member_str(j, "name", str_of(u->name));
	json_member_str(j, "role", str_of(role_names[u->role]));
	json_member_time(j, "created", u->created);
	json_key(j, "last_login");
	if (u->last_login)
		json_time(j, u->last_login);
	else
		json_null(j);
	json_member_bool(j, "totp", u->has_totp);
	json_member_bool(j, "disabled", u->is_disabled);
	json_member_int(j, "version", (int64_t)u->version);
	json_close(j, '}');
}

void
users_get(struct ask *a)
{
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	for (const struct access_user *u = a->api->access->users; u;
		u = u->next)
		render_user(&a->out, &u->row);
	json_close(&a->out, ']');
	json_key(&a->out, "next");
	json_null(&a->out);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

/* The user in the path: a number, or a name. */
static struct access_user *
find_user(struct ask *a)
{
	struct access *x = a->api->access;
	struct access_user *u = access_user_find(x, a->id);
	int64_t id;

	if (u)
		return u;
	if (num_parse(a->id, 1, INT64_MAX - 1, &id))
		u = access_user_get(x, (uint64_t)id);
	if (!u)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL, "no such user");
	return u;
}

/* Answer with the user as it is, once that is stored. */
static void
finish(struct ask *a, const struct store_user *u, unsigned status)
{
	snprintf(a->etag, sizeof(a->etag), "\"%ju\"", (uintmax_t)u->version);
	render_user(&a->out, u);
	a->status = status;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

void
user_get(struct ask *a)
{
	const struct access_user *u = find_user(a);

	if (!u)
		return;
	snprintf(
		a->etag, sizeof(a->etag), "\"%ju\"", (uintmax_t)u->row.version);
	render_user(&a->out, &u->row);
	ask_reply(a, 200);
}

static bool
get_role(struct ask *a, uint8_t *ret)
{
	struct str role;

	if (!session_text(a, "role", &role))
		return false;
	if (!role.n)
		return true;
	for (uint8_t i = 0; i < ROLES; i++) {
		if (str_eq(role, str_of(role_names[i]))) {
			*ret = i;
			return true;
		}
	}
	ask_fail(a, PROBLEM_VALIDATION, "#/role",
		"role must be viewer, operator or admin");
	return false;
}

/* --- new ------------------------------------------------------------------------ */

static bool
is_free(struct ask *a, struct str name)
{
	unsigned n = 0;

	for (const struct access_user *u = a->api->access->users; u;
		u = u->next)
		n++;
	if (access_user_find(a->api->access, name)) {
		ask_fail(a, PROBLEM_EXISTS, "#/name",
			"there is a user of this name");
		return false;
	}
	if (n < USERS_MAX)
		return true;
	ask_fail(a, PROBLEM_EXISTS, NULL, "there are %d users: no more",
		USERS_MAX);
	return false;
}

static void
on_new(struct ask *a, bool is_made, const char *hash)
{
	struct store_user *row = a->state;
	const struct access_user *u;

	if (!is_made) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "no memory to hash with");
		return;
	}
	if (!is_free(a, str_of(row->name)))
		return; /* meanwhile */
	snprintf(row->password, sizeof(row->password), "%s", hash);
	access_audit(a, str_of(row->name), S(""), S(""));
	u = access_user_save(a->api->access, row);
	finish(a, &u->row, 201);
}

void
users_post(struct ask *a)
{
	struct store_user *row = arena_alloc(&a->arena, sizeof(*row));
	struct str name, password;

	a->state = row;
	if (!a->api->access->is_loaded) {
		ask_fail(a, PROBLEM_LOADING, NULL, "users are being read");
		return;
	}
	if (!ask_name(a, &name) || !is_free(a, name) ||
		!get_role(a, &row->role) ||
		!access_password_get(a, "password", &password))
		return;
	snprintf(row->name, sizeof(row->name), "%.*s", (int)name.n, name.p);
	row->created = node_now(a->node);
	access_password_make(a, password, on_new);
}

/* --- changed ---------------------------------------------------------------------- */

/* Somebody must be left who may do everything. */
static bool
is_last_admin(const struct access *x, uint64_t id)
{
	for (const struct access_user *u = x->users; u; u = u->next) {
		if (u->row.id != id && u->row.role == ROLE_ADMIN &&
			!u->row.is_disabled)
			return false;
	}
	return true;
}

static bool
keeps_admin(struct ask *a, const struct store_user *row, bool stays)
{
	if (a->via == VIA_SOCKET || stays ||
		!is_last_admin(a->api->access, row->id))
		return true;
	ask_fail(a, PROBLEM_EXISTS, NULL,
		"%s is the last administrator; make another one first",
		row->name);
	return false;
}

/* Was it changed since it was looked at?  The command line doesn't ask. */
static bool
is_fresh(struct ask *a, const struct store_user *row)
{
	char etag[sizeof(a->etag)];
	struct str told;

	snprintf(etag, sizeof(etag), "\"%ju\"", (uintmax_t)row->version);
	if (!http_head(a->request, "If-Match", &told)) {
		if (a->via != VIA_WEB)
			return true;
		ask_fail(a, PROBLEM_UNSEEN, NULL,
			"If-Match is missing; expected the ETag of the user");
		return false;
	}
	if (str_eq(told, str_of(etag)))
		return true;
	ask_fail(a, PROBLEM_OLD, NULL,
		"the user was changed meanwhile; look again");
	return false;
}

static bool
get_flag(struct ask *a, const char *name, bool *ret)
{
	struct err err;

	if (json_in_bool(a->body, name, ret, &err) != JSON_IN_WRONG)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#", "%s", err.text);
	return false;
}

static void
apply(struct ask *a, struct store_user *row, const struct access_user *was)
{
	struct access *x = a->api->access;
	struct buf before CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &before };
	const struct access_user *u;

	render_user(&j, &was->row);
	access_audit(a, str_of(row->name), buf_str(&before), S(""));
	/* Whoever may do less, or has another password, signs in again. */
	access_sessions_end(x, row->id, a->session);
	row->version++;
	u = access_user_save(x, row);
	finish(a, &u->row, 200);
}

static void
on_changed(struct ask *a, bool is_made, const char *hash)
{
	struct store_user *row = a->state;
	const struct access_user *u = access_user_get(a->api->access, row->id);

	if (!is_made || !u) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "it could not be done");
		return;
	}
	snprintf(row->password, sizeof(row->password), "%s", hash);
	apply(a, row, u);
}

void
user_patch(struct ask *a)
{
	struct store_user *row = arena_alloc(&a->arena, sizeof(*row));
	const struct access_user *u = find_user(a);
	struct str password;
	bool has_totp;

	if (!u)
		return;
	*row = u->row;
	a->state = row;
	has_totp = row->has_totp;
	if (!is_fresh(a, row) || !get_role(a, &row->role) ||
		!get_flag(a, "disabled", &row->is_disabled) ||
		!get_flag(a, "totp", &has_totp) ||
		!keeps_admin(
			a, row, row->role == ROLE_ADMIN && !row->is_disabled) ||
		!session_text(a, "password", &password))
		return;
	if (!has_totp) /* it can only be taken away */
		access_totp_drop(row);
	if (!password.n)
		apply(a, row, u);
	else if (access_password_get(a, "password", &password))
		access_password_make(a, password, on_changed);
}

void
user_delete(struct ask *a)
{
	const struct access_user *u = find_user(a);

	if (!u || !keeps_admin(a, &u->row, false))
		return;
	access_audit(a, str_of(u->row.name), S(""), S(""));
	access_user_delete(a->api->access, u->row.id);
	a->status = 204;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}
