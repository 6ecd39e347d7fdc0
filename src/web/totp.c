/* SPDX-License-Identifier: ISC */

/*
 * The second factor: how a user sets one up and takes it away, the codes
 * for the day the device is lost, and who must have one.
 */

#include <stdio.h>

#include "sys/secret.h"
#include "web/access.h"
#include "web/code.h"
#include "web/qr.h"
#include "web/route.h"
#include "web/session.h"

enum {
	PENDING_S = 600,     /* from the secret to its first code */
	RECOVERY_BYTES = 10, /* 80 random bits are 16 characters */
	GROUP = 4,	     /* of them, then a dash */
};

bool
access_lacks_totp(const struct ask *a, const struct store_user *u)
{
	static const unsigned least[] = {
		[SECOND_FACTOR_NOBODY] = ROLES,
		[SECOND_FACTOR_ADMINS] = ROLE_ADMIN,
		[SECOND_FACTOR_OPERATORS] = ROLE_OPERATOR,
		[SECOND_FACTOR_EVERYBODY] = ROLE_VIEWER,
	};
	const struct settings *s = engine_settings(node_engine(a->node));

	return !u->has_totp && u->role >= least[s->second_factor];
}

void
access_totp_drop(struct store_user *u)
{
	u->has_totp = false;
	u->totp_step = 0;
	crypt_forget(u->totp, sizeof(u->totp));
	crypt_forget(u->recovery, sizeof(u->recovery));
}

/* --- codes --------------------------------------------------------------------- */

static bool
use_code(struct ask *a, struct access_user *u, struct str code)
{
	struct store_user row = u->row;
	int64_t step = code_find(
		row.totp, sizeof(row.totp), code, node_now(a->node));

	if (step <= row.totp_step)
		return false;
	row.totp_step = step;
	(void)access_user_save(a->api->access, &row);
	return true;
}

/* As it may be typed: in small letters, with or without its dashes. */
static void
digest_recovery(struct str code, uint8_t ret[CRYPT_DIGEST])
{
	struct buf b CLEANUP(buf_free) = { 0 };

	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (c != '-' && c != ' ')
			buf_addc(&b, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	crypt_digest(buf_str(&b), ret);
}

/* A recovery code is good once. */
static bool
use_recovery(struct ask *a, struct access_user *u, struct str code)
{
	struct store_user row = u->row;
	uint8_t digest[CRYPT_DIGEST];

	digest_recovery(code, digest);
	for (unsigned i = 0; i < USER_RECOVERY; i++) {
		if (!crypt_equal(row.recovery[i], digest, sizeof(digest)))
			continue;
		memset(row.recovery[i], 0, sizeof(row.recovery[i]));
		(void)access_user_save(a->api->access, &row);
		return true;
	}
	return false;
}

/* There are a million codes: whoever knows the password must not try them
 * from a thousand addresses.  Nobody else can make the user wait here. */
enum access_second
access_second_check(struct ask *a, struct access_user *u, struct str totp,
	struct str recovery)
{
	int64_t now = node_now(a->node);
	bool is_right;

	if (!u->row.has_totp)
		return SECOND_WRONG;
	if (u->codes.again > now) {
		a->retry_s = (unsigned)(u->codes.again - now);
		return SECOND_SLOW;
	}
	is_right = totp.n ? use_code(a, u, totp) : use_recovery(a, u, recovery);
	access_try_count(&u->codes, is_right, now);
	return is_right ? SECOND_RIGHT : SECOND_WRONG;
}

static unsigned
count_recovery(const struct store_user *u)
{
	static const uint8_t used[CRYPT_DIGEST] = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < USER_RECOVERY; i++)
		n += memcmp(u->recovery[i], used, sizeof(used)) != 0;
	return n;
}

void
access_add_totp(struct ask *a, const struct store_user *u)
{
	json_member_bool(&a->out, "totp", u->has_totp);
	json_member_bool(&a->out, "totp_needed", access_lacks_totp(a, u));
	json_member_int(&a->out, "recovery_left", count_recovery(u));
}

/* --- setting it up ---------------------------------------------------------------- */

/* otpauth://totp/NAME@HOST?secret=SECRET&issuer=Brattice
 * Source: wiki of google-authenticator, "Key URI Format". */
static void
make_uri(struct ask *a, struct str secret, struct buf *b)
{
	struct str host = { 0 }, rest;

	buf_add(b, S("otpauth://totp/"));
	buf_add_uri(b, str_of(a->by));
	if (http_head(a->request, "Host", &host) && !str_starts(host, S("["))) {
		str_cut(host, ':', &host, &rest);
		buf_add(b, S("%40"));
		buf_add_uri(b, host);
	}
	buf_add(b, S("?secret="));
	buf_add(b, secret);
	buf_add(b, S("&issuer=Brattice"));
}

void
my_totp_post(struct ask *a)
{
	struct access_session *s;
	struct buf secret CLEANUP(buf_free) = { 0 };
	struct buf uri CLEANUP(buf_free) = { 0 };
	struct json *j = &a->out;

	if (!session_has_user(a))
		return;
	s = access_session_get(a->api->access, a->session);
	secret_fill(s->totp, sizeof(s->totp));
	s->totp_until = node_now(a->node) + PENDING_S;
	code_base32(&secret, s->totp, sizeof(s->totp));
	make_uri(a, buf_str(&secret), &uri);
	json_open(j, '{');
	json_member_str(j, "secret", buf_str(&secret));
	json_member_str(j, "uri", buf_str(&uri));
	json_key(j, "qr");
	qr_add(j, buf_text(&uri));
	json_close(j, '}');
	crypt_forget(secret.p, secret.n);
	crypt_forget(uri.p, uri.n);
	ask_reply(a, 200);
}

/* New recovery codes: their digests into the row, themselves into the
 * answer. */
static void
make_recovery(struct ask *a, struct store_user *row)
{
	struct json *j = &a->out;
	uint8_t bytes[RECOVERY_BYTES];

	json_open(j, '{');
	json_key(j, "recovery");
	json_open(j, '[');
	for (unsigned i = 0; i < USER_RECOVERY; i++) {
		struct buf plain CLEANUP(buf_free) = { 0 };
		struct buf shown CLEANUP(buf_free) = { 0 };

		secret_fill(bytes, sizeof(bytes));
		code_base32(&plain, bytes, sizeof(bytes));
		crypt_digest(buf_str(&plain), row->recovery[i]);
		for (size_t k = 0; k < plain.n; k++) {
			if (k && k % GROUP == 0)
				buf_addc(&shown, '-');
			buf_addc(&shown, plain.p[k]);
		}
		json_str(j, buf_str(&shown));
		crypt_forget(plain.p, plain.n);
		crypt_forget(shown.p, shown.n);
	}
	json_close(j, ']');
	json_close(j, '}');
	crypt_forget(bytes, sizeof(bytes));
}

static void
save(struct ask *a, struct store_user *row, unsigned status)
{
	row->version++;
	access_audit(a, str_of(row->name), S(""), S(""));
	(void)access_user_save(a->api->access, row);
	crypt_forget(row, sizeof(*row));
	a->status = status;
	ask_hold(a);
	node_settle(a->node, ask_on_done, a);
}

static bool
is_first_code(struct ask *a, const struct access_session *s, int64_t *ret_step)
{
	struct str code;

	if (!session_text(a, "code", &code))
		return false;
	if (node_now(a->node) >= s->totp_until) {
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no secret that waits for its first code, or "
			"it is older than %d minutes; POST /me/totp makes one",
			PENDING_S / 60);
		return false;
	}
	*ret_step = code_find(
		s->totp, sizeof(s->totp), code, node_now(a->node));
	if (*ret_step)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#/code",
		"the device shows another code now: expected six digits; if "
		"they are right, its clock or the server's is wrong");
	return false;
}

void
my_totp_put(struct ask *a)
{
	struct access *x = a->api->access;
	struct access_session *s;
	struct store_user row;
	int64_t step;

	if (!session_has_user(a))
		return;
	s = access_session_get(x, a->session);
	if (!is_first_code(a, s, &step))
		return;
	row = access_user_get(x, a->user)->row;
	memcpy(row.totp, s->totp, sizeof(row.totp));
	row.totp_step = step;
	row.has_totp = true;
	crypt_forget(s->totp, sizeof(s->totp));
	s->totp_until = 0;
	make_recovery(a, &row);
	/* Who has signed in without it must do so again. */
	access_sessions_end(x, a->user, a->session);
	save(a, &row, 200);
}

static bool
has_factor(struct ask *a, struct store_user *ret)
{
	if (!session_has_user(a))
		return false;
	*ret = access_user_get(a->api->access, a->user)->row;
	if (ret->has_totp)
		return true;
	ask_fail(a, PROBLEM_NOT_FOUND, NULL,
		"there is no second factor; POST /me/totp begins one");
	return false;
}

void
my_totp_delete(struct ask *a)
{
	struct store_user row;

	if (!has_factor(a, &row))
		return;
	access_totp_drop(&row);
	save(a, &row, 204);
}

void
my_recovery_post(struct ask *a)
{
	struct store_user row;

	if (!has_factor(a, &row))
		return;
	make_recovery(a, &row);
	save(a, &row, 200);
}
