/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Rules of the site's own: which lines of a program are which event.
 *
 *	login_failure vpn openvpn: login of %account% from %address% failed
 *
 * is the event, the service, the program that writes the line, and all of
 * the line behind its tag: text, and fields.  A line is matched in one pass
 * whatever it holds; where it can be read with two addresses it is
 * ambiguous, and nobody is scored.
 */

#include "base/err.h"
#include "dialect/dialect.h"

enum {
	RULES_MAX = 256,
	RULE_LINE_MAX = 65536, /* a longer log line fits no rule [bytes] */
};

/* A list of rules; matched in their order. */
struct rules;

/**
 * rules_new - an empty list
 *
 * Returns it, for rules_free().
 */
struct rules *rules_new(void);

/**
 * rules_free - give a list back
 * @rules  list, or NULL
 */
void rules_free(struct rules *rules);

/**
 * rules_add - put a rule behind the others
 * @rules  list
 * @text   "event service program: line"; copied.  The program is what stands
 *         before the pid, "*" any, "-" a line without a tag (its time, if it
 *         begins with one, is taken off).  The line holds %address% once;
 *         %account%, %session%, %helo%, %word% (no blank), %number% and
 *         %rest% (anything) as wanted, text between two of them; %% is a
 *         percent sign.  Event "nothing": the line is of no interest
 * @err    names the column and says what was expected
 *
 * Returns 0, or -1 with @err; then the list is as it was.
 */
int rules_add(struct rules *rules, struct str text, struct err *err);

/**
 * rules_match - the event of a line
 * @rules  list
 * @line   program empty: it has no tag
 * @ret    one event, or none; texts borrow from @line and @rules
 *
 * Returns foreign when no rule fits, otherwise what the first one says.
 */
enum reading rules_match(
	const struct rules *rules, const struct line *line, struct events *ret);

/**
 * reader_rules - ask rules before the dialects
 * @r      reader
 * @rules  list; must live as long as @r
 */
void reader_rules(struct reader *r, const struct rules *rules);
