/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What `brattice doctor` finds, and looking into the texts that it is
 * found in.  Pure.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "base/def.h"
#include "base/str.h"

enum finding_level {
	FINDING_GOOD,
	FINDING_WARNING,
	FINDING_BAD,
};

/* Where a line is pasted. */
#define INTO_SHELL   "a root shell"
#define INTO_WIRING  BRATTICE_CONF
#define INTO_SECTION "its section of " BRATTICE_CONF
#define INTO_POSTFIX "/etc/postfix"
#define INTO_DOVECOT "/etc/dovecot/conf.d/99-brattice.conf"
#define INTO_EXIM    "the ACL of acl_smtp_connect"

struct finding {
	struct finding *next;
	enum finding_level level;
	const char *topic; /* "postfix" */
	struct str text;
	const char *into; /* where to paste: a file, or INTO_SHELL */
	struct str paste; /* lines that mend it, or empty */
};

struct findings {
	struct arena arena;
	struct finding *first, *last;
	unsigned n[FINDING_BAD + 1];
};

/**
 * finding_add - one more
 * @f      findings, zeroed at first
 * @level  how bad
 * @topic  a literal
 * @fmt    a sentence, as printf
 */
void finding_add(struct findings *f, enum finding_level level,
	const char *topic, const char *fmt, ...) PRINTF_LIKE(4, 5);

/**
 * finding_paste - what mends the newest one
 * @f     findings, not empty
 * @into  where the lines belong, a literal
 * @fmt   lines, as printf
 */
void finding_paste(struct findings *f, const char *into, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/**
 * finding_free - give their memory back
 * @f  findings
 */
void finding_free(struct findings *f);

/**
 * finding_value - the value of "name = value" in a text of such lines
 * @text  as postconf, doveconf and exim print them
 * @name  of the setting
 * @ret   the last one's value, trimmed; untouched when there is none
 *
 * Returns true when there is one.
 */
bool finding_value(struct str text, struct str name, struct str *ret);

/**
 * finding_listener - is an address one of those that the wiring listens on?
 * @wiring   lines "hook key value", from bratticed --print
 * @hook     "policy"
 * @address  "unix:brattice/policy", "inet:127.0.0.1:9999",
 *           "127.0.0.1:4001"
 *
 * Returns true when it is.
 */
bool finding_listener(struct str wiring, struct str hook, struct str address);

/**
 * finding_wiring - a value of the wiring
 * @wiring  lines "hook key value"
 * @hook    "policy", or "-" outside of sections
 * @key     "listen"
 * @ret     the first one; untouched when there is none
 *
 * Returns true when there is one.
 */
bool finding_wiring(
	struct str wiring, struct str hook, struct str key, struct str *ret);
