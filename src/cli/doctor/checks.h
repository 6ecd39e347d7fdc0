/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The checks that look at texts only.  Pure.
 */

#include "cli/doctor/finding.h"

/* What was asked of Postfix. */
struct postfix_text {
	struct str main;   /* postconf -n */
	struct str master; /* postconf -M */
	struct str limit;  /* postconf -h default_process_limit */
};

/**
 * check_postfix - does Postfix ask, and does mail flow without us?
 * @f       appended to
 * @t       what Postfix says
 * @wiring  lines "hook key value"
 */
void check_postfix(
	struct findings *f, const struct postfix_text *t, struct str wiring);

/* What was asked of Dovecot, and fresh secrets for lines to paste. */
struct dovecot_text {
	struct str text;   /* doveconf -n -P */
	struct str header; /* "X-API-Key: …" */
	struct str nonce;
};

/**
 * check_dovecot - does Dovecot ask, and do logins work without us?
 * @f       appended to
 * @t       what Dovecot says
 * @wiring  lines "hook key value"
 */
void check_dovecot(
	struct findings *f, const struct dovecot_text *t, struct str wiring);

/**
 * check_exim - does Exim ask, and does mail flow without us?
 * @f       appended to
 * @text    exim -bP config
 * @wiring  lines "hook key value"
 */
void check_exim(struct findings *f, struct str text, struct str wiring);
