/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/scene.h"

#include <string.h>

#include "dialect/literal.h"

bool
scene_is_submission(const struct scene *sc)
{
	struct str program = sc->line->program;

	return sc->is_submission ||
	       (!IS(program, "postfix/smtpd") &&
		       (str_find(program, S("submission")) >= 0 ||
			       str_find(program, S("smtps")) >= 0));
}

/* The session's own client, as in nearly every line. */
static bool
client_same(struct scene *sc)
{
	const struct session *s = sc->session;

	if (!s->client_n || sc->rest.n < s->client_n ||
		memcmp(sc->rest.p, s->client, s->client_n) != 0)
		return false;
	sc->addr = s->addr;
	sc->rest = str_from(sc->rest, s->client_n);
	return true;
}

/* The name is a DNS name or "unknown", so the first bracket is the
 * server's, whatever follows. */
static bool
client_parse(struct scene *sc)
{
	const char *from = sc->rest.p, *end = from + sc->rest.n;
	const char *open = sc->rest.n ? memchr(from, '[', sc->rest.n) : NULL;
	const char *shut;

	if (!open || open == from || memchr(from, ' ', (size_t)(open - from)))
		return false;
	open++;
	shut = memchr(open, ']', (size_t)(end - open));
	if (!shut || !addr_parse((struct str){ open, (size_t)(shut - open) },
			     &sc->addr))
		return false;
	shut++;
	sc->rest = (struct str){ shut, (size_t)(end - shut) };
	return true;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
client_read(struct scene *sc)
{
	size_t i = 1;

	if (!client_same(sc) && !client_parse(sc))
		return false;
	/* ":4711" with smtpd_client_port_logging */
	if (sc->rest.n > 1 && sc->rest.p[0] == ':' && is_digit(sc->rest.p[1])) {
		while (i < sc->rest.n && is_digit(sc->rest.p[i]))
			i++;
		sc->rest = str_from(sc->rest, i);
	}
	return true;
}

/* A number behind a mark; three of them and "smtpd" fit a session's id. */
static inline void
id_add(struct session *s, char mark, uint64_t v, unsigned radix)
{
	unsigned n = 1;

	for (uint64_t rest = v; rest >= radix; rest /= radix)
		n++;
	s->id[s->id_n] = mark;
	for (unsigned i = s->id_n + n; i > s->id_n; i--) {
		s->id[i] = "0123456789abcdef"[v % radix];
		v /= radix;
	}
	s->id_n = (uint8_t)(s->id_n + n + 1);
}

/* "smtpd:10757@6925a1c8.2": a process serves many sessions, so the time of
 * the connect line, and which of that second it was, are in the name. */
static struct str
session_id(struct session *s, uint32_t pid)
{
	if (!s->id_n) {
		memcpy(s->id, "smtpd", 5);
		s->id_n = 5;
		id_add(s, ':', pid, 10);
		if (s->since)
			id_add(s, '@', (uint64_t)s->since, 16);
		if (s->nth)
			id_add(s, '.', s->nth, 10);
	}
	return (struct str){ s->id, s->id_n };
}

struct event *
event_tell(struct scene *sc, enum event_kind kind)
{
	struct event *ev = &sc->ret->list[sc->ret->n++];
	/* A session's summary must find what its lines told. */
	bool is_queue = sc->queue.n && kind != EVENT_SYNTAX &&
			!IS(sc->queue, "NOQUEUE");

	*ev = (struct event){
		.kind = kind,
		.addr = sc->addr,
		.count = 1,
		.service = scene_is_submission(sc) ? S("submission")
						   : S("smtp"),
		.session = is_queue ? sc->queue
				    : session_id(sc->session, sc->line->pid),
		.detail = sc->line->text,
	};
	sc->session->is_told = true;
	return ev;
}
