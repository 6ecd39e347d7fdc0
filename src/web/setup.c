/* SPDX-License-Identifier: ISC */

/*
 * The first user.  There is no default password: a token that is good once
 * comes over the Unix socket.
 */

#include <stdio.h>

#include "http/json_tree.h"
#include "web/access.h"
#include "web/route.h"
#include "web/session.h"

enum {
	NETWORKS_MAX = 32, /* never to be blocked, named at once */
};

void
setup_get(struct ask *a)
{
	struct prefix self = addr_prefix(&a->addr, ADDR_BITS);
	struct prefix net = addr_prefix(
		&a->addr, addr_is_v4(&a->addr) ? ADDR_V4_BITS + 24 : 64);
	char text[PREFIX_TEXT_MAX];
	struct json *j = &a->out;
	bool has_addr = a->via != VIA_SOCKET;

	json_open(j, '{');
	json_member_bool(j, "needed",
		a->api->access->is_loaded && !a->api->access->users);
	json_member_str(j, "your_address",
		has_addr ? str_of(prefix_format(&self, text)) : S(""));
	json_key(j, "networks");
	json_open(j, '[');
	if (has_addr)
		json_str(j, str_of(prefix_format(&net, text)));
	json_close(j, ']');
	json_close(j, '}');
	ask_reply(a, 200);
}

void
setup_token_post(struct ask *a)
{
	struct access *x = a->api->access;
	char secret[SECRET_TEXT_MAX];
	struct buf url CLEANUP(buf_free) = { 0 };
	struct json *j = &a->out;

	if (a->via != VIA_SOCKET) {
		ask_fail(a, PROBLEM_FORBIDDEN, NULL,
			"only the Unix socket gives this token");
		return;
	}
	if (!x->is_loaded || x->users) {
		ask_fail(a, PROBLEM_EXISTS, NULL,
			"there are users already: \"brattice user add\" adds "
			"another, \"brattice user passwd\" gives a new "
			"password");
		return;
	}
	if (!a->api->config.url) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"no section web of brattice.conf listens on a "
			"loopback address: add one and reload, or make the "
			"first user with \"brattice user add\"");
		return;
	}
	access_secret(secret);
	crypt_digest(str_of(secret), x->setup);
	x->setup_until = node_now(a->node) + SETUP_LIFE_S;
	buf_printf(&url, "%s/setup#%s", a->api->config.url, secret);
	json_open(j, '{');
	json_member_str(j, "token", str_of(secret));
	json_member_str(j, "url", buf_str(&url));
	json_member_time(j, "expires", x->setup_until);
	json_close(j, '}');
	crypt_forget(secret, sizeof(secret));
	ask_reply(a, 201);
}

struct wish {
	struct str name;
	unsigned networks_n;
	struct prefix networks[NETWORKS_MAX];
	struct str mode;
};

static bool
get_networks(struct ask *a, struct wish *w)
{
	const struct json_t *list = json_tree_get(a->body, "never"), *item;
	struct str text;
	struct err err;

	for (size_t i = 0; (item = json_tree_at(list, i)); i++) {
		if (w->networks_n == NETWORKS_MAX ||
			!json_in_text(item, &text) ||
			!prefix_parse(
				text, &w->networks[w->networks_n++], &err)) {
			ask_fail(a, PROBLEM_VALIDATION, "#/never",
				"never must be a list of at most %d addresses "
				"and networks",
				NETWORKS_MAX);
			return false;
		}
	}
	return true;
}

static bool
is_token(struct ask *a)
{
	struct access *x = a->api->access;
	uint8_t digest[CRYPT_DIGEST];
	struct str token;
	int64_t wait_s = access_wait(a, S("setup"));

	if (!session_text(a, "token", &token))
		return false;
	crypt_digest(token, digest);
	if (!wait_s && node_now(a->node) < x->setup_until &&
		crypt_equal(digest, x->setup, sizeof(digest)))
		return true;
	if (!wait_s)
		access_tried(a, S("setup"), false);
	ask_fail(a, PROBLEM_UNAUTHENTICATED, "#/token",
		"the setup token is wrong or older than an hour; \"brattice "
		"setup\" makes a new one");
	return false;
}

static bool
is_needed(struct ask *a)
{
	if (a->api->access->is_loaded && !a->api->access->users)
		return true;
	ask_fail(a, PROBLEM_EXISTS, NULL, "setting up is over: sign in");
	return false;
}

static void
on_hashed(struct ask *a, bool is_made, const char *hash)
{
	struct access *x = a->api->access;
	struct wish *w = a->state;
	struct store_user row = { .role = ROLE_ADMIN,
		.created = node_now(a->node),
		.last_login = node_now(a->node) };
	struct node_pair pair = { S("mode"), w->mode };
	struct err err;

	if (!is_needed(a) || !is_token(a))
		return; /* meanwhile */
	if (!is_made) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "no memory to hash with");
		return;
	}
	snprintf(row.name, sizeof(row.name), "%.*s", (int)w->name.n, w->name.p);
	snprintf(row.password, sizeof(row.password), "%s", hash);
	ask_hold(a);
	if (w->mode.n) {
		ask_hold(a);
		if (node_set(a->node,
			    &(struct node_change){ &pair, 1, w->name }, &err,
			    ask_on_done, a)) {
			ask_fail(a, PROBLEM_VALIDATION, "#/mode", "%s",
				err.text);
			return;
		}
	}
	x->setup_until = 0;
	for (unsigned i = 0; i < w->networks_n; i++) {
		ask_hold(a);
		(void)node_never_add(a->node,
			&(struct node_never){ w->networks[i], w->name,
				S("named when Brattice was set up") },
			ask_on_done, a);
	}
	session_begin(a, access_user_save(x, &row), 201);
	ask_on_done(a, NULL);
}

void
setup_post(struct ask *a)
{
	struct wish *w = arena_alloc(&a->arena, sizeof(*w));
	struct str password;

	a->state = w;
	if (a->via == VIA_SOCKET) {
		ask_fail(a, PROBLEM_FORBIDDEN, NULL,
			"over the Unix socket use \"brattice user add\"");
		return;
	}
	if (!is_needed(a) || !is_token(a) || !ask_name(a, &w->name) ||
		!access_password_get(a, "password", &password) ||
		!get_networks(a, w) || !session_text(a, "mode", &w->mode))
		return;
	access_password_make(a, password, on_hashed);
}
