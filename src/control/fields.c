/* SPDX-License-Identifier: ISC */

#include "control/fields.h"

#include "base/def.h"
#include "control/names.h"

static const char *const origins[] = {
	[ORIGIN_AUTOMATIC] = "automatic",
	[ORIGIN_MANUAL] = "manual",
	NULL,
};
static const char *const components[] = {
	[COMPONENT_SMTP] = "smtp",
	[COMPONENT_LOGIN] = "login",
	NULL,
};
static const char *const states[] = {
	[QUERY_ACTIVE] = "active",
	[QUERY_EXPIRED] = "expired",
	[QUERY_REMOVED] = "removed",
	NULL,
};

static const struct query_field event_rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL, "address, or network" },
	{ "kind", QUERY_KIND, QUERY_IS_KIND, NULL,
		"kind of event, by its name or number" },
	{ "type", QUERY_KIND, QUERY_IS_KIND, NULL, "the same as kind" },
	{ "account", QUERY_ACCOUNT, QUERY_IS_NAME, NULL,
		"account, as the client wrote it" },
	{ "user", QUERY_ACCOUNT, QUERY_IS_NAME, NULL, "the same as account" },
	{ "service", QUERY_SERVICE, QUERY_IS_NAME, NULL,
		"smtp, submission, imap, pop3 and so on" },
	{ "source", QUERY_SOURCE, QUERY_IS_NAME, NULL,
		"who told of it, such as postfix-log" },
	{ "outcome", QUERY_OUTCOME, QUERY_IS_CHOICE, outcome_names,
		"what became of it" },
	{ "state", QUERY_OUTCOME, QUERY_IS_CHOICE, outcome_names,
		"the same as outcome" },
	{ "points", QUERY_POINTS, QUERY_IS_NUMBER, NULL,
		"points that it counted" },
	{ "session", QUERY_SESSION, QUERY_IS_NAME, NULL,
		"session or queue id of the mail server" },
	{ "helo", QUERY_HELO, QUERY_IS_NAME, NULL, "HELO name or device id" },
	{ "block", QUERY_BLOCK, QUERY_IS_NUMBER, NULL,
		"number of the block that it led to" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL,
		"not before a time, or a span ago" },
	{ "until", QUERY_UNTIL, QUERY_IS_TIME, NULL,
		"not after a time, or a span ago" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL,
		"part of the detail, account, session or HELO name" },
};

static const struct query_field block_rows[] = {
	{ "ip", QUERY_IP, QUERY_IS_PREFIX, NULL,
		"entries that cover an address or network, or lie inside it" },
	{ "origin", QUERY_ORIGIN, QUERY_IS_CHOICE, origins,
		"made by the engine or by hand" },
	{ "component", QUERY_COMPONENT, QUERY_IS_CHOICE, components,
		"which score reached its threshold" },
	{ "state", QUERY_STATE, QUERY_IS_CHOICE, states,
		"whether it is in force" },
	{ "score", QUERY_SCORE, QUERY_IS_NUMBER, NULL,
		"score that was reached" },
	{ "hint", QUERY_HINT, QUERY_IS_HINT, NULL,
		"a kind of hint, or any that speaks for the address" },
	{ "by", QUERY_BY, QUERY_IS_NAME, NULL, "who made it" },
	{ "note", QUERY_NOTE, QUERY_IS_PART, NULL, "part of the note" },
	{ "expires", QUERY_EXPIRES, QUERY_IS_END, NULL,
		"when it ends: a span from now, or a time" },
	{ "since", QUERY_SINCE, QUERY_IS_TIME, NULL,
		"made not before a time, or a span ago" },
	{ "until", QUERY_UNTIL, QUERY_IS_TIME, NULL,
		"made not after a time, or a span ago" },
	{ "text", QUERY_TEXT, QUERY_IS_PART, NULL,
		"part of the note or of who made it" },
};

const struct query_fields event_fields = { event_rows, ARRAY_LEN(event_rows) };
const struct query_fields block_fields = { block_rows, ARRAY_LEN(block_rows) };
