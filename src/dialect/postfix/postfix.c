/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dialect/dialect.h"
#include "dialect/literal.h"
#include "dialect/postfix/refusal.h"
#include "dialect/postfix/smtpd.h"

/* The daemon's name is the last part of the tag, whatever syslog_name is:
 * "postfix/smtpd", "postfix-in/smtpd", "postfix/submission/smtpd". */
static struct str
daemon_of(struct str program)
{
	const char *slash = memrchr(program.p, '/', program.n);

	return slash ? str_from(program, (size_t)(slash - program.p) + 1)
		     : (struct str){ 0 };
}

static bool
postfix_owns(struct str program)
{
	struct str daemon;

	if (BEGINS(program, "postfix"))
		return true;
	daemon = daemon_of(program);
	return IS(daemon, "smtpd") || IS(daemon, "cleanup");
}

static void *
postfix_open(const struct hash_key *key)
{
	struct postfix *px = mem_alloc(1, sizeof(*px));

	px->key = *key;
	slots_open(&px->session_slots, SESSIONS);
	slots_open(&px->message_slots, MESSAGES);
	/* Not zeroed: an entry is filled when its slot is taken. */
	px->sessions = mem_grow(NULL, SESSIONS, sizeof(*px->sessions));
	px->messages = mem_grow(NULL, MESSAGES, sizeof(*px->messages));
	return px;
}

static void
postfix_close(void *state)
{
	struct postfix *px = state;

	slots_close(&px->session_slots);
	slots_close(&px->message_slots);
	free(px->sessions);
	free(px->messages);
	free(px);
}

static enum reading
postfix_feed(void *state, const struct line *line, struct events *ret)
{
	struct scene sc = { .px = state, .line = line, .ret = ret };
	struct str daemon;

	ret->n = 0;
	if (IS(line->program, "postfix/smtpd"))
		return smtpd_feed(&sc);
	daemon = daemon_of(line->program);
	if (IS(daemon, "smtpd"))
		return smtpd_feed(&sc);
	if (IS(daemon, "cleanup"))
		return cleanup_feed(&sc);
	return READING_NOTHING;
}

const struct dialect dialect_postfix = {
	.name = "postfix",
	.source = "postfix-log",
	.summary = "Postfix 3.x: smtpd and cleanup",
	.owns = postfix_owns,
	.open = postfix_open,
	.close = postfix_close,
	.feed = postfix_feed,
};

const struct causes causes_postfix = {
	.dialect = "postfix",
	.n = 2,
	.tables = {
		{ .title = "Lines of smtpd and cleanup",
			.n = SAYINGS,
			.causes = sayings },
		{ .title = "Refusals",
			.n = REFUSALS,
			.refusals = refusal_causes },
	},
};
