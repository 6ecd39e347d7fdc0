/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/state.h"

#include <stddef.h>
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
message_key(struct postfix *px, const struct line *line, struct str queue)
{
	uint64_t words[3] = { 0, 0, 0 };

	memcpy(words, queue.p, queue.n < 20 ? queue.n : 20);
	return hash_pair(&px->key,
		hash_pair(&px->key, host_hash(px, line->host), words[2]),
		hash_pair(&px->key, words[0], words[1]));
}

struct session *
session_open(struct postfix *px, const struct line *line,
	const struct addr *addr, struct str text)
{
	int i = slots_take(&px->session_slots, px->key_of_line);
	struct session *s = &px->sessions[i];

	px->opened = px->second == line->time ? px->opened + 1 : 0;
	px->second = line->time;
	memset(s, 0, offsetof(struct session, id));
	s->addr = *addr;
	s->since = line->time;
	s->nth = px->opened;
	if (text.n <= sizeof(s->client)) {
		memcpy(s->client, text.p, text.n);
		s->client_n = (uint8_t)text.n;
	}
	return s;
}

struct session *
session_get(struct postfix *px, const struct line *line)
{
	struct session *s = &px->stranger;

	/* The host's hash is keyed; a pid only has to be told apart. */
	px->key_of_line = host_hash(px, line->host) +
			  line->pid * UINT64_C(0x9e3779b97f4a7c15);
	px->slot_of_line = slots_find(&px->session_slots, px->key_of_line);
	if (px->slot_of_line >= 0)
		return &px->sessions[px->slot_of_line];
	memset(s, 0, offsetof(struct session, id));
	return s;
}

void
session_close(struct postfix *px)
{
	slots_drop(&px->session_slots, px->slot_of_line);
}

void
message_take(struct postfix *px, const struct line *line, struct str queue,
	const struct message *m)
{
	int i = slots_take(&px->message_slots, message_key(px, line, queue));

	px->messages[i] = *m;
}

struct message *
message_find(struct postfix *px, const struct line *line, struct str queue)
{
	int i = slots_find(&px->message_slots, message_key(px, line, queue));

	return i < 0 ? NULL : &px->messages[i];
}
