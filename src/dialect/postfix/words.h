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

/* What the text of a refusal says.  Where a text says several things, the
 * earlier one holds.  Those before PHRASE_CONTENT are Postfix' own words,
 * the others are also an administrator's, a milter's or a list's. */
enum phrase {
	PHRASE_ANY,
	PHRASE_RELAY,
	PHRASE_UNVERIFIED,
	PHRASE_NO_USER,
	PHRASE_HELO,
	PHRASE_SENDER,
	PHRASE_RECIPIENT_FORM,
	PHRASE_PIPELINING,
	PHRASE_NO_NAME,
	PHRASE_TOO_BIG,
	PHRASE_BARE_LF,
	PHRASE_DNSBL,
	PHRASE_CONTENT = PHRASE_DNSBL,
	PHRASE_VIRUS,
	PHRASE_PARTIAL,
	PHRASE_ATTACHMENT,
	PHRASE_SPF,
	PHRASE_RATE,
	PHRASE_SPAM,
	PHRASE_OTHER,
};

/**
 * phrase_read - what a refusal says, read from its front
 * @s  text behind the codes; may begin with "<what was refused>: "
 *
 * Returns it, or PHRASE_OTHER.
 */
enum phrase phrase_read(struct str s);

/**
 * phrase_search - what a text says anywhere
 * @s      text
 * @least  the first phrase that counts
 *
 * Returns the first of enum phrase that it says, or PHRASE_OTHER.
 */
enum phrase phrase_search(struct str s, enum phrase least);

/**
 * header_read - what a refused header is about
 * @s  from "header " on
 *
 * Returns PHRASE_ATTACHMENT, PHRASE_PARTIAL, PHRASE_SPAM, PHRASE_VIRUS or
 * PHRASE_OTHER.
 */
enum phrase header_read(struct str s);

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
