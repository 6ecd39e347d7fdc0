/* SPDX-License-Identifier: ISC */

#include "web/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/access.h"
#include "web/ask_stream.h"
#include "web/assets.h"
#include "web/live.h"
#include "web/route.h"

enum {
	STREAMS_MAX = 256,
	STREAMS_PER_LOGIN = 8, /* of one session or token */
	TICK_MS = 100,
	WAKES_A_TICK = 8, /* so that nobody else in the loop waits long … */
	SOON_MS = 5,	  /* … and the others follow then */
	BEAT_MS = 1000,	  /* who watches is looked at so often */
	PING_MS = 15000,
	AGAIN_S = 10, /* when there are too many */
};

struct stream {
	struct stream *next;
	struct ask *ask;
	struct ring_reader at;
	struct buf own; /* said to this one alone, between messages … */
	size_t own_at;	/* … and how much of it is out */
	uint64_t said_ms;
	bool is_ending;
};

struct streams {
	const struct api *api;
	struct stream *first;
	uint64_t beat_ms;  /* the next one */
	uv_timer_t *timer; /* while there are any */
};

static uint64_t
now_ms(const struct streams *all)
{
	return uv_now(node_loop(all->api->config.node));
}

/* --- what is said ------------------------------------------------------------- */

static bool
has_own(const struct stream *s)
{
	return s->own_at < s->own.n;
}

static size_t
write_own(struct stream *s, char *to, size_t cap)
{
	size_t n = s->own.n - s->own_at;

	if (n > cap)
		n = cap;
	if (n)
		memcpy(to, s->own.p + s->own_at, n);
	s->own_at += n;
	if (!has_own(s)) {
		buf_free(&s->own);
		s->own_at = 0;
	}
	return n;
}

static ssize_t
stream_fill(struct ask *a, char *to, size_t cap)
{
	const struct ring *ring = live_ring(a->api->live);
	struct stream *s = a->state;
	size_t n = 0;

	if (s->at.at) /* a message is never broken up */
		n = ring_read(ring, &s->at, to, cap);
	if (!s->at.at) {
		n += write_own(s, to + n, cap - n);
		if (s->is_ending && !has_own(s) && n == 0)
			return HTTP_END;
		if (!s->is_ending && !has_own(s))
			n += ring_read(ring, &s->at, to + n, cap - n);
	}
	if (n == 0)
		return HTTP_WAIT;
	s->said_ms = now_ms(a->api->streams);
	return (ssize_t)n;
}

static void
say_hello(struct stream *s)
{
	struct ask *a = s->ask;
	struct json j = { .b = &s->own };

	buf_add(&s->own, S("retry: 3000\n"));
	ring_add_id(live_ring(a->api->live), &s->at, &s->own);
	buf_add(&s->own, S("event: hello\ndata: "));
	json_open(&j, '{');
	json_member_time(&j, "now", node_now(a->node));
	json_member_str(&j, "build", str_of(assets_build));
	json_member_str(&j, "version", str_of(a->api->config.version));
	json_member_str(&j, "role", str_of(access_role(a)));
	json_close(&j, '}');
	buf_add(&s->own, S("\n\n"));
}

static void
say_bye(struct stream *s, const char *reason)
{
	buf_printf(
		&s->own, "event: bye\ndata: {\"reason\":\"%s\"}\n\n", reason);
	s->is_ending = true;
}

/* Something, so that nobody on the way takes it for dead; it also says how
 * far it has read when none of that was wanted. */
static void
say_ping(struct stream *s)
{
	buf_add(&s->own, S(": ping\n"));
	ring_add_id(live_ring(s->ask->api->live), &s->at, &s->own);
	buf_addc(&s->own, '\n');
}

/* --- while there are any ---------------------------------------------------------- */

static bool
is_gone(const struct stream *s)
{
	return http_stream_is_gone(s->ask->request);
}

/* May it still watch, does it still? */
static void
look_after(struct streams *all, struct stream *s)
{
	const char *lost = s->is_ending ? NULL : access_lost(s->ask);

	if (lost)
		say_bye(s, lost);
	else if (!has_own(s) && now_ms(all) >= s->said_ms + PING_MS)
		say_ping(s);
	if (is_gone(s))
		ask_wake(s->ask); /* and it ends */
}

static bool
has_something(const struct streams *all, struct stream *s)
{
	return has_own(s) || s->is_ending ||
	       ring_has(live_ring(all->api->live), &s->at);
}

static void
beat(struct streams *all)
{
	if (now_ms(all) < all->beat_ms)
		return;
	all->beat_ms = now_ms(all) + BEAT_MS;
	for (struct stream *s = all->first; s; s = s->next)
		look_after(all, s);
}

static void
on_tick(uv_timer_t *timer)
{
	struct streams *all = timer->data;
	unsigned woken = 0;

	live_tick(all->api->live);
	beat(all);
	for (struct stream *s = all->first; s; s = s->next) {
		if (!has_something(all, s) ||
			!http_stream_wake(s->ask->request))
			continue;
		if (++woken == WAKES_A_TICK) {
			uv_timer_start(timer, on_tick, SOON_MS, TICK_MS);
			return;
		}
	}
}

static void
on_timer_closed(uv_handle_t *timer)
{
	free(timer);
}

/* Topics and the clock follow who is there. */
static void
recount(struct streams *all)
{
	unsigned topics = 0;

	for (const struct stream *s = all->first; s; s = s->next)
		topics |= s->at.topics;
	live_watch(all->api->live, topics);
	if (topics && !all->timer) {
		all->timer = mem_alloc(1, sizeof(*all->timer));
		uv_timer_init(node_loop(all->api->config.node), all->timer);
		all->timer->data = all;
		uv_timer_start(all->timer, on_tick, TICK_MS, TICK_MS);
	} else if (!topics && all->timer) {
		uv_close((uv_handle_t *)all->timer, on_timer_closed);
		all->timer = NULL;
	}
}

static void
stream_free(struct ask *a)
{
	struct streams *all = a->api->streams;
	struct stream **at = &all->first, *s = a->state;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	buf_free(&s->own);
	free(s);
	recount(all);
}

/* --- the beginning ------------------------------------------------------------------ */

static const struct {
	const char *name;
	enum topic topic;
} topic_names[] = {
	{ "stats", TOPIC_STATS },
	{ "blocks", TOPIC_BLOCKS },
	{ "events", TOPIC_EVENTS },
	{ "config", TOPIC_CONFIG },
};

static unsigned
topic_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(topic_names); i++) {
		if (str_eq(name, str_of(topic_names[i].name)))
			return topic_names[i].topic;
	}
	return 0;
}

static bool
get_topics(struct ask *a, unsigned *ret)
{
	struct str rest, name;
	unsigned topic;
	bool has_more;

	*ret = 0;
	if (!http_query(a->request, "topics", &rest)) {
		*ret = TOPIC_ALL;
		return true;
	}
	do {
		has_more = str_cut(rest, ',', &name, &rest);
		topic = topic_find(name);
		*ret |= topic;
	} while (topic && has_more);
	if (topic)
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"topics must name some of stats, blocks, events and config, "
		"with commas between them");
	return false;
}

static bool
is_same_login(const struct ask *a, const struct ask *b)
{
	return a->via != VIA_SOCKET && a->via == b->via &&
	       a->session == b->session && a->token == b->token;
}

static bool
has_room(struct ask *a)
{
	const struct streams *all = a->api->streams;
	unsigned mine = 0, n = 0;

	for (const struct stream *s = all->first; s; s = s->next) {
		if (is_gone(s))
			continue; /* it has only not been noticed yet */
		n++;
		mine += is_same_login(a, s->ask);
	}
	if (n < STREAMS_MAX && mine < STREAMS_PER_LOGIN)
		return true;
	a->retry_s = AGAIN_S;
	a->hint = "Close a page or program that watches, then try again.";
	ask_fail(a, PROBLEM_STREAMS, NULL,
		"%u live streams are open, %u of this session or token; at "
		"most %d and %d can be",
		n, mine, STREAMS_MAX, STREAMS_PER_LOGIN);
	return false;
}

void
stream_get(struct ask *a)
{
	static const struct ask_source source = {
		.type = "text/event-stream",
		.field = { "X-Accel-Buffering", "no" },
		.fill = stream_fill,
		.free = stream_free,
	};
	struct streams *all = a->api->streams;
	struct str last_id = { 0 };
	struct stream *s;
	unsigned topics;

	if (!get_topics(a, &topics) || !has_room(a))
		return;
	s = mem_alloc(1, sizeof(*s));
	a->state = s;
	s->ask = a;
	s->said_ms = now_ms(all);
	s->next = all->first;
	all->first = s;
	s->at.topics = topics;
	http_head(a->request, "Last-Event-ID", &last_id);
	ring_seek(live_ring(a->api->live), &s->at, last_id);
	say_hello(s);
	recount(all);
	ask_stream(a, &source);
}

struct streams *
streams_new(const struct api *api)
{
	struct streams *all = mem_alloc(1, sizeof(*all));

	all->api = api;
	return all;
}

unsigned
streams_count(const struct streams *all)
{
	unsigned n = 0;

	for (const struct stream *s = all->first; s; s = s->next)
		n++;
	return n;
}

void
streams_free(struct streams *all)
{
	free(all);
}
