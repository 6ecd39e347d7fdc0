/* SPDX-License-Identifier: ISC */
#include "base/def.h"
#include "dialect/postfix/smtpd.h"

/* What the counters of a disconnect line say. */
struct tally {
	uint32_t auths;	 /* AUTH that failed */
	uint32_t syntax; /* commands that failed for their form */
	bool is_tried;	 /* AUTH, MAIL, RCPT, DATA at all */
};

/* Cut off @s. */
static inline uint32_t
number_read(struct str *s)
{
	const char *p = s->p, *end = p + s->n;
	uint32_t n = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (n < 100000)
			n = n * 10 + (uint32_t)(*p - '0');
	*s = (struct str){ p, (size_t)(end - p) };
	return n;
}

/* "3" of "0/3", "1": how many of them failed; cut off @s. */
static uint32_t
failed_read(struct str *s)
{
	uint32_t good = number_read(s), all = 0;

	if (s->n && *s->p == '/') {
		s->p++;
		s->n--;
		all = number_read(s);
	}
	return all > good ? all - good : 0;
}

static void
tally_read(struct str s, struct tally *ret)
{
	*ret = (struct tally){ 0 };
	for (;;) {
		enum counter c = counter_read(&s);

		if (c == COUNTER_END)
			return;
		if (c == COUNTER_AUTH)
			ret->auths += failed_read(&s);
		else if (c == COUNTER_SYNTAX)
			ret->syntax += failed_read(&s);
		else
			failed_read(&s);
		ret->is_tried |= c == COUNTER_AUTH || c == COUNTER_TRY;
	}
}

static void
summary_tell(struct scene *sc, enum event_kind kind, uint32_t count)
{
	struct event *ev = event_tell(sc, kind);

	ev->count = count;
	ev->is_summary = true;
	if (sc->line->time > sc->session->since)
		ev->span_s = (uint32_t)(sc->line->time - sc->session->since);
}

/*
 * Failures that no line told.  The engine takes off what this session's
 * events told, so those are counted in here; what was the server's own
 * trouble, or has a line of another kind, isn't.  Behind a refusal, the
 * lines of a message that was sent all the same count as commands.
 */
static void
summaries_tell(struct scene *sc, const struct tally *t)
{
	struct session *s = sc->session;
	uint32_t auths = t->auths;

	if (s->is_hung && auths > s->auths)
		auths--;
	if (auths > s->auths)
		summary_tell(sc, EVENT_AUTH_FAILURE,
			auths - s->auths + s->auths_told);
	if (t->syntax > s->lines && !s->is_refused)
		summary_tell(
			sc, EVENT_SYNTAX, t->syntax - s->lines + s->syntax);
}

enum reading
disconnect_feed(struct scene *sc)
{
	struct session *s = sc->session;
	struct tally t UNFILLED;

	if (!s->since || !addr_eq(&s->addr, &sc->addr)) {
		session_close(sc->px);
		return READING_NOTHING;
	}
	tally_read(sc->rest, &t);
	summaries_tell(sc, &t);
	if (!t.is_tried && !s->is_told)
		event_tell(sc, EVENT_PROBE);
	session_close(sc->px);
	return sc->ret->n ? READING_EVENT : READING_NOTHING;
}
