/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What is remembered of Dovecot, by session: how many of its tries were
 * refused by Brattice or met the server's own trouble, since the session's
 * last line counts them as failed; and the last try, which isn't told
 * before it is certain that it failed.  A fixed table; the session that
 * was quiet longest goes.
 */

#include "dialect/cause.h"
#include "dialect/dialect.h"
#include "dialect/dovecot/words.h"
#include "dialect/slots.h"

enum {
	TALKS = 4096,
	TRY_TEXT_MAX = 70, /* user or session */
	TRY_DETAIL_MAX = 160,
	TRY_SAME_S = 1, /* lines this near each other are one try: with
			   several passdbs each one writes its own */
};

/* A password database said no; another may say yes. */
struct
try {
	int64_t time; /* 0: none */
	struct addr addr;
	uint8_t user_n, session_n, detail_n;
	char user[TRY_TEXT_MAX], session[TRY_TEXT_MAX];
	char detail[TRY_DETAIL_MAX];
};

struct talk {
	uint32_t excused; /* tries that are nobody's fault */
	struct try last;
};

struct dovecot {
	struct hash_key key;
	struct slots slots;
	struct talk *talks;
	struct try told; /* texts of the event that is given back */
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
 * talk_get - what is remembered of a session, made when it is new
 * @d   state
 * @id  session, not empty
 *
 * Returns it; good until the next call.
 */
struct talk *talk_get(struct dovecot *d, struct str id);

/**
 * talk_take - what was remembered of a session, forgotten now
 * @d   state
 * @id  session, may be empty
 *
 * Returns it, good until the next talk_get(), or NULL when nothing was.
 */
const struct talk *talk_take(struct dovecot *d, struct str id);

/**
 * talk_tell - a failed try as an event
 * @d    state; keeps the texts until the next call
 * @t    try
 * @ret  events; it becomes the last one
 */
void talk_tell(struct dovecot *d, const struct try *t, struct events *ret);

/**
 * login_feed - a line of a login process
 * @d        state
 * @process  which one
 * @line     for its time
 * @s        message without tag and level
 * @ret      events
 *
 * Returns what it came to.
 */
enum reading login_feed(struct dovecot *d, enum process process,
	const struct line *line, struct str s, struct events *ret);

/**
 * auth_feed - a line of auth or auth-worker
 * @d     state
 * @line  for its time
 * @s     message without tag and level
 * @ret  events
 *
 * Returns what it came to.
 */
enum reading auth_feed(struct dovecot *d, const struct line *line, struct str s,
	struct events *ret);
