/* SPDX-License-Identifier: ISC */

#include "web/live.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sys/secret.h"
#include "web/overview.h"
#include "web/render.h"

enum {
	BATCH_MS = 400, /* events wait so long for others … */
	BATCH_ROWS = 100,
	BATCH_BYTES = 32 << 10, /* … and then are only counted */
	STATS_MS = 5000,
	STATS_SHARE = 20,  /* of the time, at most, goes into them */
	AWAKE_MS = 600000, /* after the last one has gone */
};

struct live {
	const struct api *api;
	struct node *node;
	struct node_observer observer;
	struct ring *ring;
	unsigned topics;	 /* that are watched */
	bool is_asleep;		 /* what happens isn't kept */
	uint64_t awake_until_ms; /* with nobody there */
	struct buf batch;	 /* rows of events … */
	struct json rows;	 /* … their writer … */
	unsigned rows_n;	 /* … how many … */
	int64_t dropped;	 /* … and how many more there were */
	uint64_t batch_ms;	 /* when it began */
	uint64_t stats_ms, looked_ms;
	bool is_looking;
};

static uint64_t
now_ms(const struct live *l)
{
	return uv_now(node_loop(l->node));
}

/* --- events ------------------------------------------------------------------ */

static void
batch_begin(struct live *l)
{
	l->batch.n = 0;
	l->rows = (struct json){ .b = &l->batch };
	l->rows_n = 0;
	l->dropped = 0;
	l->batch_ms = now_ms(l);
	json_open(&l->rows, '{');
	json_key(&l->rows, "items");
	json_open(&l->rows, '[');
}

static void
batch_end(struct live *l)
{
	json_close(&l->rows, ']');
	json_member_int(&l->rows, "dropped", l->dropped);
	json_close(&l->rows, '}');
	ring_add(l->ring, TOPIC_EVENTS, "events", buf_str(&l->batch));
	l->rows_n = 0;
}

static bool
is_due(const struct live *l)
{
	return l->rows_n && now_ms(l) >= l->batch_ms + BATCH_MS;
}

static void
add_event(
	struct live *l, const struct effect *e, const struct node_cause *cause)
{
	if (is_due(l))
		batch_end(l);
	if (l->rows_n == 0)
		batch_begin(l);
	if (l->rows_n == BATCH_ROWS || l->batch.n > BATCH_BYTES) {
		l->dropped++;
		return;
	}
	l->rows_n++;
	render_event(&l->rows, &(struct store_event){
				       .id = cause->event_id,
				       .event = *cause->event,
				       .identity = e->event.identity,
				       .outcome = e->event.outcome,
				       .kind = e->event.kind,
				       .count = e->event.count,
				       .points = e->event.points,
				       .marks = e->event.marks,
				       .is_cause = e->event.is_cause,
			       });
}

/* --- blocks -------------------------------------------------------------------- */

static void
add_block(struct live *l, const char *op, const struct store_block *row)
{
	struct render_view view = render_view_of(
		node_engine(l->node), node_now(l->node));
	struct buf text CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &text };

	json_open(&j, '{');
	json_member_str(&j, "op", str_of(op));
	json_key(&j, "block");
	render_block(&j, row, &view);
	json_close(&j, '}');
	ring_add(l->ring, TOPIC_BLOCKS, "block", buf_str(&text));
}

/* --- what the node says --------------------------------------------------------- */

/* Nobody is there, and whoever comes back will have missed something. */
static bool
is_asleep(struct live *l)
{
	if (l->topics || now_ms(l) < l->awake_until_ms)
		return false;
	if (!l->is_asleep)
		ring_forget(l->ring);
	l->is_asleep = true;
	l->rows_n = 0;
	return true;
}

static void
on_effect(void *ctx, const struct effect *e, const struct node_cause *cause)
{
	struct live *l = ctx;
	struct store_block row;

	if (is_asleep(l))
		return;
	switch (e->type) {
	case EFFECT_EVENT: add_event(l, e, cause); break;
	case EFFECT_BLOCK:
		row = (struct store_block){
			.block = e->block, .by = cause->by, .note = cause->note
		};
		add_block(l, "added", &row);
		break;
	case EFFECT_EXTEND:
		row = (struct store_block){ .block = e->block };
		add_block(l, "changed", &row);
		break;
	case EFFECT_LIFT:
		row = (struct store_block){ .block = e->block,
			.removed = node_now(l->node),
			.removed_by = cause->by };
		add_block(l, "removed", &row);
		break;
	case EFFECT_EXPIRE:
		row = (struct store_block){ .block = e->block };
		add_block(l, "removed", &row);
		break;
	case EFFECT_MISSED:
	case EFFECT_LOCK:
	case EFFECT_UNLOCK:
	case EFFECT_TRUST: break;
	}
}

static void
on_settings(void *ctx, const struct node_change *change)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &text };
	struct live *l = ctx;

	if (is_asleep(l))
		return;
	json_open(&j, '{');
	json_member_str(&j, "by", change->by);
	json_key(&j, "names");
	json_open(&j, '[');
	for (unsigned i = 0; i < change->n; i++)
		json_str(&j, change->pairs[i].name);
	json_close(&j, ']');
	json_close(&j, '}');
	ring_add(l->ring, TOPIC_CONFIG, "config", buf_str(&text));
}

static void
on_replaced(void *ctx)
{
	struct live *l = ctx;

	if (!is_asleep(l))
		ring_add(l->ring, TOPIC_ALL, "reset", S("{}"));
}

/* --- figures ---------------------------------------------------------------------- */

/* In a long event log they take long: less often then. */
static void
on_looked(struct ask *a)
{
	struct live *l = a->api->live;
	uint64_t now = now_ms(l), took_ms = now - l->looked_ms;

	l->is_looking = false;
	l->stats_ms = now + STATS_SHARE * took_ms;
	if (l->stats_ms < l->looked_ms + STATS_MS)
		l->stats_ms = l->looked_ms + STATS_MS;
	if (!*a->failed.text)
		ring_add(l->ring, TOPIC_STATS, "stats", buf_str(&a->text));
	ask_free(a);
}

static void
look(struct live *l)
{
	l->is_looking = true;
	l->looked_ms = now_ms(l);
	overview_begin(ask_new(l->api, NULL), on_looked);
}

void
live_tick(struct live *l)
{
	if (is_due(l))
		batch_end(l);
	if (l->topics & TOPIC_STATS && !l->is_looking &&
		now_ms(l) >= l->stats_ms)
		look(l);
}

/* --- life --------------------------------------------------------------------------- */

void
live_watch(struct live *l, unsigned topics)
{
	if (topics)
		l->is_asleep = false;
	else
		l->awake_until_ms = now_ms(l) + AWAKE_MS;
	l->topics = topics;
}

const struct ring *
live_ring(const struct live *l)
{
	return l->ring;
}

struct live *
live_new(const struct api *api)
{
	struct live *l = mem_alloc(1, sizeof(*l));
	uint32_t boot;

	secret_fill(&boot, sizeof(boot));
	l->api = api;
	l->node = api->config.node;
	l->ring = ring_new(boot);
	l->is_asleep = true;
	l->observer = (struct node_observer){ on_effect, on_settings,
		on_replaced, l };
	node_observe(l->node, &l->observer);
	return l;
}

void
live_free(struct live *l)
{
	if (!l)
		return;
	ring_free(l->ring);
	buf_free(&l->batch);
	free(l);
}
