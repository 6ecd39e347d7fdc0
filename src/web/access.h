/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Who may do what: users, sessions and tokens in memory, written through
 * to control.db.  Of a cookie or token only the digest is known.
 */

#include "store/access.h"
#include "web/ask.h"

enum role {
	ROLE_VIEWER,
	ROLE_OPERATOR,
	ROLE_ADMIN,
	ROLES,
};

enum {
	SESSION_IDLE_S = 30 * 60,
	SESSION_LIFE_S = 12 * 3600,
	SESSION_PROOF_S = 10 * 60, /* a password given holds for so long */
	SESSIONS_PER_USER = 20,
	SETUP_LIFE_S = 3600,
	USERS_MAX = 200,
	TOKENS_MAX = 500,
	SECRET_BYTES = 32,
	SECRET_TEXT_MAX = 64,
	PASSWORD_MIN = 8,
	PASSWORD_MAX = 1024,
	THROTTLE_SLOTS = 1024,
};

struct access_try {
	uint64_t key; /* account and address; 0: free */
	unsigned failures;
	int64_t again; /* not before [s] */
};

struct access_user {
	struct access_user *next;
	struct store_user row;
	struct access_try codes; /* of the second factor, from anywhere */
};

struct access_session {
	struct access_session *next;
	struct store_session row;
	int64_t kept;		 /* the row.seen that is stored */
	uint8_t totp[USER_TOTP]; /* a secret that waits for its first code … */
	int64_t totp_until;	 /* … and until when; 0: there is none */
};

struct access_token {
	struct access_token *next;
	struct store_token row;
	int64_t kept; /* the row.used that is stored */
};

struct hashing;

struct access {
	struct node *node;
	struct access_user *users;
	struct access_session *sessions;
	struct access_token *tokens;
	uint64_t last_user, last_session, last_token;
	struct access_try tries[THROTTLE_SLOTS];
	struct hashing *first, *running; /* passwords that wait */
	unsigned waiting;
	uint8_t setup[CRYPT_DIGEST]; /* of the one-time token … */
	int64_t setup_until;	     /* … and its end; 0: there is none */
	bool is_loaded;
	struct err trouble;
	struct node_query query;
	struct access_user *fresh_users; /* the storage thread's */
	struct access_session *fresh_sessions;
	struct access_token *fresh_tokens;
};

extern const char *const role_names[ROLES];

/**
 * access_new - begin to read who may do what
 * @node  node
 *
 * Returns it for access_free(), loaded a little later.
 */
struct access *access_new(struct node *node);

/**
 * access_free - give the memory back
 * @x  access, or NULL; its node is closed
 */
void access_free(struct access *x);

/**
 * access_reload - read everything anew: control.db is another one
 * @x  access
 */
void access_reload(struct access *x);

/**
 * access_identify - who asks, and with which rights?
 * @a  request; its who, by, session and user are set
 */
void access_identify(struct ask *a);

/**
 * access_role - as whom somebody asks
 * @a  request, identified
 *
 * Returns the name of a role.
 */
const char *access_role(const struct ask *a);

/**
 * access_lost - has somebody less, or more, than when they asked?
 * @a  request, identified
 *
 * Returns NULL when nothing has changed, or else "session-ended" or
 * "rights-changed".
 */
const char *access_lost(const struct ask *a);

/**
 * access_is_allowed - may they use this route?
 * @a  request, identified; on failure it is ended
 *
 * Returns false when they may not: answered.
 */
bool access_is_allowed(struct ask *a);

/**
 * access_scopes - what a role may do
 * @role  of a user
 *
 * Returns bits 1 << enum scope.
 */
uint32_t access_scopes(unsigned role);

/**
 * access_add_scopes - scopes as an array of their names
 * @j       writer
 * @scopes  bits 1 << enum scope
 */
void access_add_scopes(struct json *j, uint32_t scopes);

/**
 * access_scope_find - a scope by its name
 * @name  "blocks:write"
 *
 * Returns its bit, or 0.
 */
uint32_t access_scope_find(struct str name);

/**
 * access_user_find - a user by name
 * @x     access
 * @name  exactly as it is
 *
 * Returns the user, or NULL.
 */
struct access_user *access_user_find(struct access *x, struct str name);

/**
 * access_user_get - a user by number
 * @x   access
 * @id  number
 *
 * Returns the user, or NULL.
 */
struct access_user *access_user_get(struct access *x, uint64_t id);

/**
 * access_user_save - a user was changed, or is new: with number 0
 * @x    access
 * @row  what shall be; copied
 *
 * Returns the user.
 */
struct access_user *access_user_save(
	struct access *x, const struct store_user *row);

/**
 * access_user_delete - a user ends, with sessions and tokens
 * @x   access
 * @id  number
 */
void access_user_delete(struct access *x, uint64_t id);

/**
 * access_session_new - sign a user in
 * @a     request; gets its cookie and session
 * @user  who
 */
void access_session_new(struct ask *a, struct access_user *user);

/**
 * access_session_get - a live session by number
 * @x   access
 * @id  number
 *
 * Returns the session, or NULL.
 */
struct access_session *access_session_get(struct access *x, uint64_t id);

/**
 * access_session_turn - give a session a new cookie
 * @a  request; gets it
 * @s  session; its password was given just now
 */
void access_session_turn(struct ask *a, struct access_session *s);

/**
 * access_session_delete - a session ends
 * @x   access
 * @id  number
 *
 * Returns false when there is none.
 */
bool access_session_delete(struct access *x, uint64_t id);

/**
 * access_sessions_end - all sessions of a user end but one
 * @x       access
 * @user    number
 * @except  number of the session that stays, or 0
 */
void access_sessions_end(struct access *x, uint64_t user, uint64_t except);

/**
 * access_token_add - a new token
 * @x    access
 * @row  its number is given here; copied
 *
 * Returns the token.
 */
struct access_token *access_token_add(
	struct access *x, const struct store_token *row);

/**
 * access_token_delete - a token ends
 * @x   access
 * @id  number
 */
void access_token_delete(struct access *x, uint64_t id);

/**
 * access_csrf - what a session's writes have to show
 * @secret  the cookie's value
 * @ret     text
 */
void access_csrf(struct str secret, char ret[SECRET_TEXT_MAX]);

/**
 * access_secret - a new secret as text
 * @ret  base64url
 */
void access_secret(char ret[SECRET_TEXT_MAX]);

/**
 * access_wait - how long until this account may be tried from here again?
 * @a     request
 * @name  account
 *
 * Returns seconds, or 0.
 */
int64_t access_wait(const struct ask *a, struct str name);

/**
 * access_tried - an account was tried: throttle, and an event
 * @a         request
 * @name      account
 * @has_come  true: signed in
 */
void access_tried(struct ask *a, struct str name, bool has_come);

/* Back in the loop: was it right?  @hash: a new one to keep, or "". */
typedef void access_on_hashed(struct ask *a, bool is_right, const char *hash);

/**
 * access_password_check - compare a password, away from the loop
 * @a         request; on failure it is ended
 * @hash      of the user, or NULL: nobody, which takes as long
 * @password  copied
 * @fn        called in the loop
 */
void access_password_check(struct ask *a, const char *hash, struct str password,
	access_on_hashed *fn);

/**
 * access_password_make - hash a new password, away from the loop
 * @a         request; on failure it is ended
 * @password  copied
 * @fn        called in the loop with the hash
 */
void access_password_make(
	struct ask *a, struct str password, access_on_hashed *fn);

/**
 * access_password_get - a new password in the body
 * @a     request; on failure it is ended
 * @name  of the member
 * @ret   the password, of a length that is allowed; borrowed
 *
 * Returns false when there is none: answered.
 */
bool access_password_get(struct ask *a, const char *name, struct str *ret);

/**
 * access_lacks_totp - must this user have a second factor and has none?
 * @a  any request
 * @u  user
 *
 * Returns true when the user may do nothing else before.
 */
bool access_lacks_totp(const struct ask *a, const struct store_user *u);

/**
 * access_totp_drop - a user has no second factor any more
 * @u  row, to be saved
 */
void access_totp_drop(struct store_user *u);

/**
 * access_add_totp - members about a user's second factor
 * @a  request, in an open object
 * @u  user
 */
void access_add_totp(struct ask *a, const struct store_user *u);

enum access_second {
	SECOND_RIGHT,
	SECOND_WRONG,
	SECOND_SLOW, /* not looked at: retry_s of the request says when */
};

/**
 * access_second_check - try a code of the second factor, which uses it up
 * @a         request
 * @u         whose
 * @totp      six digits of the device, or empty
 * @recovery  or a recovery code
 *
 * Returns what it is.
 */
enum access_second access_second_check(struct ask *a, struct access_user *u,
	struct str totp, struct str recovery);

/**
 * access_try_count - wait longer after each failure
 * @t         of whom
 * @has_come  it was right: nothing is held against them any more
 * @now       wall time [s]
 */
void access_try_count(struct access_try *t, bool has_come, int64_t now);

/**
 * access_audit - a row of the audit log, in one transaction with what the
 * request changes next
 * @a       request; gets no other row
 * @target  what it is about
 * @before  JSON, or empty
 * @after   JSON, or empty: the body without its secrets
 */
void access_audit(
	struct ask *a, struct str target, struct str before, struct str after);

/**
 * access_audit_rest - the row of a request whose handler wrote none
 * @a       request
 * @status  of its answer
 */
void access_audit_rest(struct ask *a, unsigned status);
