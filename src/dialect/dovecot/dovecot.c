/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/def.h"
#include "base/mem.h"
#include "dialect/dovecot/state.h"
#include "dialect/literal.h"

#define TAG(name, process)                          \
	{                                           \
		{ name, sizeof(name) - 1 }, process \
	}

/* Tags of Dovecot's own log; in syslog they come behind "dovecot: ". */
static const struct tag {
	struct str name;
	enum process process;
} tags[] = {
	TAG("imap-login", PROCESS_IMAP),
	TAG("pop3-login", PROCESS_POP3),
	TAG("managesieve-login", PROCESS_SIEVE),
	TAG("submission-login", PROCESS_SUBMISSION),
	TAG("auth", PROCESS_AUTH),
	TAG("auth-worker", PROCESS_AUTH),
	TAG("imap", PROCESS_OTHER),
	TAG("pop3", PROCESS_OTHER),
	TAG("lmtp", PROCESS_OTHER),
	TAG("lda", PROCESS_OTHER),
	TAG("managesieve", PROCESS_OTHER),
	TAG("submission", PROCESS_OTHER),
	TAG("indexer-worker", PROCESS_OTHER),
	TAG("master", PROCESS_OTHER),
	TAG("anvil", PROCESS_OTHER),
	TAG("stats", PROCESS_OTHER),
	TAG("config", PROCESS_OTHER),
	TAG("log", PROCESS_OTHER),
	TAG("doveadm", PROCESS_OTHER),
};

/* "imap-login", "auth-worker(123)", "imap(user)<1><x>" */
static const struct tag *
tag_find(struct str s)
{
	struct str name, rest;

	str_cut(s, '(', &name, &rest);
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (str_eq(name, tags[i].name))
			return &tags[i];
	return NULL;
}

static bool
dovecot_owns(struct str program)
{
	return IS(program, "dovecot") || tag_find(program);
}

static void *
dovecot_open(const struct hash_key *key)
{
	struct dovecot *d = mem_alloc(1, sizeof(*d));

	d->key = *key;
	slots_open(&d->slots, TALKS);
	/* Not zeroed: an entry is filled when its slot is taken. */
	d->talks = mem_grow(NULL, TALKS, sizeof(*d->talks));
	return d;
}

static void
dovecot_close(void *state)
{
	struct dovecot *d = state;

	slots_close(&d->slots);
	free(d->talks);
	free(d);
}

/* "Info: " stands in Dovecot's own log only, the others everywhere; they
 * are the server's own troubles. */
static bool
level_take(struct str *s)
{
	if (BEGINS(*s, "Info: "))
		*s = str_from(*s, 6);
	else if (BEGINS(*s, "Debug: ") || BEGINS(*s, "Warning: ") ||
		 BEGINS(*s, "Error: ") || BEGINS(*s, "Fatal: ") ||
		 BEGINS(*s, "Panic: "))
		return false;
	return true;
}

static enum reading
dovecot_feed(void *state, const struct line *line, struct events *ret)
{
	struct str name = line->program, s = line->text;
	const struct tag *tag;

	ret->n = 0;
	if (IS(name, "dovecot") && str_cut(s, ':', &name, &s))
		str_take(&s, S(" "));
	tag = tag_find(name);
	if (!tag || tag->process == PROCESS_OTHER || !level_take(&s))
		return READING_NOTHING;
	if (tag->process == PROCESS_AUTH)
		return auth_feed(state, line, s, ret);
	return login_feed(state, tag->process, line, s, ret);
}

const struct dialect dialect_dovecot = {
	.name = "dovecot",
	.source = "dovecot-log",
	.summary = "Dovecot 2.3: login processes and auth",
	.owns = dovecot_owns,
	.open = dovecot_open,
	.close = dovecot_close,
	.feed = dovecot_feed,
};

const struct causes causes_dovecot = {
	.dialect = "dovecot",
	.n = 2,
	.tables = {
		{ .title = "Lines of the login processes",
			.n = LOGINS,
			.causes = logins },
		{ .title = "Lines of auth", .n = VERDICTS, .causes = verdicts },
	},
};
