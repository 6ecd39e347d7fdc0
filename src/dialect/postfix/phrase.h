/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the text of a refusal or a refused header says, as automata made by
 * re2c.
 */

#include "base/str.h"

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
