/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Who may use the web interface and the API, and what everybody did: rows
 * of control.db.  Plain values of a fixed size but for the audit's texts;
 * of secrets only digests are kept.
 */

#include "store/store.h"
#include "sys/crypt.h"

enum {
	USER_NAME_MAX = 64, /* bytes, with the terminator, like those below */
	USER_CHOICE_MAX = 33,
	USER_TOTP = 20, /* bytes of the shared secret (RFC 4226, 4: R6) */
	USER_RECOVERY = 10,
	SESSION_AGENT_MAX = 160,
	TOKEN_NETWORKS = 8,
	AUDIT_TEXT_MAX = 4096, /* of before and after, each */
};

enum user_choice {
	CHOICE_LANGUAGE,
	CHOICE_THEME,
	CHOICE_DENSITY,
	CHOICE_SHORTCUTS,
	CHOICE_TIME_ZONE,
	USER_CHOICES,
};

struct store_user {
	uint64_t id;
	uint64_t version; /* grows with each change by people */
	char name[USER_NAME_MAX];
	uint8_t role; /* enum role of src/web */
	bool is_disabled, has_totp;
	int64_t created, last_login; /* last_login 0: never */
	char password[CRYPT_PASSWORD_MAX];
	uint8_t totp[USER_TOTP];
	int64_t totp_step; /* the last one that was used */
	uint8_t recovery[USER_RECOVERY][CRYPT_DIGEST]; /* zero: used */
	char choices[USER_CHOICES][USER_CHOICE_MAX];
};

struct store_session {
	uint64_t id, user;
	uint8_t secret[CRYPT_DIGEST];
	int64_t created, seen;
	int64_t proven; /* when the password was given last */
	struct addr addr;
	char agent[SESSION_AGENT_MAX];
};

struct store_token {
	uint64_t id, user;
	char name[USER_NAME_MAX];
	uint8_t secret[CRYPT_DIGEST];
	uint32_t scopes; /* bits 1 << enum scope of src/web */
	int64_t created;
	int64_t expires; /* INT64_MAX: never */
	int64_t used;	 /* 0: never */
	unsigned networks_n;
	struct prefix networks[TOKEN_NETWORKS]; /* none: from anywhere */
};

struct store_audit {
	uint64_t id; /* given by the store */
	int64_t time;
	struct str actor, via, address, action, target, before, after, note;
	uint8_t hash[CRYPT_DIGEST]; /* given by the store */
};

enum access_op {
	ACCESS_USER_SET,
	ACCESS_USER_DELETE, /* by @user.id, with sessions and tokens */
	ACCESS_SESSION_SET,
	ACCESS_SESSION_DELETE,
	ACCESS_TOKEN_SET,
	ACCESS_TOKEN_DELETE,
	ACCESS_AUDIT,
	ACCESS_OPS,
};

struct store_access {
	enum access_op op;
	union {
		struct store_user user;
		struct store_session session;
		struct store_token token;
		struct store_audit audit;
	};
};

/**
 * access_put - write one change
 * @s    store
 * @what  change
 * @err  when it can't be written
 *
 * Returns 0, or -1 with @err.
 */
int access_put(
	struct store *s, const struct store_access *what, struct err *err);

/* A row: @op says which, …_SET; rows are borrowed. */
typedef int access_on_row(void *ctx, const struct store_access *row);

/**
 * access_load - all users, sessions and tokens, in this order
 * @s    store
 * @fn   called for each; a non-zero return stops and is returned
 * @ctx  for @fn
 * @err  when the file can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int access_load(struct store *s, access_on_row *fn, void *ctx, struct err *err);

/* Which rows of the audit log; zeroed members narrow nothing. */
struct audit_query {
	struct str text; /* in actor, action, target, note or address */
	int64_t since, until;
	uint64_t before; /* only numbers below this */
	bool is_oldest_first;
	unsigned limit;
};

typedef int audit_on_row(void *ctx, const struct store_audit *row);

/**
 * audit_find - rows of the audit log, newest first unless asked otherwise
 * @s    store
 * @q    which
 * @fn   called for each, texts borrowed
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @fn returned.
 */
int audit_find(struct store *s, const struct audit_query *q, audit_on_row *fn,
	void *ctx, struct err *err);

/* What audit_verify() found. */
struct audit_verdict {
	uint64_t rows;	    /* read */
	uint64_t first_bad; /* number of the first wrong row, or 0 */
};

/**
 * audit_verify - is the chain of hashes whole?
 * @s    store
 * @ret  what was found: a row that was changed, is missing between two
 *       others, or is missing at the end
 * @err  when it can't be read
 *
 * Returns 0, or -1 with @err.
 */
int audit_verify(struct store *s, struct audit_verdict *ret, struct err *err);

/**
 * audit_keep - the audit log of now goes into a backup that replaces it,
 * whose sessions end
 * @to    store of the backup
 * @from  store of now
 * @err   when one of them can't be read or written
 *
 * Returns 0, or -1 with @err.
 */
int audit_keep(struct store *to, struct store *from, struct err *err);
