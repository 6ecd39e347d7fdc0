/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The words of Postfix' log lines, as automata made by re2c.  Each reads
 * from the front and stops at the first byte that a client may have
 * written.
 */

#include "base/str.h"

/* What a line of smtpd begins with. */
enum saying {
	SAYING_UNKNOWN,
	SAYING_NOTHING,
	SAYING_CONNECT,
	SAYING_DISCONNECT,
	SAYING_LOST,
	SAYING_TLS_ERROR,
	SAYING_TOO_MANY_ERRORS,
	SAYING_PIPELINING,
	SAYING_NOT_SMTP,
	SAYING_BAD_ADDRESS,
	SAYING_LONG_LINE,
	SAYING_BAD_CHUNK,
	SAYING_CHUNK_TOO_BIG,
	SAYING_RATE,
	SAYING_AUTH_FAILED,
	SAYING_AUTH_ABORTED,
	SAYING_TOO_BIG,
	SAYING_CLIENT,
	SAYING_REJECT,
	SAYING_PERMIT,
	SAYING_PROXY_REJECT,
	SAYING_HEADER,	     /* cleanup: header or body check, mime error */
	SAYING_HEADER_OTHER, /* cleanup: another action of a check */
	SAYINGS,
};

struct said {
	struct str queue; /* queue id or "NOQUEUE", or empty */
	struct str where; /* SMTP command, or empty */
	struct str rest;  /* behind "from ", or what the row says */
};

/**
 * smtpd_read - what a line of smtpd begins with
 * @s    message
 * @ret  its parts
 *
 * Returns what it is.
 */
enum saying smtpd_read(struct str s, struct said *ret);

/**
 * warning_read - what a warning of smtpd says
 * @s    message behind "warning: "
 * @ret  its parts
 *
 * Returns what it is.  The server's own troubles, which name no client or
 * not first, are SAYING_NOTHING; whatever else is said of a client should
 * have a rule.
 */
enum saying warning_read(struct str s, struct said *ret);

/**
 * cleanup_read - what a line of cleanup begins with
 * @s    message
 * @ret  its parts; @rest of SAYING_HEADER is behind "reject: "
 *
 * Returns what it is.
 */
enum saying cleanup_read(struct str s, struct said *ret);

/* Why SASL says that it failed. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_SERVER,	 /* its own trouble */
	TROUBLE_BLOCKED, /* refused by Brattice */
};

/**
 * trouble_read - is a failed AUTH the server's own trouble?
 * @s  reason that the server gives
 *
 * Returns whose it is.
 */
enum trouble trouble_read(struct str s);

enum counter {
	COUNTER_END, /* no more, or "commands=" */
	COUNTER_AUTH,
	COUNTER_TRY,	/* MAIL, RCPT, DATA …: a failure has its own line, or
			   follows from one */
	COUNTER_SYNTAX, /* a command that fails for its form only */
	COUNTER_OTHER,
};

/**
 * counter_read - the next " command=ok/total" of a disconnect line
 * @s  text, shortened to what follows '='
 *
 * Returns whose counter it is.
 */
enum counter counter_read(struct str *s);

/**
 * permit_read - may this client relay?
 * @s  text behind "action="
 *
 * Returns true for the rules that trust a client.
 */
int permit_read(struct str s);
