/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What is remembered of Dovecot: by session, how many of its tries were
 * refused by Brattice or met the server's own trouble, since the session's
 * last line counts them as failed.  A fixed table; the session that was
 * quiet longest goes.
 */

#include "dialect/cause.h"
#include "dialect/dialect.h"
#include "dialect/dovecot/words.h"
#include "dialect/slots.h"

enum {
	EXCUSES = 4096
};

struct dovecot {
	struct hash_key key;
	struct slots slots;
	uint32_t *excused; /* tries of a session that are nobody's fault */
};

/* Which process wrote a line, and what it is to us. */
enum process {
	PROCESS_OTHER, /* imap, lmtp, master …: never of a stranger */
	PROCESS_AUTH,
	PROCESS_IMAP,
	PROCESS_POP3,
	PROCESS_SIEVE,
	PROCESS_SUBMISSION,
};

extern const struct cause logins[LOGINS];
extern const struct cause verdicts[VERDICTS];

extern const struct causes causes_dovecot;

/**
 * login_feed - a line of a login process
 * @d        state
 * @process  which one
 * @s        message without tag and level
 * @ret      events
 *
 * Returns what it came to.
 */
enum reading login_feed(struct dovecot *d, enum process process, struct str s,
	struct events *ret);

/**
 * auth_feed - a line of auth or auth-worker
 * @d    state
 * @s    message without tag and level
 * @ret  events
 *
 * Returns what it came to.
 */
enum reading auth_feed(struct dovecot *d, struct str s, struct events *ret);
