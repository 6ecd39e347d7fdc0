/* SPDX-License-Identifier: ISC */

#include "web/ring.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

struct ring *
ring_new(uint32_t boot)
{
	struct ring *r = mem_alloc(1, sizeof(*r));

	r->boot = boot;
	r->oldest = 1;
	return r;
}

static struct ring_message *
message_at(struct ring *r, uint64_t number)
{
	return &r->messages[number % RING_MESSAGES];
}

/* Its number stays: a message without text is passed over. */
static void
drop(struct ring *r, uint64_t number)
{
	struct ring_message *m = message_at(r, number);

	r->bytes -= m->n;
	free(m->text);
	*m = (struct ring_message){ 0 };
}

static void
drop_oldest(struct ring *r)
{
	drop(r, r->oldest++);
}

void
ring_free(struct ring *r)
{
	if (!r)
		return;
	while (r->oldest <= r->newest)
		drop_oldest(r);
	free(r);
}

static void
add_id(struct buf *b, uint32_t boot, uint64_t number)
{
	buf_printf(b, "id: %08x-%ju\n", boot, (uintmax_t)number);
}

void
ring_add(struct ring *r, enum topic topic, const char *name, struct str data)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct ring_message *m;

	if (topic == TOPIC_STATS && r->stats >= r->oldest)
		drop(r, r->stats);
	if (r->newest - r->oldest + 1 == RING_MESSAGES)
		drop_oldest(r);
	r->newest++;
	if (topic == TOPIC_STATS)
		r->stats = r->newest;
	add_id(&text, r->boot, r->newest);
	buf_printf(&text, "event: %s\ndata: ", name);
	buf_add(&text, data);
	buf_add(&text, S("\n\n"));
	m = message_at(r, r->newest);
	m->text = mem_alloc(1, text.n);
	memcpy(m->text, text.p, text.n);
	m->n = (uint32_t)text.n;
	m->topic = topic;
	r->bytes += m->n;
	while (r->bytes > RING_BYTES)
		drop_oldest(r);
}

void
ring_forget(struct ring *r)
{
	while (r->oldest <= r->newest)
		drop_oldest(r);
	/* A number that nobody has read. */
	r->newest++;
	r->oldest = r->newest + 1;
}

void
ring_seek(const struct ring *r, struct ring_reader *at, struct str last_id)
{
	struct str boot, number;
	uint64_t b;
	int64_t n;

	*at = (struct ring_reader){ .number = r->newest,
		.topics = at->topics,
		.is_lost = last_id.n > 0 };
	if (!str_cut(last_id, '-', &boot, &number) ||
		!num_parse_hex(boot, &b) || b != r->boot ||
		!num_parse(number, 0, INT64_MAX, &n) ||
		(uint64_t)n > r->newest || (uint64_t)n + 1 < r->oldest)
		return;
	at->number = (uint64_t)n;
	at->is_lost = false;
}

static const struct ring_message *
next_of(const struct ring *r, const struct ring_reader *at)
{
	return &r->messages[(at->number + 1) % RING_MESSAGES];
}

static bool
has_missed(const struct ring *r, const struct ring_reader *at)
{
	return at->is_lost || at->number + 1 < r->oldest;
}

bool
ring_has(const struct ring *r, struct ring_reader *at)
{
	if (at->at || has_missed(r, at))
		return true;
	while (at->number < r->newest) {
		const struct ring_message *m = next_of(r, at);

		if (m->text && m->topic & at->topics)
			return true;
		at->number++;
	}
	return false;
}

void
ring_add_id(const struct ring *r, const struct ring_reader *at, struct buf *b)
{
	add_id(b, r->boot, at->number);
}

/* A message whose rest is gone must not be taken for a whole one: the last
 * line "event:" counts, and nobody listens to this one. */
#define CUT "\nevent: cut\n\n"

static size_t
put(char *to, struct str s)
{
	memcpy(to, s.p, s.n);
	return s.n;
}

/* What was missed is behind the reader, all of it. */
static size_t
read_reset(const struct ring *r, struct ring_reader *at, char *to, size_t cap)
{
	struct buf text CLEANUP(buf_free) = { 0 };

	if (at->at)
		buf_add(&text, S(CUT));
	add_id(&text, r->boot, r->newest);
	buf_add(&text, S("event: reset\ndata: {}\n\n"));
	if (text.n > cap)
		return 0;
	*at = (struct ring_reader){ .number = r->newest, .topics = at->topics };
	return put(to, buf_str(&text));
}

/* The message behind @at, or a piece of it. */
static size_t
read_next(const struct ring *r, struct ring_reader *at, char *to, size_t cap)
{
	const struct ring_message *m = next_of(r, at);
	size_t n;

	if (!m->text) {
		if (cap < sizeof(CUT))
			return 0;
		at->number++;
		at->at = 0;
		return put(to, S(CUT));
	}
	n = m->n - at->at < cap ? m->n - at->at : cap;
	memcpy(to, m->text + at->at, n);
	at->at += n;
	if (at->at == m->n) {
		at->number++;
		at->at = 0;
	}
	return n;
}

size_t
ring_read(const struct ring *r, struct ring_reader *at, char *to, size_t cap)
{
	size_t n = 0, more = 1;

	while (more && n < cap && ring_has(r, at)) {
		more = has_missed(r, at) ? read_reset(r, at, to + n, cap - n)
					 : read_next(r, at, to + n, cap - n);
		n += more;
	}
	return n;
}
