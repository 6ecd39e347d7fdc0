/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a mail server reported about a client: a plain value that borrows
 * its texts.  Kinds are numbered as spec.md section 2 numbers them; the
 * numbers are public (API field "event", placeholder %e).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/str.h"

enum event_kind {
	EVENT_AUTH_FAILURE = 0,
	EVENT_RELAY_DENIED = 1,
	EVENT_RELAY_ALLOWED = 2,
	EVENT_BAD_RECIPIENT = 3,
	EVENT_GOOD_RECIPIENT = 4,
	EVENT_SPAM = 5,
	EVENT_VIRUS = 6,
	EVENT_RULE = 7,
	EVENT_DNSBL = 8,
	EVENT_SYNTAX = 9,
	EVENT_TOO_BIG = 10,
	EVENT_ATTACHMENT = 11,
	EVENT_PARTIAL = 12,
	EVENT_SPF = 13,
	EVENT_HELO = 14,
	EVENT_SENDER = 15,
	EVENT_RATE = 16,
	EVENT_PROBE = 17,
	EVENT_TOO_MANY_ERRORS = 18,
	EVENT_LOGIN_FAILURE = 32,
	EVENT_LOGIN_SUCCESS = 33,
	EVENT_KINDS = 34, /* numbers 19 … 31 are free */
};

enum {
	EVENT_DETAIL_MAX = 512, /* bytes of the server's words that are kept */
	EVENT_TEXT_MAX = 255,	/* bytes of account, HELO, session … kept */
};

/* One row of the table of kinds. */
struct event_type {
	const char *id;	     /* "auth_failure"; NULL: the number is free */
	const char *label;   /* "Bad password", for people */
	uint16_t weight;     /* default [points] */
	bool is_settable;    /* weight.<id> is a setting */
	const char *meaning; /* a sentence for manuals and pages */
};

struct event {
	enum event_kind kind;
	struct addr addr;   /* client, canonical */
	int64_t time;	    /* seconds since 1970; 0: the time of arrival */
	uint32_t count;	    /* acts told, ≥ 1; more only in a summary */
	uint32_t span_s;    /* summary: began so long before @time [s] */
	bool is_summary;    /* tells the acts of a session once more */
	struct str source;  /* hook: "postfix-log", "dovecot-policy" … */
	struct str service; /* "smtp", "submission", "imap", "pop3" … */
	struct str account; /* as the client wrote it, or empty */
	struct str session; /* session or queue id of @source's server; two
			       sources that see the same id mean the same */
	struct str tag;	    /* credential tag (Dovecot's pwhash), or empty */
	struct str helo;    /* HELO name or device id, or empty */
	struct str detail;  /* the server's own words */
};

/* Rows 0 … EVENT_KINDS - 1, by number. */
extern const struct event_type event_types[EVENT_KINDS];

/**
 * event_kind_find - a kind by its id or number
 * @s    "relay_denied" or "1"
 * @ret  the kind
 *
 * Returns true when there is one.
 */
bool event_kind_find(struct str s, enum event_kind *ret);

/**
 * event_is_login - does the Login component count it?
 * @kind  kind
 *
 * Returns true for auth_failure and login_failure, which are one act when
 * two sources tell it.
 */
static inline bool
event_is_login(enum event_kind kind)
{
	return kind == EVENT_AUTH_FAILURE || kind == EVENT_LOGIN_FAILURE;
}
