/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/refusal.h"
#include "dialect/postfix/smtpd.h"

/* The places in a line that may name the client of a refused header:
 * " from host[address]; from=<".  The header stands before the server's
 * own and addresses behind it, and either may imitate one. */
struct suspects {
	struct addr addr; /* the first */
	unsigned n;	  /* different ones */
	bool is_sender;	  /* one is the message's known sender */
};

static void
suspect_add(
	struct suspects *su, const struct addr *a, const struct message *sender)
{
	if (sender && addr_eq(a, &sender->addr))
		su->is_sender = true;
	if (su->n && addr_eq(a, &su->addr))
		return;
	if (!su->n++)
		su->addr = *a;
}

/* "…name[address]" or "…name[address]:4711" */
static bool
suspect_read(struct str s, struct addr *ret)
{
	ptrdiff_t open;

	while (s.n && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9')
		s.n--;
	if (str_ends(s, S("]:")))
		s.n--;
	if (!str_ends(s, S("]")))
		return false;
	s.n--;
	open = str_rfind(s, S("["));
	return open > 0 && addr_parse(str_from(s, (size_t)open + 1), ret);
}

static void
suspects_find(struct str s, const struct message *sender, struct suspects *su)
{
	const struct str mark = S("; from=<");
	ptrdiff_t at;
	struct addr a;

	for (; (at = str_find(s, mark)) >= 0;
		s = str_from(s, (size_t)at + mark.n))
		if (suspect_read((struct str){ s.p, (size_t)at }, &a))
			suspect_add(su, &a, sender);
}

/* What the administrator's text says, or the header's name. */
static enum phrase
header_judge(struct str header, struct str reason)
{
	enum phrase name = header_read(header);
	enum phrase said = phrase_search(reason, PHRASE_CONTENT);

	return name == PHRASE_PARTIAL || said == PHRASE_OTHER ? name : said;
}

/* "… helo=<name>: 5.7.1 reason": the name has no bracket in it. */
static struct str
reason_find(struct str s, struct str *ret_helo)
{
	const struct str mark = S(" helo=<");
	ptrdiff_t at = str_rfind(s, mark);
	struct str rest = { 0 };

	if (at >= 0 &&
		str_cut(str_from(s, (size_t)at + mark.n), '>', ret_helo, &rest))
		str_take(&rest, S(": "));
	return rest;
}

static enum reading
header_feed(struct scene *sc, const struct message *sender)
{
	struct suspects su = { 0 };
	struct refusal r;
	struct str helo = { 0 };
	const struct refusal_cause *c;
	struct event *ev;

	suspects_find(sc->rest, sender, &su);
	if (!su.n)
		return READING_UNKNOWN;
	if (su.n > 1 && !su.is_sender)
		return READING_AMBIGUOUS;
	sc->addr = su.is_sender ? sender->addr : su.addr;
	refusal_read(reason_find(sc->rest, &helo), &r);
	c = refusal_find(&r, header_judge(sc->rest, r.text));
	if (c->cause.kind == CAUSE_NOTHING)
		return READING_NOTHING;
	ev = event_tell(sc, (enum event_kind)c->cause.kind);
	ev->helo = helo;
	return READING_EVENT;
}

/* A milter's refusal of a message: "5.7.1 text; from=…". */
static enum reading
milter_feed(struct scene *sc)
{
	if (!client_read(sc) || !str_take(&sc->rest, S(": ")))
		return READING_UNKNOWN;
	return refusal_feed(sc);
}

enum reading
cleanup_feed(struct scene *sc)
{
	struct said said;
	enum saying saying = cleanup_read(sc->line->text, &said);
	const struct message *sender;

	if (saying != SAYING_HEADER && saying != SAYING_REJECT)
		return saying == SAYING_UNKNOWN ? READING_UNKNOWN
						: READING_NOTHING;
	sc->queue = said.queue;
	sc->where = said.where;
	sc->rest = said.rest;
	sc->session = session_get(sc->px, sc->line);
	sender = message_find(sc->px, sc->line, sc->queue);
	sc->is_submission = sender && sender->is_submission;
	return saying == SAYING_HEADER ? header_feed(sc, sender)
				       : milter_feed(sc);
}
