/* SPDX-License-Identifier: ISC */

/*
 * What everybody may know and change about themselves.
 */

#include <stdio.h>

#include "web/access.h"
#include "web/route.h"
#include "web/session.h"

static const char *const choice_names[USER_CHOICES] = { "language", "theme",
	"density", "shortcuts", "time_zone" };

static void
render_me(struct ask *a, const struct store_user *u)
{
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_int(j, "id", (int64_t)u->id);
	json_member_str(j, "name", str_of(u->name));
	json_member_str(j, "role", str_of(role_names[u->role]));
	access_add_totp(a, u);
	for (int i = 0; i < USER_CHOICES; i++)
		json_member_str(j, choice_names[i], str_of(u->choices[i]));
	json_close(j, '}');
}

void
me_get(struct ask *a)
{
	if (!session_has_user(a))
		return;
	render_me(a, &access_user_get(a->api->access, a->user)->row);
	ask_reply(a, 200);
}

void
me_patch(struct ask *a)
{
	struct store_user row;
	struct str text;

	if (!session_has_user(a))
		return;
	row = access_user_get(a->api->access, a->user)->row;
	for (int i = 0; i < USER_CHOICES; i++) {
		if (!session_text(a, choice_names[i], &text))
			return;
		if (text.n >= USER_CHOICE_MAX) {
			ask_fail(a, PROBLEM_VALIDATION, "#",
				"%s has at most %d bytes", choice_names[i],
				USER_CHOICE_MAX - 1);
			return;
		}
		if (text.n)
			snprintf(row.choices[i], sizeof(row.choices[i]), "%.*s",
				(int)text.n, text.p);
	}
	row = access_user_save(a->api->access, &row)->row;
	render_me(a, &row);
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

static void
on_own_hash(struct ask *a, bool is_made, const char *hash)
{
	struct access *x = a->api->access;
	const struct access_user *u = access_user_get(x, a->user);
	struct access_session *s = access_session_get(x, a->session);
	struct store_user row;

	if (!is_made || !u || !s) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "it could not be done");
		return;
	}
	row = u->row;
	snprintf(row.password, sizeof(row.password), "%s", hash);
	access_audit(a, str_of(row.name), S(""), S(""));
	(void)access_user_save(x, &row);
	access_sessions_end(x, a->user, a->session);
	access_session_turn(a, s);
	session_render(a);
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

static void
on_old_checked(struct ask *a, bool is_right, const char *hash)
{
	struct str password;

	(void)hash;
	access_tried(a, str_of(a->by), is_right);
	if (!is_right) {
		ask_fail(a, PROBLEM_FORBIDDEN, "#/old",
			"the old password is wrong");
		return;
	}
	if (access_password_get(a, "new", &password))
		access_password_make(a, password, on_own_hash);
}

void
my_password_post(struct ask *a)
{
	const struct access_user *u = access_user_get(a->api->access, a->user);
	struct str old, fresh;

	if (!session_has_user(a) || !session_text(a, "old", &old) ||
		!access_password_get(a, "new", &fresh) ||
		!session_is_slow(a, str_of(a->by)))
		return;
	access_password_check(a, u->row.password, old, on_old_checked);
}
