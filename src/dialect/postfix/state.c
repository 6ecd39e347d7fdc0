/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Lines of several hosts may stand in one file. */
static uint64_t
host_hash(struct postfix *px, struct str host)
{
	if (host.n == px->host_n && host.n &&
		memcmp(host.p, px->host, host.n) == 0)
		return px->host_hash;
	px->host_hash = hash_bytes(&px->key, host);
	px->host_n = 0;
	if (host.n && host.n <= sizeof(px->host)) {
		memcpy(px->host, host.p, host.n);
		px->host_n = host.n;
	}
	return px->host_hash;
}

static uint64_t
session_key(struct postfix *px, const struct line *line)
{
	return hash_pair(&px->key, host_hash(px, line->host), line->pid);
}

static uint64_t
message_key(struct postfix *px, const struct line *line, struct str queue)
{
	uint64_t words[3] = { 0, 0, 0 };

	memcpy(words, queue.p, queue.n < 20 ? queue.n : 20);
	return hash_pair(&px->key,
		hash_pair(&px->key, host_hash(px, line->host), words[2]),
		hash_pair(&px->key, words[0], words[1]));
}

void
session_open(struct scene *sc, struct str client)
{
	struct postfix *px = sc->px;
	int i = slots_take(&px->session_slots, session_key(px, sc->line));
	struct session *s = &px->sessions[i];

	px->opened = px->second == sc->line->time ? px->opened + 1 : 0;
	px->second = sc->line->time;
	*s = (struct session){
		.addr = sc->addr, .since = sc->line->time, .nth = px->opened
	};
	if (client.n <= sizeof(s->client)) {
		memcpy(s->client, client.p, client.n);
		s->client_n = (uint8_t)client.n;
	}
	sc->session = s;
}

struct session *
session_get(struct postfix *px, const struct line *line)
{
	int i = slots_find(&px->session_slots, session_key(px, line));
	struct session *s = &px->stranger;

	if (i >= 0)
		return &px->sessions[i];
	*s = (struct session){ 0 };
	return s;
}

void
session_close(struct postfix *px, const struct line *line)
{
	slots_drop(&px->session_slots, session_key(px, line));
}

static bool
is_submission(const struct scene *sc)
{
	struct str program = sc->line->program;

	return sc->is_submission ||
	       (!str_eq(program, S("postfix/smtpd")) &&
		       (str_find(program, S("submission")) >= 0 ||
			       str_find(program, S("smtps")) >= 0));
}

void
message_take(struct scene *sc)
{
	struct postfix *px = sc->px;
	int i = slots_take(
		&px->message_slots, message_key(px, sc->line, sc->queue));

	px->messages[i] = (struct message){ .addr = sc->addr,
		.is_submission = is_submission(sc) };
}

struct message *
message_find(struct postfix *px, const struct line *line, struct str queue)
{
	int i = slots_find(&px->message_slots, message_key(px, line, queue));

	return i < 0 ? NULL : &px->messages[i];
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
bool
client_read(struct scene *sc)
{
	struct str name, addr, rest;

	if (client_same(sc))
		return true;
	if (!str_cut(sc->rest, '[', &name, &rest) || !name.n ||
		memchr(name.p, ' ', name.n) ||
		!str_cut(rest, ']', &addr, &rest) ||
		!addr_parse(addr, &sc->addr))
		return false;
	sc->rest = rest;
	return true;
}

/* "smtpd:10757@6925a1c8.2": a process serves many sessions, so the time of
 * the connect line, and which of that second it was, are in the name. */
static struct str
session_id(struct session *s, uint32_t pid)
{
	int n = s->id_n;

	if (!n)
		n = snprintf(s->id, sizeof(s->id), "smtpd:%" PRIu32, pid);
	if (!s->id_n && s->since)
		n += snprintf(s->id + n, sizeof(s->id) - (size_t)n, "@%" PRIx64,
			s->since);
	if (!s->id_n && s->nth)
		n += snprintf(s->id + n, sizeof(s->id) - (size_t)n, ".%" PRIu32,
			s->nth);
	s->id_n = (uint8_t)n;
	return (struct str){ s->id, s->id_n };
}

struct event *
event_tell(struct scene *sc, enum event_kind kind)
{
	struct event *ev = &sc->ret->list[sc->ret->n++];
	/* A session's summary must find what its lines told. */
	bool is_queue = sc->queue.n && kind != EVENT_SYNTAX &&
			!str_eq(sc->queue, S("NOQUEUE"));

	*ev = (struct event){
		.kind = kind,
		.addr = sc->addr,
		.count = 1,
		.service = is_submission(sc) ? S("submission") : S("smtp"),
		.session = is_queue ? sc->queue
				    : session_id(sc->session, sc->line->pid),
		.detail = sc->line->text,
	};
	sc->session->is_told = true;
	return ev;
}
