/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The words of Dovecot's log lines, as automata made by re2c.
 */

#include <stdint.h>

#include "base/str.h"

/* What a line of a login process says. */
enum login {
	LOGIN_UNKNOWN,
	LOGIN_NOTHING,
	LOGIN_SUCCESS,
	LOGIN_FAILED,	   /* auth failed, N attempts in M secs */
	LOGIN_FAILED_ONCE, /* a failed try that isn't counted out */
	LOGIN_NO_ATTEMPT,
	LOGIN_TROUBLE,	  /* the server's own */
	LOGIN_UNFINISHED, /* no credentials were judged */
	LOGIN_RIGHT,	  /* right password, but the account may not */
	LOGINS,
};

struct login_said {
	uint32_t attempts;
	uint32_t secs;
	struct str rest; /* behind "user=<" */
};

/**
 * login_read - what a login process says
 * @s    message without its level
 * @ret  its parts
 *
 * Returns what it is.
 */
enum login login_read(struct str s, struct login_said *ret);

/* What auth says of a try, behind "db(user,address,<session>): ". */
enum verdict {
	VERDICT_UNKNOWN,
	VERDICT_NOTHING,
	VERDICT_FAILED,
	VERDICT_REFUSED, /* by Brattice, or another policy server */
	VERDICT_TROUBLE,
	VERDICTS,
};

/**
 * verdict_read - what auth says of a try
 * @s  from "): " on; all of it must fit
 *
 * Returns what it is.
 */
enum verdict verdict_read(struct str s);

/**
 * tail_read - is this what a login process writes behind the user?
 * @s        from ", rip=" on
 * @ret_rip  the client's address
 * @ret_session  session id, or empty
 *
 * Returns true when it is, to the end of the line.
 */
int tail_read(struct str s, struct str *ret_rip, struct str *ret_session);

/**
 * auth_read - does auth speak of a try?
 * @s    message without its level, shortened to what is behind "db("
 *
 * Returns true when it does.
 */
int auth_read(struct str *s);
