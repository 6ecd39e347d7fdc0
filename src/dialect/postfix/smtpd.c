/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/smtpd.h"

#include <string.h>

#include "base/def.h"
#include "dialect/literal.h"
#include "dialect/postfix/refusal.h"

#define NOTHING CAUSE_NOTHING

const struct cause sayings[SAYINGS] = {
	[SAYING_UNKNOWN] = { "anything else", NOTHING,
		"counted as unknown, so that a new version's words are "
		"noticed" },
	[SAYING_NOTHING] = { "TLS connection established, reject_warning, "
			     "warn, hold, discard, warnings that name no "
			     "client",
		NOTHING, "nothing was refused, or it is the server's own" },
	[SAYING_CONNECT] = { "connect from", NOTHING, "begins a session" },
	[SAYING_DISCONNECT] = { "disconnect from", EVENT_PROBE,
		"only with no AUTH, MAIL or RCPT and nothing else told of the "
		"session; see the counters below" },
	[SAYING_LOST] = { "lost connection after, timeout after", NOTHING,
		"the disconnect line that follows tells more" },
	[SAYING_TLS_ERROR] = { "SSL_accept error from", EVENT_PROBE,
		"TLS handshake failed" },
	[SAYING_TOO_MANY_ERRORS] = { "too many errors after",
		EVENT_TOO_MANY_ERRORS, "smtpd_hard_error_limit" },
	[SAYING_PIPELINING] = { "improper command pipelining after",
		EVENT_SYNTAX, "talked before its turn" },
	[SAYING_NOT_SMTP] = { "non-SMTP command from", EVENT_SYNTAX,
		"GET, POST, a message's header: not a mail client. None in a "
		"session in which something was refused: a client that "
		"pipelines its message behind a refused DATA does this" },
	[SAYING_BAD_ADDRESS] = { "Illegal address syntax from", EVENT_SYNTAX,
		"MAIL or RCPT with no address in it" },
	[SAYING_LONG_LINE] = { "request longer than", EVENT_SYNTAX,
		"longer than line_length_limit" },
	[SAYING_BAD_CHUNK] = { "malformed BDAT, null BDAT", EVENT_SYNTAX,
		"BDAT without a size, or of nothing" },
	[SAYING_CHUNK_TOO_BIG] = { "BDAT request exceeds message size limit",
		EVENT_TOO_BIG, "message_size_limit" },
	[SAYING_RATE] = { "… limit exceeded, Refusing STARTTLS request",
		EVENT_RATE, "anvil's limits per client" },
	[SAYING_AUTH_FAILED] = { "SASL … authentication failed",
		EVENT_AUTH_FAILURE,
		"nothing when the reason is the server's own (Connection lost "
		"to authentication server, temporary, generic failure) or "
		"Brattice's" },
	[SAYING_AUTH_ABORTED] = { "SASL … authentication aborted", NOTHING,
		"the client took it back before credentials were tried" },
	[SAYING_TOO_BIG] = { "queue file size limit exceeded", EVENT_TOO_BIG,
		"message_size_limit; the client is the one of the queue id" },
	[SAYING_CLIENT] = { "client=", EVENT_GOOD_RECIPIENT,
		"Postfix takes a queue id with the first accepted recipient. "
		"With sasl_username it is login_success instead, once a "
		"session. XFORWARD's orig_client stands behind what a client "
		"may write and isn't read" },
	[SAYING_REJECT] = { "reject, milter-reject", EVENT_RULE,
		"see the refusals below" },
	[SAYING_PERMIT] = { "permit: RCPT … action=permit_mynetworks, "
			    "permit_sasl_authenticated, "
			    "permit_tls_clientcerts",
		EVENT_RELAY_ALLOWED,
		"a client that may relay; other permits are one list's word "
		"and the next may still refuse" },
	[SAYING_PROXY_REJECT] = { "proxy-reject", EVENT_RULE,
		"a before-queue filter; the client is the session's" },
	[SAYING_HEADER] = { "cleanup: reject: header, body, mime-error",
		EVENT_RULE, "see the refusals below" },
	[SAYING_HEADER_OTHER] = { "cleanup: warning, hold, discard, redirect "
				  "of a check",
		NOTHING, "the message was accepted" },
};

/* Commands whose failures have lines of their own or follow from one; the
 * others' are counted in the disconnect line. */
static bool
is_counted(struct str where)
{
	static const char *const told[] = { "CONNECT", "MAIL", "RCPT", "DATA",
		"BDAT", "END-OF-MESSAGE", "AUTH", "STARTTLS" };

	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		if (str_starts(where, str_of(told[i])))
			return false;
	return true;
}

static enum reading
syntax_tell(struct scene *sc)
{
	event_tell(sc, EVENT_SYNTAX);
	sc->session->syntax++;
	return READING_EVENT;
}

static enum reading
connect_feed(struct scene *sc)
{
	struct str client = sc->rest;
	const char *shut;

	if (!client_read(sc))
		return READING_UNKNOWN;
	shut = memchr(client.p, ']', client.n);
	client.n = (size_t)(shut + 1 - client.p);
	sc->session = session_open(sc->px, sc->line, &sc->addr, client);
	return READING_NOTHING;
}

/* A session that breaks off in AUTH leaves one try without an answer. */
static enum reading
lost_feed(struct scene *sc)
{
	if (IS(sc->where, "AUTH"))
		sc->session->is_hung = true;
	return READING_NOTHING;
}

enum reading
refusal_feed(struct scene *sc)
{
	struct refusal r UNFILLED;
	const struct refusal_cause *c;
	struct event *ev;

	refusal_read(sc->rest, &r);
	c = refusal_judge(&r);
	sc->session->is_told = true;
	sc->session->is_refused = true;
	if (is_counted(sc->where))
		sc->session->lines++;
	if (c->cause.kind == CAUSE_NOTHING)
		return READING_NOTHING;
	ev = event_tell(sc, (enum event_kind)c->cause.kind);
	ev->helo = r.helo;
	if (ev->kind == EVENT_BAD_RECIPIENT)
		ev->account = r.recipient;
	if (ev->kind == EVENT_SYNTAX)
		sc->session->syntax++;
	return READING_EVENT;
}

/* Refused at CONNECT or HELO by a milter, a session hears the same words at
 * every command; it is one refusal. */
static bool
is_echo(struct scene *sc)
{
	struct session *s = sc->session;
	bool was_shut = s->is_shut;

	if (!str_starts(str_from(sc->line->text, sc->queue.n),
		    S(": milter-reject")) ||
		IS(sc->where, "RCPT"))
		return false;
	s->is_shut |= IS(sc->where, "CONNECT") ||
		      str_ends(sc->where, S("HLO")) ||
		      str_ends(sc->where, S("HELO"));
	return was_shut;
}

static enum reading
reject_feed(struct scene *sc)
{
	if (!str_take(&sc->rest, S(": ")))
		return READING_UNKNOWN;
	if (is_echo(sc))
		return READING_NOTHING;
	return refusal_feed(sc);
}

/* ": action=permit_mynetworks for Client host=…" */
static enum reading
permit_feed(struct scene *sc)
{
	if (!IS(sc->where, "RCPT") || !str_take(&sc->rest, S(": action=")) ||
		!permit_read(sc->rest))
		return READING_NOTHING;
	event_tell(sc, EVENT_RELAY_ALLOWED);
	return READING_EVENT;
}

/* ", sasl_method=PLAIN, sasl_username=alice", or nothing.  The method is
 * one that the server offers, the name goes to the end or to the server's
 * next word; a name that imitates that word is only cut short. */
static enum reading
message_feed(struct scene *sc)
{
	struct str name;
	struct event *ev;
	ptrdiff_t at;

	if (!IS(sc->queue, "NOQUEUE"))
		message_take(sc->px, sc->line, sc->queue,
			&(struct message){ .addr = sc->addr,
				.is_submission = scene_is_submission(sc) });
	at = sc->rest.n ? str_find(sc->rest, S(", sasl_username=")) : -1;
	if (at < 0) {
		event_tell(sc, EVENT_GOOD_RECIPIENT);
		return READING_EVENT;
	}
	if (sc->session->is_user)
		return READING_NOTHING;
	name = str_from(sc->rest, (size_t)at + 16);
	at = str_find(name, S(", sasl_sender="));
	if (at < 0)
		at = str_find(name, S(", orig_"));
	if (at >= 0)
		name.n = (size_t)at;
	ev = event_tell(sc, EVENT_LOGIN_SUCCESS);
	ev->account = name;
	sc->session->is_user = true;
	return READING_EVENT;
}

/* "reason, sasl_username=alice"; Postfix before 3.6 has no name. */
static enum reading
auth_feed(struct scene *sc, struct str reason)
{
	const struct str mark = S(", sasl_username=");
	struct str name = { 0 };
	struct event *ev;
	ptrdiff_t at = str_find(reason, mark);

	sc->session->auths++;
	sc->session->is_told = true;
	if (trouble_read(reason) != TROUBLE_NONE)
		return READING_NOTHING;
	sc->session->auths_told++;
	ev = event_tell(sc, EVENT_AUTH_FAILURE);
	if (at >= 0)
		name = str_from(reason, (size_t)at + mark.n);
	if (!str_eq(name, S("(unavailable)")))
		ev->account = name;
	return READING_EVENT;
}

/* A message that was pipelined behind a DATA which was refused comes in as
 * commands: "Subject: x" is then no crime of its own. */
static enum reading
not_smtp_feed(struct scene *sc)
{
	sc->session->lines++;
	if (sc->session->is_refused)
		return READING_NOTHING;
	return syntax_tell(sc);
}

static enum reading
pipelining_feed(struct scene *sc)
{
	if (is_counted(sc->where))
		sc->session->lines++;
	return syntax_tell(sc);
}

/* Lines with no client in them: it is the message's or the session's. */
static enum reading
too_big_feed(struct scene *sc)
{
	const struct message *m = message_find(sc->px, sc->line, sc->queue);

	if (!m)
		return READING_NOTHING;
	sc->addr = m->addr;
	event_tell(sc, EVENT_TOO_BIG);
	return READING_EVENT;
}

static enum reading
proxy_reject_feed(struct scene *sc)
{
	if (!sc->session->since)
		return READING_NOTHING;
	sc->addr = sc->session->addr;
	return refusal_feed(sc);
}

/* Words of a client that need no look at what follows. */
static enum reading
plain_feed(struct scene *sc, enum saying saying)
{
	sc->session->is_refused = true;
	if (sayings[saying].kind == EVENT_SYNTAX)
		return syntax_tell(sc);
	if (BEGINS(sc->line->text, "warning: AUTH "))
		sc->session->auths++;
	event_tell(sc, (enum event_kind)sayings[saying].kind);
	return READING_EVENT;
}

/* Lines that name their client: behind it @rest goes on. */
static enum reading
client_feed(struct scene *sc, enum saying saying)
{
	switch (saying) {
	case SAYING_DISCONNECT: return disconnect_feed(sc);
	case SAYING_LOST: return lost_feed(sc);
	case SAYING_REJECT: return reject_feed(sc);
	case SAYING_PERMIT: return permit_feed(sc);
	case SAYING_CLIENT: return message_feed(sc);
	case SAYING_NOT_SMTP: return not_smtp_feed(sc);
	case SAYING_PIPELINING: return pipelining_feed(sc);
	case SAYING_AUTH_ABORTED:
		sc->session->auths++;
		sc->session->is_told = true;
		return READING_NOTHING;
	default: return plain_feed(sc, saying);
	}
}

enum reading
smtpd_feed(struct scene *sc)
{
	struct said said UNFILLED;
	enum saying saying = smtpd_read(sc->line->text, &said);

	if (saying == SAYING_NOTHING)
		return READING_NOTHING;
	if (saying == SAYING_UNKNOWN)
		return READING_UNKNOWN;
	sc->queue = said.queue;
	sc->where = said.where;
	sc->rest = said.rest;
	sc->session = session_get(sc->px, sc->line);
	if (saying == SAYING_CONNECT)
		return connect_feed(sc);
	if (saying == SAYING_TOO_BIG)
		return too_big_feed(sc);
	if (saying == SAYING_PROXY_REJECT)
		return proxy_reject_feed(sc);
	if (saying == SAYING_AUTH_FAILED)
		sc->rest = said.where;
	if (!client_read(sc))
		return READING_UNKNOWN;
	if (saying == SAYING_AUTH_FAILED)
		return auth_feed(sc, said.rest);
	return client_feed(sc, saying);
}
