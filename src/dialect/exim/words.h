/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The words of Exim's log lines, as automata made by re2c.
 */

#include <stdbool.h>

#include "base/str.h"

/* What a line says, by the words before the client's host. */
enum exim_line {
	EXIM_UNKNOWN,
	EXIM_NOTHING,
	EXIM_LOGIN_FAILED, /* "… authenticator failed for HOST: " */
	EXIM_SAID,	   /* "H=HOST …", what was refused comes behind */
	EXIM_ACCEPTED,	   /* "ID <= sender H=HOST …" */
	EXIM_TOO_MANY,	   /* "SMTP call from HOST dropped: too many …" */
	EXIM_SYNTAX,	   /* SMTP syntax or protocol error */
	EXIM_IMPROPER,	   /* input too soon, an address without domain */
	EXIM_HELO,	   /* HELO with invalid arguments */
	EXIM_NO_MAIL,	   /* "no MAIL in SMTP connection from HOST" */
	EXIM_TLS,	   /* TLS error */
	EXIM_CONNECTIONS,  /* too many from that address */
	EXIM_TOO_BIG,	   /* message too big */
	EXIM_LINES,
};

/* Where the client is named. */
struct exim_host {
	struct str addr;
	struct str helo; /* or empty */
	struct str port; /* the server's, with incoming_interface */
	struct str rest; /* behind it */
};

/* What was refused, of EXIM_SAID. */
struct exim_refusal {
	bool is_temporary;
	struct str what;   /* "RCPT", "after", "connection" … */
	struct str reason; /* behind it, to the line's end */
};

/**
 * exim_id_take - take a message id off
 * @s  message without time and pid; without its id afterwards
 *
 * Returns the id, or an empty run.
 */
struct str exim_id_take(struct str *s);

/**
 * exim_read - what a line says
 * @s         message without time, pid and id
 * @ret_rest  from the client's host on
 *
 * Returns what it is.
 */
enum exim_line exim_read(struct str s, struct str *ret_rest);

/**
 * exim_host_read - the client, at the head of what exim_read() left
 * @s    from "H=" or the host's name on
 * @ret  filled
 *
 * Returns false when no client is named there.
 */
bool exim_host_read(struct str s, struct exim_host *ret);

/**
 * exim_refusal_read - what was refused, behind the client
 * @s    the host's rest
 * @ret  filled
 *
 * Returns false when nothing was refused.
 */
bool exim_refusal_read(struct str s, struct exim_refusal *ret);

/**
 * exim_login_read - who logged in, of an accepted message
 * @s    the host's rest
 * @ret  the user, or empty
 *
 * Returns true when somebody did.
 */
bool exim_login_read(struct str s, struct str *ret);
