/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/def.h"
#include "dialect/dovecot/state.h"

#define NOTHING CAUSE_NOTHING

const struct cause logins[LOGINS] = {
	[LOGIN_UNKNOWN] = { "anything else", NOTHING, "counted as unknown" },
	[LOGIN_NOTHING] = { "Login failed, Authenticate … failed, ID sent, "
			    "access(…)",
		NOTHING, "the disconnect line that follows counts the try" },
	[LOGIN_SUCCESS] = { "Login, started proxying to", EVENT_LOGIN_SUCCESS,
		"the right password" },
	[LOGIN_FAILED] = { "(auth failed, N attempts in M secs), "
			   "(authorization failed, …)",
		EVENT_LOGIN_FAILURE,
		"a summary: adds what auth's own lines and other sources have "
		"not told; without those that a policy server refused" },
	[LOGIN_FAILED_ONCE] = { "(proxy dest auth failed), (sent invalid "
				"base64 in response), (tried to use "
				"unsupported auth mechanism)",
		EVENT_LOGIN_FAILURE,
		"a summary of one: how many there were isn't said" },
	[LOGIN_NO_ATTEMPT] = { "(no auth attempts in N secs), Too many "
			       "invalid commands, TLS handshaking",
		EVENT_PROBE, "came and went without trying a password" },
	[LOGIN_TROUBLE] = { "(disconnected before auth was ready), (auth "
			    "process communication failure), (auth service "
			    "reported temporary failure), (internal failure)",
		NOTHING, "the server's own trouble" },
	[LOGIN_UNFINISHED] = { "(client didn't finish SASL auth), "
			       "(disconnected while authenticating), (aborted "
			       "authentication), (tried to use disallowed "
			       "plaintext auth), client certificates",
		NOTHING,
		"no credentials were judged; if some were, auth's own line "
		"tells it" },
	[LOGIN_RIGHT] = { "(user disabled), (password expired), (login "
			  "disabled)",
		NOTHING,
		"the password was right: nobody is guessing, an old device "
		"is polling" },
};

/* The client is read from the end, where the server's own words are: the
 * last ", rip=" begins them, since nothing behind it is a client's. */
static bool
client_read(struct str s, struct event *ev, struct str *ret_user)
{
	ptrdiff_t at = str_rfind(s, S(", rip="));
	struct str rip;

	if (at < 0 || !tail_read(str_from(s, (size_t)at), &rip, &ev->session))
		return false;
	*ret_user = (struct str){ s.p, (size_t)at };
	return addr_parse(rip, &ev->addr);
}

/* "alice>, method=PLAIN" or "alice>" */
static struct str
user_of(struct str s)
{
	ptrdiff_t at = str_rfind(s, S(">, method="));

	if (at >= 0)
		s.n = (size_t)at;
	else if (str_ends(s, S(">")))
		s.n--;
	return s;
}

/* Tries that Brattice refused, or that met trouble, aren't failures. */
static uint32_t
excuses_of(struct dovecot *d, struct str id)
{
	const struct talk *s = talk_take(d, id);

	return s ? s->excused : 0;
}

/* The right password: what failed before it failed, but for a line of the
 * same try, which only said that the user is in another passdb. */
static void
success_feed(struct dovecot *d, int64_t time, struct events *ret)
{
	const struct talk *s = talk_take(d, ret->list[0].session);
	struct event success UNFILLED;

	if (!s || !s->last.time || time - s->last.time <= TRY_SAME_S) {
		ret->n = 1;
		return;
	}
	success = ret->list[0];
	talk_tell(d, &s->last, ret);
	ret->list[ret->n++] = success;
}

static enum reading
summary_feed(struct dovecot *d, const struct login_said *said, struct event *ev,
	struct events *ret)
{
	uint32_t attempts = said->attempts ? said->attempts : 1;
	uint32_t excused = excuses_of(d, ev->session);

	if (attempts <= excused)
		return READING_NOTHING;
	ev->count = attempts - excused;
	ev->span_s = said->secs;
	ev->is_summary = true;
	ret->n = 1;
	return READING_EVENT;
}

static struct str
service_of(enum process process)
{
	switch (process) {
	case PROCESS_IMAP: return S("imap");
	case PROCESS_POP3: return S("pop3");
	case PROCESS_SIEVE: return S("sieve");
	default: return S("submission");
	}
}

enum reading
login_feed(struct dovecot *d, enum process process, const struct line *line,
	struct str s, struct events *ret)
{
	struct login_said said UNFILLED;
	enum login login = login_read(s, &said);
	struct event *ev = ret->list;

	if (login == LOGIN_UNKNOWN)
		return READING_UNKNOWN;
	if (logins[login].kind == CAUSE_NOTHING)
		return READING_NOTHING;
	*ev = (struct event){ .kind = (enum event_kind)logins[login].kind,
		.count = 1,
		.service = service_of(process),
		.detail = s };
	if (!client_read(said.rest, ev, &ev->account))
		return READING_AMBIGUOUS;
	ev->account = user_of(ev->account);
	if (login == LOGIN_FAILED || login == LOGIN_FAILED_ONCE)
		return summary_feed(d, &said, ev, ret);
	if (login == LOGIN_NO_ATTEMPT && excuses_of(d, ev->session))
		return READING_NOTHING;
	if (login == LOGIN_SUCCESS)
		success_feed(d, line->time, ret);
	else
		ret->n = 1;
	return READING_EVENT;
}
