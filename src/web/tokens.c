/* SPDX-License-Identifier: ISC */

/*
 * Tokens for programs: "brt_", 43 letters and digits that stand for 32
 * random bytes, and six that check them, so that a scanner for lost
 * secrets knows one when it sees it.
 */

#include <stdio.h>

#include "base/stamp.h"
#include "http/json_tree.h"
#include "sys/secret.h"
#include "web/access.h"
#include "web/route.h"
#include "web/session.h"

enum {
	DIGITS = 43, /* 62^43 > 2^256 */
	CHECK = 6,
	LIFE_S = 365 * 86400,
};

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz";

/* A big number, most significant byte first, to @n digits. */
static void
add_base62(struct buf *b, uint8_t *number, size_t number_n, size_t n)
{
	char *to = buf_room(b, n);

	for (size_t i = n; i-- > 0;) {
		unsigned rest = 0;

		for (size_t k = 0; k < number_n; k++) {
			rest = rest << 8 | number[k];
			number[k] = (uint8_t)(rest / 62);
			rest %= 62;
		}
		to[i] = digits[rest];
	}
	b->n += n;
}

static void
make_token(struct buf *b)
{
	uint8_t bytes[SECRET_BYTES], digest[CRYPT_DIGEST];

	secret_fill(bytes, sizeof(bytes));
	buf_add(b, S("brt_"));
	add_base62(b, bytes, sizeof(bytes), DIGITS);
	crypt_digest(buf_str(b), digest);
	add_base62(b, digest, 4, CHECK);
}

static void
render_token(struct ask *a, const struct store_token *t, struct str secret)
{
	const struct access_user *u = access_user_get(a->api->access, t->user);
	char text[PREFIX_TEXT_MAX];
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_int(j, "id", (int64_t)t->id);
	json_member_str(j, "name", str_of(t->name));
	json_member_str(j, "user", u ? str_of(u->row.name) : S(""));
	json_key(j, "scopes");
	access_add_scopes(j, t->scopes);
	json_member_time(j, "created", t->created);
	json_key(j, "expires");
	if (t->expires == INT64_MAX)
		json_null(j);
	else
		json_time(j, t->expires);
	json_key(j, "last_used");
	if (t->used)
		json_time(j, t->used);
	else
		json_null(j);
	json_key(j, "networks");
	json_open(j, '[');
	for (unsigned i = 0; i < t->networks_n; i++)
		json_str(j, str_of(prefix_format(&t->networks[i], text)));
	json_close(j, ']');
	if (secret.n)
		json_member_str(j, "token", secret);
	json_close(j, '}');
}

/* Everybody sees their own; an administrator all. */
static bool
is_mine(const struct ask *a, const struct store_token *t)
{
	return t->user == a->user || a->scopes & 1U << SCOPE_ADMIN;
}

void
tokens_get(struct ask *a)
{
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	for (const struct access_token *t = a->api->access->tokens; t;
		t = t->next) {
		if (is_mine(a, &t->row))
			render_token(a, &t->row, S(""));
	}
	json_close(&a->out, ']');
	json_key(&a->out, "next");
	json_null(&a->out);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

/* Whose it becomes: one's own, or over the Unix socket somebody's. */
static bool
get_owner(struct ask *a, struct store_token *t)
{
	const struct access_user *u;
	struct str name;

	if (!session_text(a, "user", &name))
		return false;
	if (a->via == VIA_SOCKET)
		u = access_user_find(a->api->access, name);
	else
		u = name.n ? NULL : access_user_get(a->api->access, a->user);
	if (!u) {
		ask_fail(a, PROBLEM_VALIDATION, "#/user",
			"over the Unix socket user must be the name of a user, "
			"else it must not be there");
		return false;
	}
	t->user = u->row.id;
	t->scopes = access_scopes(u->row.role) & a->scopes;
	return true;
}

/* No more than the owner may, and whoever makes it. */
static bool
get_scopes(struct ask *a, struct store_token *t)
{
	const struct json_t *list = json_tree_get(a->body, "scopes"), *item;
	uint32_t wanted = 0, bit;
	struct str text;

	for (size_t i = 0; (item = json_tree_at(list, i)); i++) {
		bit = json_in_text(item, &text) ? access_scope_find(text) : 0;
		if (!(bit & t->scopes)) {
			ask_fail(a, PROBLEM_VALIDATION, "#/scopes",
				"scopes must be names of scopes that the user "
				"has: read, blocks:write, never:write, "
				"accounts:write, events:ingest, config:write, "
				"audit:read, admin");
			return false;
		}
		wanted |= bit;
	}
	if (!wanted) {
		ask_fail(a, PROBLEM_VALIDATION, "#/scopes",
			"scopes must name one scope at least");
		return false;
	}
	t->scopes = wanted;
	return true;
}

static bool
get_networks(struct ask *a, struct store_token *t)
{
	const struct json_t *list = json_tree_get(a->body, "networks"), *item;
	struct str text;
	struct err err;

	for (size_t i = 0; (item = json_tree_at(list, i)); i++) {
		if (t->networks_n < TOKEN_NETWORKS &&
			json_in_text(item, &text) &&
			prefix_parse(text, &t->networks[t->networks_n], &err)) {
			t->networks_n++;
			continue;
		}
		ask_fail(a, PROBLEM_VALIDATION, "#/networks",
			"networks must be a list of at most %d addresses and "
			"networks",
			TOKEN_NETWORKS);
		return false;
	}
	return true;
}

/* A year unless told: only an explicit null is for ever. */
static bool
get_expiry(struct ask *a, struct store_token *t)
{
	bool is_told = json_tree_has(a->body, "expires");
	struct str text;

	if (!session_text(a, "expires", &text))
		return false;
	t->expires = is_told ? INT64_MAX : t->created + LIFE_S;
	if (!text.p ||
		(stamp_parse(text, &t->expires) && t->expires > t->created))
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#/expires",
		"expires must be null for ever, or a time to come such as "
		"2027-11-24T00:00:00Z");
	return false;
}

static bool
has_room(struct ask *a)
{
	unsigned n = 0;

	for (const struct access_token *t = a->api->access->tokens; t;
		t = t->next)
		n++;
	if (n < TOKENS_MAX)
		return true;
	ask_fail(a, PROBLEM_EXISTS, NULL, "there are %d tokens: no more",
		TOKENS_MAX);
	return false;
}

void
tokens_post(struct ask *a)
{
	struct store_token row = { .created = node_now(a->node) };
	struct buf text CLEANUP(buf_free) = { 0 };
	struct str name;

	if (!has_room(a) || !ask_name(a, &name) || !get_owner(a, &row) ||
		!get_scopes(a, &row) || !get_networks(a, &row) ||
		!get_expiry(a, &row))
		return;
	snprintf(row.name, sizeof(row.name), "%.*s", (int)name.n, name.p);
	make_token(&text);
	crypt_digest(buf_str(&text), row.secret);
	access_audit(a, name, S(""), S(""));
	row = access_token_add(a->api->access, &row)->row;
	render_token(a, &row, buf_str(&text));
	crypt_forget(text.p, text.n);
	a->status = 201;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

void
token_delete(struct ask *a)
{
	const struct access_token *t = a->api->access->tokens;
	uint64_t id;

	if (!ask_id(a, &id))
		return;
	while (t && t->row.id != id)
		t = t->next;
	if (!t || !is_mine(a, &t->row)) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL, "no such token");
		return;
	}
	access_audit(a, str_of(t->row.name), S(""), S(""));
	access_token_delete(a->api->access, id);
	a->status = 204;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}
