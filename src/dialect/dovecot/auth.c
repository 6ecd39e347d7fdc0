/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/def.h"
#include "dialect/dovecot/state.h"

#define NOTHING CAUSE_NOTHING

enum {
	USER_MAX = 64 + 3, /* Dovecot cuts a name at 64 and adds "..." */
	SEARCH_MAX = 192,  /* name, address and session are within these */
	READINGS_MAX = 8,
};

const struct cause verdicts[VERDICTS] = {
	[VERDICT_UNKNOWN] = { "anything else", NOTHING, "counted as unknown" },
	[VERDICT_NOTHING] = { "Policy check action, Password expired, User "
			      "login disabled, time-outs",
		NOTHING, "no wrong credentials" },
	[VERDICT_FAILED] = { "Password mismatch, unknown user, "
			     "pam_authenticate() failed, invalid "
			     "credentials, Username character disallowed, "
			     "allow_nets check failed, oauth2 failed, Login "
			     "failed (status=1)",
		EVENT_LOGIN_FAILURE,
		"with auth_verbose=yes, once the session's next try or its "
		"login shows that it failed: with several passdbs each one "
		"that says no writes a line, even if the next says yes. "
		"Without a session (SASL for another server) nothing: that "
		"server's log tells the outcome" },
	[VERDICT_REFUSED] = { "Authentication failure due to policy server "
			      "refusal",
		NOTHING,
		"Brattice's own refusal; it is taken off the session's "
		"summary, too" },
	[VERDICT_TROUBLE] = { "temporary, Internal, ldap", NOTHING,
		"the server's own trouble; taken off the summary, too" },
};

/* One way to read "user,address,<session>): verdict". */
struct way {
	struct str user, session;
	struct addr addr;
	enum verdict verdict;
};

/* The last run of @s that is between @open and its last byte @shut. */
static bool
tail_cut(struct str *s, char open, char shut, struct str *ret)
{
	size_t i = s->n;

	if (i < 2 || s->p[i - 1] != shut)
		return false;
	for (i--; i > 0; i--)
		if (s->p[i - 1] == open || s->p[i - 1] == ',' ||
			s->p[i - 1] == ' ' || s->p[i - 1] == shut)
			break;
	if (!i || s->p[i - 1] != open)
		return false;
	*ret = (struct str){ s->p + i, s->n - 1 - i };
	s->n = i - 1;
	return true;
}

/* "user,address[,master][,<session>]", from its end. */
static bool
whom_read(struct str s, struct way *ret)
{
	struct str head = s;
	ptrdiff_t comma;

	ret->session = (struct str){ 0 };
	if (tail_cut(&head, '<', '>', &ret->session)) {
		if (!str_ends(head, S(",")))
			return false;
		head.n--;
	}
	if (str_ends(head, S(",master")))
		head.n -= 7;
	comma = str_rfind(head, S(","));
	if (comma < 0 || comma > USER_MAX)
		return false;
	ret->user = (struct str){ head.p, (size_t)comma };
	return addr_parse(str_from(head, (size_t)comma + 1), &ret->addr);
}

/*
 * All ways to read a line whose user name may hold anything.  Dovecot cuts
 * names at 64 bytes and a verdict goes to the end of the line, so a name
 * that imitates an end has no room left for one that is an end.
 */
static unsigned
ways_find(struct str s, struct way ways[READINGS_MAX])
{
	unsigned n = 0;
	size_t last = s.n < SEARCH_MAX ? s.n : SEARCH_MAX;

	for (size_t i = 0; i < last && n < READINGS_MAX; i++) {
		struct way *w = &ways[n];

		if (s.p[i] != ')' || i + 2 >= s.n || s.p[i + 1] != ':' ||
			s.p[i + 2] != ' ')
			continue;
		w->verdict = verdict_read(str_from(s, i));
		if (w->verdict != VERDICT_UNKNOWN &&
			whom_read((struct str){ s.p, i }, w))
			n++;
	}
	return n;
}

/* A line within the same second or the next is about the same try. */
static bool
is_same(const struct try *t, int64_t time)
{
	return t->time && time - t->time <= TRY_SAME_S;
}

static void
keep(char *to, size_t max, uint8_t *ret_n, struct str s)
{
	*ret_n = (uint8_t)(s.n < max ? s.n : max);
	memcpy(to, s.p, *ret_n);
}

static void
try_keep(struct try *t, const struct way *w, int64_t time, struct str detail)
{
	t->time = time;
	t->addr = w->addr;
	keep(t->user, sizeof(t->user), &t->user_n, w->user);
	keep(t->session, sizeof(t->session), &t->session_n, w->session);
	keep(t->detail, sizeof(t->detail), &t->detail_n, detail);
}

static enum reading
judge(struct dovecot *d, const struct way *w, int64_t time, struct str detail,
	struct events *ret)
{
	struct talk *s;

	if (!w->session.n)
		return READING_NOTHING;
	s = talk_get(d, w->session);
	if (verdicts[w->verdict].kind == CAUSE_NOTHING) {
		/* The session's summary will count this try as failed. */
		if (w->verdict != VERDICT_NOTHING)
			s->excused++;
		if (is_same(&s->last, time))
			s->last.time = 0;
		return READING_NOTHING;
	}
	if (s->last.time && !is_same(&s->last, time))
		talk_tell(d, &s->last, ret);
	try_keep(&s->last, w, time, detail);
	return ret->n ? READING_EVENT : READING_NOTHING;
}

enum reading
auth_feed(struct dovecot *d, const struct line *line, struct str s,
	struct events *ret)
{
	struct way ways[READINGS_MAX] UNFILLED;
	struct str rest = s;
	unsigned n;

	if (!auth_read(&rest))
		return READING_NOTHING;
	n = ways_find(rest, ways);
	if (!n)
		return READING_UNKNOWN;
	for (unsigned i = 1; i < n; i++)
		if (!addr_eq(&ways[i].addr, &ways[0].addr) ||
			ways[i].verdict != ways[0].verdict)
			return READING_AMBIGUOUS;
	return judge(d, &ways[0], line->time, s, ret);
}
