/* SPDX-License-Identifier: ISC */

/*
 * Exim 4.9x: main log, or syslog.  The reject log tells the same lines once
 * more, and isn't to be read beside it.
 */

#include "base/def.h"
#include "dialect/exim/words.h"
#include "dialect/literal.h"
#include "dialect/preamble.h"
#include "dialect/reason.h"
#include "dialect/said.h"

#define HOST "H=x.example (c.example) [203.0.113.7]"

enum {
	CAUSE_UNKNOWN,
	CAUSE_OTHER,
	CAUSE_AUTH,
	CAUSE_AUTH_TROUBLE,
	CAUSE_DEFERRED,
	CAUSE_RELAY,
	CAUSE_RECIPIENT,
	CAUSE_SPAM,
	CAUSE_VIRUS,
	CAUSE_RULE,
	CAUSE_DNSBL,
	CAUSE_SYNTAX,
	CAUSE_TOO_BIG,
	CAUSE_ATTACHMENT,
	CAUSE_PARTIAL,
	CAUSE_SPF,
	CAUSE_HELO,
	CAUSE_SENDER,
	CAUSE_RATE,
	CAUSE_PROBE,
	CAUSE_TOO_MANY,
	CAUSE_SUCCESS,
	CAUSE_ACCEPTED,
	CAUSES,
};

static const struct cause exims[CAUSES] = {
	[CAUSE_UNKNOWN] = { "anything else", CAUSE_NOTHING,
		"counted as unknown" },
	[CAUSE_OTHER] = { "deliveries, connections, queue runs, sender verify "
			  "fail, Warning: …",
		CAUSE_NOTHING, "nothing was refused, or the next line tells it",
		"2026-11-24 03:03:04 SMTP connection from [203.0.113.7] "
		"closed by QUIT" },
	[CAUSE_AUTH] = { "… authenticator failed for HOST: 535",
		EVENT_AUTH_FAILURE, "wrong credentials",
		"2026-11-24 03:03:04 plain authenticator failed for x.example "
		"(c.example) [203.0.113.7]: 535 Incorrect authentication data "
		"(set_id=ann)" },
	[CAUSE_AUTH_TROUBLE] = { "… authenticator failed for HOST: 435",
		CAUSE_NOTHING, "the server's own trouble",
		"2026-11-24 03:03:04 dove authenticator failed for x.example "
		"[203.0.113.7]: 435 Unable to authenticate at present "
		"(set_id=ann): no reply" },
	[CAUSE_DEFERRED] = { "temporarily rejected …", CAUSE_NOTHING,
		"put off, greylisted, or Brattice's own",
		"2026-11-24 03:03:04 " HOST " temporarily rejected connection "
		"in \"connect\" ACL: brattice" },
	[CAUSE_RELAY] = { "rejected …: relay not permitted, relaying denied",
		EVENT_RELAY_DENIED, "sending outside without permission",
		"2026-11-24 03:03:04 " HOST " F=<a@c.example> rejected RCPT "
		"<z@else.example>: relay not permitted" },
	[CAUSE_RECIPIENT] = { "rejected …: Unrouteable address, unknown user",
		EVENT_BAD_RECIPIENT, "a recipient that doesn't exist",
		"2026-11-24 03:03:04 " HOST " F=<a@c.example> rejected RCPT "
		"<nosuch@mx.example>: Unrouteable address" },
	[CAUSE_SPAM] = { "rejected …: … spam …", EVENT_SPAM,
		"judged to be spam",
		"2026-11-24 03:03:04 1xVgyT-0000sK-0A " HOST
		" F=<a@c.example> rejected after DATA: Spam message rejected" },
	[CAUSE_VIRUS] = { "rejected …: … virus, malware …", EVENT_VIRUS,
		"it holds a virus",
		"2026-11-24 03:03:04 1xVgyT-0000sK-0A " HOST
		" F=<a@c.example> rejected after DATA: This message contains "
		"a virus (Eicar-Test-Signature)" },
	[CAUSE_RULE] = { "rejected …: words that aren't known here", EVENT_RULE,
		"a rule of the site",
		"2026-11-24 03:03:04 " HOST " rejected connection in "
		"\"connect\" ACL: not today" },
	[CAUSE_DNSBL] = { "rejected …: listed at, blacklisted, DNSBL",
		EVENT_DNSBL, "on a DNS block list",
		"2026-11-24 03:03:04 " HOST " F=<a@c.example> rejected RCPT "
		"<ann@mx.example>: 203.0.113.7 is listed at bl.example" },
	[CAUSE_SYNTAX] = { "SMTP syntax error, SMTP protocol error, SMTP "
			   "protocol synchronization error, … authenticator "
			   "failed for HOST: 501, rejected VRFY, EXPN, ETRN, "
			   "unqualified … rejected",
		EVENT_SYNTAX, "no command, a wrong one, or too soon",
		"2026-11-24 03:03:04 SMTP syntax error in \"FOOBAR\" " HOST
		" unrecognized command" },
	[CAUSE_TOO_BIG] = { "rejected …: message too big", EVENT_TOO_BIG,
		"larger than the limit",
		"2026-11-24 03:03:04 rejected MAIL FROM:<a@c.example> " HOST
		": message too big: size=9999999 max=204800" },
	[CAUSE_ATTACHMENT] = { "rejected …: … attachment, file name …",
		EVENT_ATTACHMENT, "a name that is blocked",
		"2026-11-24 03:03:04 1xVgyT-0000sK-0A " HOST
		" F=<a@c.example> rejected during MIME ACL checks: blocked "
		"attachment name invoice.pdf.exe" },
	[CAUSE_PARTIAL] = { "rejected …: … partial …", EVENT_PARTIAL,
		"a fragment of a message",
		"2026-11-24 03:03:04 1xVgyT-0000sK-0A " HOST
		" F=<a@c.example> rejected during MIME ACL checks: partial "
		"attachment not allowed" },
	[CAUSE_SPF] = { "rejected …: … SPF …", EVENT_SPF,
		"not a sender of that domain",
		"2026-11-24 03:03:04 " HOST " F=<a@c.example> rejected RCPT "
		"<ann@mx.example>: SPF check failed" },
	[CAUSE_HELO] = { "rejected EHLO, rejected HELO", EVENT_HELO,
		"a HELO that isn't one",
		"2026-11-24 03:03:04 rejected EHLO from [203.0.113.7]: "
		"syntactically invalid argument(s): @#%" },
	[CAUSE_SENDER] = { "rejected MAIL, Sender verify failed", EVENT_SENDER,
		"a sender that is refused",
		"2026-11-24 03:03:04 " HOST " F=<a@c.example> rejected RCPT "
		"<ann@mx.example>: Sender verify failed" },
	[CAUSE_RATE] = { "Connection from HOST refused: too many connections "
			 "from that IP address, rejected …: rate limit",
		EVENT_RATE, "more than one address may",
		"2026-11-24 03:03:04 Connection from [203.0.113.7] refused: "
		"too many connections from that IP address" },
	[CAUSE_PROBE] = { "no MAIL in SMTP connection, TLS error on connection",
		EVENT_PROBE, "came and went",
		"2026-11-24 03:03:04 no MAIL in SMTP connection from "
		"(c.example) [203.0.113.7] D=0.1s C=EHLO,QUIT" },
	[CAUSE_TOO_MANY] = { "SMTP call from HOST dropped: too many …",
		EVENT_TOO_MANY_ERRORS, "the server hung up",
		"2026-11-24 03:03:04 SMTP call from (c.example) [203.0.113.7] "
		"dropped: too many unrecognized commands (last was \"X\")" },
	[CAUSE_SUCCESS] = { "ID <= … A=authenticator:user", EVENT_LOGIN_SUCCESS,
		"the right password",
		"2026-11-24 03:03:04 1xVgyB-0000ft-1i <= ann@mx.example " HOST
		" P=esmtpa A=plain:ann S=284" },
	[CAUSE_ACCEPTED] = { "ID <= …", CAUSE_NOTHING, "mail came in",
		"2026-11-24 03:03:04 1xVgyB-0000ft-1i <= a@c.example " HOST
		" P=esmtp S=284" },
};

/* A refusal's words decide; a sender or a HELO that the site's own words
 * refuse is one all the same. */
static unsigned
refusal_cause(struct str rest)
{
	enum event_kind kind = EVENT_RULE;
	struct exim_refusal r;

	if (!exim_refusal_read(rest, &r))
		return CAUSE_OTHER;
	if (r.is_temporary)
		return CAUSE_DEFERRED;
	if (IS(r.what, "MAIL"))
		kind = EVENT_SENDER;
	else if (IS(r.what, "EHLO or HELO"))
		kind = EVENT_HELO;
	else if (IS(r.what, "VRFY") || IS(r.what, "EXPN") || IS(r.what, "ETRN"))
		return CAUSE_SYNTAX;
	kind = reason_kind(r.reason, kind);
	for (unsigned i = CAUSE_RELAY; i < CAUSES; i++)
		if (exims[i].kind == (int)kind)
			return i;
	return CAUSE_RULE;
}

/* "…: 535 Incorrect authentication data (set_id=ann)" */
static unsigned
login_cause(struct str rest, struct str *ret_user)
{
	ptrdiff_t at = str_find(rest, S(" (set_id="));

	if (at >= 0) {
		*ret_user = str_from(rest, (size_t)at + 9);
		at = str_rfind(*ret_user, S(")"));
		if (at >= 0)
			ret_user->n = (size_t)at;
	}
	if (BEGINS(rest, ": 535"))
		return CAUSE_AUTH;
	return BEGINS(rest, ": 5") ? CAUSE_SYNTAX : CAUSE_AUTH_TROUBLE;
}

/* The words that end a line of the server's own. */
static bool
is_final(struct str s)
{
	static const char *const finals[] = {
		" unrecognized command",
		" AUTH command used when not advertised",
		" STARTTLS command used when not advertised",
		" NULL character(s) present (shown as '?')",
		" unexpected argument data",
		" no sender yet given",
		" sender already given",
		" missing or malformed local part",
	};

	for (size_t i = 0; i < ARRAY_LEN(finals); i++)
		if (str_eq(s, str_of(finals[i])))
			return true;
	return false;
}

/* Behind the command, which may hold a host of its own making: the last
 * host is the client's where the server's own words end the line, or where
 * there is only one. */
static bool
syntax_host(struct str s, struct exim_host *ret)
{
	struct str mark = S("\" H=");
	ptrdiff_t at = str_rfind(s, mark);

	if (at < 0 || !exim_host_read(str_from(s, (size_t)at + 2), ret))
		return false;
	return is_final(ret->rest) || str_find(s, mark) == at;
}

/* What the line is, now that its client is known. */
static unsigned
cause_of(enum exim_line line, const struct exim_host *h, struct said *said)
{
	switch (line) {
	case EXIM_LOGIN_FAILED: return login_cause(h->rest, &said->account);
	case EXIM_SAID: return refusal_cause(h->rest);
	case EXIM_ACCEPTED:
		return exim_login_read(h->rest, &said->account)
			       ? CAUSE_SUCCESS
			       : CAUSE_ACCEPTED;
	case EXIM_TOO_MANY:
		return BEGINS(h->rest, " dropped: too many") ? CAUSE_TOO_MANY
							     : CAUSE_OTHER;
	case EXIM_SYNTAX:
	case EXIM_IMPROPER: return CAUSE_SYNTAX;
	case EXIM_HELO: return CAUSE_HELO;
	case EXIM_NO_MAIL:
		return str_find(h->rest, S("AUTH")) >= 0 ? CAUSE_OTHER
							 : CAUSE_PROBE;
	case EXIM_TLS: return CAUSE_PROBE;
	case EXIM_CONNECTIONS:
		return str_find(h->rest, S("from that IP address")) >= 0
			       ? CAUSE_RATE
			       : CAUSE_OTHER;
	case EXIM_TOO_BIG: return CAUSE_TOO_BIG;
	default: return CAUSE_UNKNOWN;
	}
}

static struct str
service_of(struct str port)
{
	return IS(port, "587") || IS(port, "465") ? S("submission") : S("smtp");
}

/* What is kept of the line: no credentials. */
static struct str
detail_of(enum exim_line line, struct str text, const struct exim_host *h)
{
	if (line == EXIM_SYNTAX && str_find(text, S("\"AUTH ")) >= 0)
		return h->rest;
	return text;
}

static enum reading
exim_feed(const struct line *l, struct events *ret)
{
	struct str text = l->text, rest;
	struct said said = { .session = exim_id_take(&text) };
	enum exim_line line = exim_read(text, &rest);
	struct exim_host host;
	bool is_host;

	ret->n = 0;
	if (line == EXIM_UNKNOWN || line == EXIM_NOTHING)
		return line == EXIM_NOTHING ? READING_NOTHING : READING_UNKNOWN;
	is_host = line == EXIM_SYNTAX ? syntax_host(rest, &host)
				      : exim_host_read(rest, &host);
	if (!is_host)
		return READING_AMBIGUOUS;
	said.addr = host.addr;
	said.helo = host.helo;
	said.service = service_of(host.port);
	said.cause = cause_of(line, &host, &said);
	return said_tell(exims, &said, detail_of(line, l->text, &host), ret);
}

/* "[1234] ", with log_selector +pid. */
static void
pid_take(struct str *s)
{
	size_t n = 1;

	if (!s->n || *s->p != '[')
		return;
	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n > 1 && n + 1 < s->n && s->p[n] == ']' && s->p[n + 1] == ' ')
		*s = str_from(*s, n + 2);
}

/* "2026-11-24 03:03:04 +0100 [1234] text": no 'T', a zone behind a blank. */
static bool
exim_frame(struct preamble *p, struct str s, int64_t arrival, struct line *ret)
{
	struct str text = s;
	size_t n = 0;

	if (s.n < 20 || s.p[10] != ' ' || s.p[4] != '-' ||
		!preamble_time(p, &text, arrival, &ret->time))
		return false;
	if (text.n > 6 && (*text.p == '+' || *text.p == '-') &&
		text.p[5] == ' ') {
		n = (size_t)(text.p + 5 - s.p);
		if (!preamble_when(p, (struct str){ s.p, n }, &ret->time))
			return false;
		text = str_from(text, 6);
	}
	pid_take(&text);
	ret->text = text;
	return true;
}

/* In syslog the line has its own time once more, and a long one is split. */
static enum reading
exim_line_feed(void *state, const struct line *line, struct events *ret)
{
	struct line own = *line;
	struct preamble none = { 0 };
	int64_t time;

	(void)state;
	if (own.program.n) {
		if (BEGINS(own.text, "[1/") || BEGINS(own.text, "[1\\"))
			own.text = str_from(own.text, 6);
		else if (BEGINS(own.text, "["))
			pid_take(&own.text);
		if (preamble_time(&none, &own.text, line->time, &time))
			pid_take(&own.text);
	}
	return exim_feed(&own, ret);
}

static bool
exim_owns(struct str program)
{
	return IS(program, "exim") || IS(program, "exim4");
}

const struct dialect dialect_exim = {
	.name = "exim",
	.source = "exim-log",
	.summary = "Exim 4: main log and syslog",
	.owns = exim_owns,
	.frame = exim_frame,
	.feed = exim_line_feed,
};

extern const struct causes causes_exim;
const struct causes causes_exim = {
	.dialect = "exim",
	.setup = "`log_selector = +smtp_syntax_error +smtp_protocol_error "
		 "+smtp_no_mail +incoming_interface` tells most. Read the "
		 "main log *or* the reject log: both have the refusals.",
	.n = 1,
	.tables = { { .title = "Lines of the main log",
		.n = CAUSES,
		.causes = exims } },
};
