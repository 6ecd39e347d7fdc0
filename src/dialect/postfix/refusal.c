/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/refusal.h"

#include <string.h>

#define NOTHING CAUSE_NOTHING

enum {
	PROTO_MAX = 16
}; /* " proto=ESMTP" and what Postfix may add */

/* In this order: 421 and the exceptions to "4xx is nobody's fault" first.
 * A reply of "" is a milter's refusal in cleanup, which logs none; the
 * first digit of its enhanced code stands for it. */
const struct refusal_cause refusal_causes[REFUSALS] = {
	{ "421", "", PHRASE_ANY,
		{ "any text", NOTHING,
			"the server hangs up for a while; so does Brattice, "
			"whose own refusal is no event" } },
	{ "", "", PHRASE_BARE_LF,
		{ "bare <LF> received", EVENT_SYNTAX, "a line without CR" } },
	{ "", "", PHRASE_UNVERIFIED,
		{ "unverified address", NOTHING,
			"an address probe that hasn't ended, whatever the "
			"code" } },
	{ "454", "4.7.1", PHRASE_RELAY,
		{ "Relay access denied", EVENT_RELAY_DENIED,
			"defer_unauth_destination, Postfix' own default" } },
	{ "4xx", "4.1.1", PHRASE_NO_USER,
		{ "User unknown; undeliverable address", EVENT_BAD_RECIPIENT,
			"unknown_local_recipient_reject_code=450 or "
			"soft_bounce; the address was looked up and isn't "
			"there" } },
	{ "4xx", "", PHRASE_RATE,
		{ "rate limit, too many messages, too much mail", EVENT_RATE,
			"a policy service or milter counts" } },
	{ "4xx", "", PHRASE_ANY,
		{ "any other text", NOTHING,
			"greylisting, DNS (4.1.8, 4.7.25), SPF temperror, a "
			"look-up that failed (4.3.x): not the client's "
			"fault, or not surely" } },
	{ "5xx", "x.3.x", PHRASE_TOO_BIG,
		{ "Message size exceeds", EVENT_TOO_BIG,
			"SIZE= larger than message_size_limit" } },
	{ "5xx", "x.3.x", PHRASE_ANY,
		{ "any other text", NOTHING,
			"the mail system's state or configuration" } },
	{ "5xx", "x.2.x", PHRASE_ANY,
		{ "any text", NOTHING,
			"the mailbox is full or switched off: the owner's "
			"affair" } },
	{ "", "5.7.23", PHRASE_ANY,
		{ "any text", EVENT_SPF, "RFC 7372: SPF validation failed" } },
	{ "5xx", "", PHRASE_RELAY,
		{ "Relay access denied", EVENT_RELAY_DENIED,
			"reject_unauth_destination" } },
	{ "5xx", "", PHRASE_DNSBL,
		{ "Client host blocked using", EVENT_DNSBL,
			"reject_rbl_client, reject_rhsbl_client" } },
	{ "5xx", "", PHRASE_HELO,
		{ "Helo command rejected; Helo command blocked using",
			EVENT_HELO, "HELO restrictions, RHSBL of the name" } },
	{ "5xx", "", PHRASE_SENDER,
		{ "Sender address rejected; Sender address blocked using",
			EVENT_SENDER,
			"sender restrictions, login mismatch, RHSBL of the "
			"domain" } },
	{ "5xx", "", PHRASE_NO_USER,
		{ "User unknown; undeliverable address", EVENT_BAD_RECIPIENT,
			"recipient tables, or an address probe" } },
	{ "5xx", "5.1.1", PHRASE_ANY,
		{ "any text", EVENT_BAD_RECIPIENT,
			"RFC 3463: bad destination mailbox" } },
	{ "5xx", "5.1.6", PHRASE_ANY,
		{ "any text", EVENT_BAD_RECIPIENT,
			"relocated_maps: the mailbox has moved" } },
	{ "5xx", "", PHRASE_RECIPIENT_FORM,
		{ "Recipient address rejected: need fully-qualified address",
			EVENT_SYNTAX, "an address without a domain" } },
	{ "5xx", "", PHRASE_PIPELINING,
		{ "Improper use of SMTP command pipelining", EVENT_SYNTAX,
			"reject_unauth_pipelining" } },
	{ "5xx", "", PHRASE_NO_NAME,
		{ "cannot find your (reverse) hostname", EVENT_RULE,
			"the administrator refuses nameless clients for good "
			"(550); Postfix' default is 450 and nothing" } },
	{ "", "", PHRASE_VIRUS,
		{ "virus, infected, malware, harmful, trojan, phishing",
			EVENT_VIRUS, "a milter, filter or header check" } },
	{ "", "", PHRASE_SPF,
		{ "SPF", EVENT_SPF, "policy services without 5.7.23" } },
	{ "", "", PHRASE_PARTIAL,
		{ "message/partial, partial message, or such a header",
			EVENT_PARTIAL, "a milter or header check" } },
	{ "", "", PHRASE_ATTACHMENT,
		{ "attachment, file name, executable", EVENT_ATTACHMENT,
			"a milter or header check" } },
	{ "", "", PHRASE_SPAM,
		{ "spam, junk, GTUBE, unsolicited", EVENT_SPAM,
			"a milter, filter or policy service" } },
	{ "", "", PHRASE_RATE,
		{ "rate limit, too many messages, too much mail", EVENT_RATE,
			"a policy service or milter counts" } },
	{ "5xx", "5.5.3", PHRASE_ANY,
		{ "any other text", EVENT_RULE,
			"reject_multi_recipient_bounce; RFC 3463: too many "
			"recipients" } },
	{ "5xx", "x.5.x", PHRASE_ANY,
		{ "any other text", EVENT_SYNTAX,
			"RFC 3463: the form of the command" } },
	{ "", "", PHRASE_ANY,
		{ "any other text", EVENT_RULE,
			"access tables (Access denied), policy services, "
			"header and body checks, milters" } },
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "550 5.1.1 ": either may be missing. */
static void
codes_read(struct str *s, struct refusal *ret)
{
	size_t n = 0;

	if (s->n > 4 && is_digit(s->p[0]) && is_digit(s->p[1]) &&
		is_digit(s->p[2]) && s->p[3] == ' ') {
		ret->reply = (struct str){ s->p, 3 };
		*s = str_from(*s, 4);
	}
	if (s->n < 6 || !is_digit(s->p[0]) || s->p[1] != '.' ||
		!is_digit(s->p[2]))
		return;
	while (n < s->n && n < 10 && (is_digit(s->p[n]) || s->p[n] == '.'))
		n++;
	if (n < s->n && s->p[n] == ' ') {
		ret->dsn = (struct str){ s->p, n };
		*s = str_from(*s, n + 1);
	}
}

/* The "<…>" at the end of @s behind @name, cut off with it.  It is the
 * server's only if what stands in it has no bracket or quote. */
static bool
field_cut(struct str *s, struct str name, struct str *ret)
{
	struct str head, value;
	const char *open;

	if (s->n < 2 || s->p[s->n - 1] != '>')
		return false;
	open = memrchr(s->p, '<', s->n - 1);
	if (!open)
		return false;
	head = (struct str){ s->p, (size_t)(open - s->p) };
	value = (struct str){ open + 1, s->n - head.n - 2 };
	if (!str_ends(head, name) || memchr(value.p, '>', value.n) ||
		memchr(value.p, '"', value.n))
		return false;
	*ret = value;
	s->n = head.n - name.n;
	return true;
}

/* " proto=ESMTP" */
static bool
proto_cut(struct str *s)
{
	struct str last = str_from(*s, s->n > PROTO_MAX ? s->n - PROTO_MAX : 0);
	ptrdiff_t at = str_rfind(last, S(" proto="));

	if (at < 0)
		return false;
	s->n -= last.n - (size_t)at;
	return true;
}

/* From the end inward: helo and protocol are the server's form, recipient
 * and sender plain or not.  What is left is codes and text. */
static bool
tail_cut(struct str *s, struct refusal *ret)
{
	struct str sender;

	field_cut(s, S(" helo="), &ret->helo);
	if (!proto_cut(s))
		return false;
	if (!s->n || s->p[s->n - 1] != '>')
		return true; /* CONNECT, EHLO: neither is known yet */
	if (!field_cut(s, S(" to="), &ret->recipient))
		return field_cut(s, S(" from="), &sender);
	if (s->n && s->p[s->n - 1] == ';')
		return true; /* VRFY */
	return field_cut(s, S(" from="), &sender);
}

void
refusal_read(struct str s, struct refusal *ret)
{
	struct str whole;

	*ret = (struct refusal){ 0 };
	codes_read(&s, ret);
	whole = s;
	ret->is_plain = tail_cut(&s, ret) && s.n && s.p[s.n - 1] == ';';
	if (ret->is_plain)
		s.n--;
	else
		s = whole;
	ret->text = s;
}

/* "x.1.8" fits 5.1.8; a last 'x' stands for the rest of the code. */
static bool
code_fits(const char *want, struct str code)
{
	size_t i;

	for (i = 0; want[i] && i < code.n; i++)
		if (want[i] != 'x' && want[i] != code.p[i])
			return false;
	return code.n && !want[i] && (i == code.n || want[i - 1] == 'x');
}

/* A milter's refusal in cleanup has no reply code: its enhanced code's
 * class stands for it. */
static bool
reply_fits(const char *want, struct str reply)
{
	return reply.n && want[0] == reply.p[0] &&
	       (reply.n != 3 || code_fits(want, reply));
}

const struct refusal_cause *
refusal_find(const struct refusal *r, enum phrase phrase)
{
	struct str reply = r->reply.n ? r->reply : r->dsn;
	const struct refusal_cause *c = refusal_causes;

	for (; c < refusal_causes + REFUSALS - 1; c++) {
		if (c->phrase != PHRASE_ANY && c->phrase != (int)phrase)
			continue;
		if (*c->reply && !reply_fits(c->reply, reply))
			continue;
		if (!*c->dsn || code_fits(c->dsn, r->dsn))
			break;
	}
	return c;
}

/* The text without "<what was refused>: ", which is the client's and no
 * word about it; nothing when it can't be told where that ends. */
static struct str
own_words(const struct refusal *r)
{
	struct str echo, rest = { 0 };

	if (!r->text.n || *r->text.p != '<')
		return r->text;
	if (r->is_plain)
		str_cut(r->text, '>', &echo, &rest);
	return rest;
}

const struct refusal_cause *
refusal_judge(const struct refusal *r)
{
	enum phrase phrase = r->is_plain ? phrase_read(r->text)
					 : phrase_search(r->text, PHRASE_ANY);

	if (phrase >= PHRASE_CONTENT)
		phrase = phrase_search(own_words(r), PHRASE_CONTENT);
	return refusal_find(r, phrase);
}
