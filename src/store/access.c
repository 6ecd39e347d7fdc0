/* SPDX-License-Identifier: ISC */

#include "store/access.h"

#include "store/audit.h"
#include "store/parts.h"

static struct str
bytes(const void *p, size_t n)
{
	return (struct str){ p, n };
}

static void
take_text(char *to, size_t n, struct str s)
{
	size_t len = s.n < n ? s.n : n - 1;

	if (len)
		memcpy(to, s.p, len);
	to[len] = '\0';
}

/* A column of exactly @n bytes, or none. */
static bool
take_bytes(void *to, size_t n, struct str s)
{
	if (s.n == n)
		memcpy(to, s.p, n);
	return s.n == n;
}

/* --- out --------------------------------------------------------------------- */

static int
set_user(struct store *s, const struct store_access *what, struct err *err)
{
	const struct store_user *u = &what->user;
	sqlite3_stmt *st = db_stmt(&s->control, CT_USER_SET, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)u->id);
	put_int(st, 2, (int64_t)u->version);
	put_str(st, 3, str_of(u->name));
	put_int(st, 4, u->role);
	put_int(st, 5, u->is_disabled);
	put_int(st, 6, u->created);
	put_int(st, 7, u->last_login);
	sqlite3_bind_text(st, 8, u->password, -1, SQLITE_STATIC);
	if (u->has_totp)
		put_str(st, 9, bytes(u->totp, sizeof(u->totp)));
	put_int(st, 10, u->totp_step);
	put_str(st, 11, bytes(u->recovery, sizeof(u->recovery)));
	for (int i = 0; i < USER_CHOICES; i++)
		put_str(st, 12 + i, str_of(u->choices[i]));
	return db_run(&s->control, st, err);
}

static int
run_by_id(struct store *s, unsigned sql, uint64_t id, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, sql, err);

	if (st)
		put_int(st, 1, (int64_t)id);
	return db_run(&s->control, st, err);
}

static int
delete_user(struct store *s, const struct store_access *what, struct err *err)
{
	uint64_t id = what->user.id;

	if (run_by_id(s, CT_SESSIONS_DELETE, id, err) ||
		run_by_id(s, CT_TOKENS_DELETE, id, err))
		return -1;
	return run_by_id(s, CT_USER_DELETE, id, err);
}

static int
set_session(struct store *s, const struct store_access *what, struct err *err)
{
	const struct store_session *x = &what->session;
	sqlite3_stmt *st = db_stmt(&s->control, CT_SESSION_SET, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)x->id);
	put_int(st, 2, (int64_t)x->user);
	put_str(st, 3, bytes(x->secret, sizeof(x->secret)));
	put_int(st, 4, x->created);
	put_int(st, 5, x->seen);
	put_int(st, 6, x->proven);
	put_addr(st, 7, &x->addr);
	put_str(st, 8, str_of(x->agent));
	return db_run(&s->control, st, err);
}

static int
delete_session(
	struct store *s, const struct store_access *what, struct err *err)
{
	return run_by_id(s, CT_SESSION_DELETE, what->session.id, err);
}

/* Networks: 16 bytes of address and one of length, each. */
enum {
	NETWORK_BYTES = 17,
};

static int
set_token(struct store *s, const struct store_access *what, struct err *err)
{
	const struct store_token *t = &what->token;
	sqlite3_stmt *st = db_stmt(&s->control, CT_TOKEN_SET, err);
	char networks[TOKEN_NETWORKS * NETWORK_BYTES], *p = networks;

	if (!st)
		return -1;
	for (unsigned i = 0; i < t->networks_n; i++, p += NETWORK_BYTES) {
		memcpy(p, t->networks[i].addr.b, 16);
		p[16] = (char)t->networks[i].len;
	}
	put_int(st, 1, (int64_t)t->id);
	put_int(st, 2, (int64_t)t->user);
	put_str(st, 3, str_of(t->name));
	put_str(st, 4, bytes(t->secret, sizeof(t->secret)));
	put_int(st, 5, t->scopes);
	put_int(st, 6, t->created);
	put_int(st, 7, t->expires);
	put_int(st, 8, t->used);
	put_str(st, 9, bytes(networks, (size_t)(p - networks)));
	return db_run(&s->control, st, err);
}

static int
delete_token(struct store *s, const struct store_access *what, struct err *err)
{
	return run_by_id(s, CT_TOKEN_DELETE, what->token.id, err);
}

static int
add_audit(struct store *s, const struct store_access *what, struct err *err)
{
	return audit_add(s, &what->audit, err);
}

int
access_put(struct store *s, const struct store_access *what, struct err *err)
{
	static int (*const put[ACCESS_OPS])(
		struct store *, const struct store_access *, struct err *) = {
		[ACCESS_USER_SET] = set_user,
		[ACCESS_USER_DELETE] = delete_user,
		[ACCESS_SESSION_SET] = set_session,
		[ACCESS_SESSION_DELETE] = delete_session,
		[ACCESS_TOKEN_SET] = set_token,
		[ACCESS_TOKEN_DELETE] = delete_token,
		[ACCESS_AUDIT] = add_audit,
	};

	if (db_begin(&s->control, err) == 0 && put[what->op](s, what, err) == 0)
		return 0;
	return store_undo(s);
}

/* --- in ---------------------------------------------------------------------- */

static bool
read_user(sqlite3_stmt *st, struct store_access *ret)
{
	struct store_user *u = &ret->user;
	struct str recovery = get_str(st, 10);

	u->id = (uint64_t)get_int(st, 0);
	u->version = (uint64_t)get_int(st, 1);
	take_text(u->name, sizeof(u->name), get_str(st, 2));
	u->role = (uint8_t)get_int(st, 3);
	u->is_disabled = get_int(st, 4) != 0;
	u->created = get_int(st, 5);
	u->last_login = get_int(st, 6);
	take_text(u->password, sizeof(u->password), get_str(st, 7));
	u->has_totp = take_bytes(u->totp, sizeof(u->totp), get_str(st, 8));
	u->totp_step = get_int(st, 9);
	for (int i = 0; i < USER_CHOICES; i++)
		take_text(u->choices[i], sizeof(u->choices[i]),
			get_str(st, 11 + i));
	return u->name[0] &&
	       take_bytes(u->recovery, sizeof(u->recovery), recovery);
}

static bool
read_session(sqlite3_stmt *st, struct store_access *ret)
{
	struct store_session *x = &ret->session;

	x->id = (uint64_t)get_int(st, 0);
	x->user = (uint64_t)get_int(st, 1);
	x->created = get_int(st, 3);
	x->seen = get_int(st, 4);
	x->proven = get_int(st, 5);
	take_text(x->agent, sizeof(x->agent), get_str(st, 7));
	return take_bytes(x->secret, sizeof(x->secret), get_str(st, 2)) &&
	       get_addr(st, 6, &x->addr);
}

static bool
read_networks(struct str s, struct store_token *t)
{
	struct addr addr;

	while (s.n >= NETWORK_BYTES && t->networks_n < TOKEN_NETWORKS) {
		uint8_t len = (uint8_t)s.p[16];

		if (len > ADDR_BITS)
			return false;
		memcpy(addr.b, s.p, 16);
		t->networks[t->networks_n++] = addr_prefix(&addr, len);
		s = str_from(s, NETWORK_BYTES);
	}
	return s.n == 0;
}

static bool
read_token(sqlite3_stmt *st, struct store_access *ret)
{
	struct store_token *t = &ret->token;

	t->id = (uint64_t)get_int(st, 0);
	t->user = (uint64_t)get_int(st, 1);
	take_text(t->name, sizeof(t->name), get_str(st, 2));
	t->scopes = (uint32_t)get_int(st, 4);
	t->created = get_int(st, 5);
	t->expires = get_int(st, 6);
	t->used = get_int(st, 7);
	return take_bytes(t->secret, sizeof(t->secret), get_str(st, 3)) &&
	       read_networks(get_str(st, 8), t);
}

/* The tables, each with its statement and reader. */
static const struct table {
	unsigned sql;
	enum access_op op;
	bool (*read)(sqlite3_stmt *st, struct store_access *ret);
} tables[] = {
	{ CT_USERS, ACCESS_USER_SET, read_user },
	{ CT_SESSIONS, ACCESS_SESSION_SET, read_session },
	{ CT_TOKENS, ACCESS_TOKEN_SET, read_token },
};

static int
load(struct db *db, const struct table *t, access_on_row *fn, void *ctx,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, t->sql, err);
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(db, st, err)) > 0) {
		struct store_access row = { .op = t->op };

		rc = t->read(st, &row) ? fn(ctx, &row)
				       : db_fail(db, SQLITE_CORRUPT, err);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}

int
access_load(struct store *s, access_on_row *fn, void *ctx, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(tables) && rc == 0; i++)
		rc = load(&s->control, &tables[i], fn, ctx, err);
	return rc;
}
