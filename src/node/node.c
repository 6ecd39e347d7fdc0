/* SPDX-License-Identifier: ISC */

#include "node/node.h"

#include <stdlib.h>

#include "base/mem.h"
#include "node/inside.h"
#include "node/load.h"
#include "sys/clock.h"
#include "sys/log.h"

#define FLUSH_MS      50
#define FLUSH_EVENTS  1000
#define TICK_MS	      1000
#define LAG_TICKS     60
#define BUSY_BYTES    (16u << 20) /* log readers wait */
#define SHED_BYTES    (64u << 20) /* events of sockets aren't stored */
#define WAITING_BYTES (16u << 20)

/* --- batches --------------------------------------------------------- */

static void
on_flush(uv_timer_t *t)
{
	node_flush(t->data);
}

struct record *
node_record(struct node *n, enum record_type type)
{
	if (!n->open)
		n->open = batch_new();
	if (n->open->n == 0)
		uv_timer_start(&n->flush, on_flush, FLUSH_MS, 0);
	return batch_add(n->open, type);
}

void
node_flush(struct node *n)
{
	struct batch *b = n->open;

	if (!b)
		return;
	n->open = NULL;
	uv_timer_stop(&n->flush);
	storage_put(n->storage, b);
}

void
node_await(struct node *n, node_on_done *fn, void *ctx)
{
	if (fn) {
		struct record *r = node_record(n, RECORD_DONE);

		r->done.fn = fn;
		r->done.ctx = ctx;
	}
	node_flush(n);
}

/* --- effects to records ----------------------------------------------- */

static struct str
keep_text(struct arena *a, struct str s, size_t max)
{
	if (s.n > max)
		s.n = max;
	return s.n ? arena_str(a, s) : (struct str){ 0 };
}

static void
keep_event(
	struct node *n, const struct effect *e, const struct node_cause *cause)
{
	const struct event *ev = cause->event;

	if (storage_queued(n->storage) > SHED_BYTES) {
		n->stats.shed++;
		return;
	}
	struct record *r = node_record(n, RECORD_EVENT);
	struct arena *a = &n->open->arena;
	struct event *kept = &r->event.event;

	*kept = *ev;
	kept->source = keep_text(a, ev->source, EVENT_TEXT_MAX);
	kept->service = keep_text(a, ev->service, EVENT_TEXT_MAX);
	kept->account = keep_text(a, ev->account, EVENT_TEXT_MAX);
	kept->session = keep_text(a, ev->session, EVENT_TEXT_MAX);
	kept->helo = keep_text(a, ev->helo, EVENT_TEXT_MAX);
	kept->detail = keep_text(a, ev->detail, EVENT_DETAIL_MAX);
	kept->tag = (struct str){ 0 }; /* lives on as identity.credential */
	r->event.id = cause->event_id;
	r->event.identity = e->event.identity;
	r->event.outcome = e->event.outcome;
	r->event.kind = e->event.kind;
	r->event.count = e->event.count;
	r->event.points = e->event.points;
	r->event.is_cause = e->event.is_cause;
	r->event.marks = e->event.marks;
}

static void
log_block(const char *id, const struct block *b)
{
	static const char *const names[COMPONENTS] = { "smtp", "login" };
	char text[PREFIX_TEXT_MAX];

	log_line(LOG_LEVEL_NOTICE, id,
		"peer=%s why=%s score=%u threshold=%u ttl_s=%lld%s",
		prefix_format(&b->prefix, text), names[b->component], b->score,
		b->threshold, (long long)(b->until - b->from),
		b->is_observed ? " observed=yes" : "");
}

static void
keep_block(struct node *n, const struct effect *e)
{
	struct record *r = node_record(n, RECORD_BLOCK);

	log_block("block.add", &e->block);

	r->block.row.block = e->block;
	if (e->why) {
		struct explanation *why = arena_alloc(
			&n->open->arena, sizeof(*why));

		*why = *e->why;
		r->block.why = why;
	}
}

static void
keep_lift(struct node *n, const struct effect *e)
{
	struct record *r = node_record(n, RECORD_END);

	r->end.block = e->block;
	r->end.removed = node_now(n);
}

static void
keep_effects(struct node *n, const struct node_cause *cause)
{
	node_tell(n, cause);
	for (unsigned i = 0; i < n->effects.n; i++) {
		const struct effect *e = &n->effects.list[i];

		switch (e->type) {
		case EFFECT_EVENT: keep_event(n, e, cause); break;
		case EFFECT_BLOCK: keep_block(n, e); break;
		case EFFECT_LIFT: keep_lift(n, e); break;
		case EFFECT_MISSED: log_block("block.missed", &e->block); break;
		case EFFECT_LOCK:
		case EFFECT_UNLOCK:
		case EFFECT_TRUST: node_keep_account(n, e, cause->event); break;
		case EFFECT_EXTEND:	   /* node_extend() has its record */
		case EFFECT_EXPIRE: break; /* its row says until when */
		}
	}
}

void
node_fold(struct node *n, const struct fact *f, const struct node_cause *cause)
{
	static const struct node_cause nobody;
	struct effects more = { .has_more = true };

	if (!cause)
		cause = &nobody;

	engine_apply(n->engine, f, node_now(n), &n->effects);
	keep_effects(n, cause);
	more.has_more = n->effects.has_more;
	while (more.has_more) {
		struct effects first = n->effects;

		engine_tick(n->engine, node_now(n), &n->effects);
		keep_effects(n, cause);
		more.has_more = n->effects.has_more;
		n->effects = first;
	}
}

/* --- facts of hooks ----------------------------------------------------- */

static void
report_now(struct node *n, const struct event *told)
{
	struct event ev = *told;

	/* The store keeps the time that the engine counts with. */
	if (ev.time <= 0 || ev.time > node_now(n))
		ev.time = node_now(n);
	n->next_event++;
	node_fold(n,
		&(struct fact){ .type = FACT_EVENT,
			.event = &ev,
			.event_id = n->next_event },
		&(struct node_cause){
			.event = &ev, .event_id = n->next_event });
	n->stats.events++;
}

/* The store is loading: the event waits its turn, in bounded memory. */
static void
report_later(struct node *n, const struct event *ev)
{
	struct arena *a = &n->waiting_arena;

	if (a->bytes > WAITING_BYTES) {
		n->stats.shed++;
		return;
	}
	struct waiting *w = arena_alloc(a, sizeof(*w));

	w->event = *ev;
	w->event.source = keep_text(a, ev->source, EVENT_TEXT_MAX);
	w->event.service = keep_text(a, ev->service, EVENT_TEXT_MAX);
	w->event.account = keep_text(a, ev->account, EVENT_TEXT_MAX);
	w->event.session = keep_text(a, ev->session, EVENT_TEXT_MAX);
	w->event.tag = keep_text(a, ev->tag, EVENT_TEXT_MAX);
	w->event.helo = keep_text(a, ev->helo, EVENT_TEXT_MAX);
	w->event.detail = keep_text(a, ev->detail, EVENT_DETAIL_MAX);
	if (w->event.time == 0)
		w->event.time = node_now(n);
	*n->waiting_last = w;
	n->waiting_last = &w->next;
}

void
node_report(struct node *n, const struct event *ev)
{
	if (node_is_loaded(n))
		report_now(n, ev);
	else
		report_later(n, ev);
}

struct verdict
node_check(const struct node *n, const struct addr *addr)
{
	if (!n->stats.has_lists)
		return (struct verdict){ .word = VERDICT_ALLOW };
	return engine_check(n->engine, addr, node_now(n));
}

struct verdict
node_connect(struct node *n, const struct addr *addr)
{
	if (node_is_loaded(n))
		node_fold(n,
			&(struct fact){ .type = FACT_CONNECT, .addr = *addr },
			NULL);
	return node_check(n, addr);
}

/* --- positions of logs --------------------------------------------------- */

static struct position_row *
find_position(const struct node *n, struct str name)
{
	struct position_row *p = n->positions;

	while (p && !str_eq(name, (struct str){ p->name, p->name_n }))
		p = p->next;
	return p;
}

static void
keep_position(struct node *n, struct str name, const struct log_position *at)
{
	struct position_row *p = find_position(n, name);

	if (!p) {
		p = mem_alloc(1, sizeof(*p) + name.n);
		p->name_n = name.n;
		memcpy(p->name, name.p, name.n);
		p->next = n->positions;
		n->positions = p;
	}
	p->at = *at;
}

void
node_log_position(struct node *n, struct str name, const struct log_position *p)
{
	struct record *r = node_record(n, RECORD_POSITION);

	r->position.name = arena_str(&n->open->arena, name);
	r->position.at = *p;
	keep_position(n, name, p);
	/* Never between a log's events and its position: one transaction. */
	if (n->open->events >= FLUSH_EVENTS)
		node_flush(n);
}

bool
node_log_resume(const struct node *n, struct str name, struct log_position *ret)
{
	const struct position_row *p = find_position(n, name);

	if (p)
		*ret = p->at;
	return p != NULL;
}

bool
node_is_busy(const struct node *n)
{
	return !node_is_loaded(n) || storage_queued(n->storage) > BUSY_BYTES;
}

/* --- what the storage says ------------------------------------------------ */

void
node_report_waiting(struct node *n)
{
	for (struct waiting *w = n->waiting; w; w = w->next)
		report_now(n, &w->event);
	n->waiting = NULL;
	n->waiting_last = &n->waiting;
	arena_free(&n->waiting_arena);
}

/* Built-in never-block entries came before the lists: they hold on. */
static void
fold_built_in(struct node *n)
{
	for (struct never_row *r = n->never; r; r = r->next) {
		if (r->is_built_in)
			node_fold(n,
				&(struct fact){ .type = FACT_NEVER_ADD,
					.prefix = r->row.prefix },
				NULL);
	}
}

/* All but the machine's own, which come first. */
static void
never_forget_stored(struct node *n)
{
	struct never_row *built_in = NULL, *r = n->never;

	for (; r && r->is_built_in; r = r->next)
		built_in = r;
	if (built_in)
		built_in->next = NULL;
	else
		n->never = NULL;
	node_never_free(r);
}

static void
take_rows(struct node *n, const struct loaded *l)
{
	for (struct loaded_never *r = l->never; r; r = r->next) {
		node_never_keep(n, &r->row, false);
		if (r->row.id > n->next_never)
			n->next_never = r->row.id;
	}
	for (struct loaded_position *p = l->positions; p; p = p->next)
		keep_position(n, p->name, &p->at);
}

void
node_take(struct node *n, struct loaded *l)
{
	engine_free(n->engine);
	n->engine = l->engine;
	if (l->opened.last_event > n->next_event)
		n->next_event = l->opened.last_event;
	memcpy(n->stats.notice, l->opened.notice, sizeof(n->stats.notice));
	n->stats.store_error[0] = '\0';
	storage_settings(n->storage, engine_settings(n->engine));
	never_forget_stored(n);
	take_rows(n, l);
	if (l->made) {
		storage_put(n->storage, l->made);
		l->made = NULL;
	}
	load_free(l);
	free(l);
	n->stats.is_loaded = n->stats.has_lists = true;
	fold_built_in(n);
	node_tell_replaced(n);
	node_report_waiting(n);
	node_flush(n);
}

/* The lists answer until there is more; nothing is counted or changed. */
static void
take_lists(struct node *n, struct loaded *l)
{
	engine_free(n->engine);
	n->engine = l->engine;
	take_rows(n, l);
	load_free(l);
	free(l);
	n->stats.has_lists = true;
	fold_built_in(n);
}

static void
on_storage_loaded(void *ctx, struct loaded *l)
{
	struct node *n = ctx;

	if (l->is_lists) {
		take_lists(n, l);
		return;
	}

	node_take(n, l);
	if (n->on_loaded)
		n->on_loaded(n->on_loaded_ctx);
	n->on_loaded = NULL;
}

static void
tell(struct batch *b, const struct err *failed)
{
	for (struct record *r = b->first; r; r = r->next) {
		if (r->type != RECORD_DONE || !r->done.fn)
			continue;
		node_on_done *fn = r->done.fn;

		r->done.fn = NULL;
		fn(r->done.ctx, failed);
	}
}

static void
on_storage_written(void *ctx, struct batch *b)
{
	struct node *n = ctx;

	n->stats.stored += b->events;
	n->stats.store_error[0] = '\0';
	tell(b, NULL);
	for (struct record *r = b->first; r; r = r->next) {
		if (r->type == RECORD_RESTORE)
			node_restored(n, r->restore);
	}
	batch_free(b);
}

static void
note_trouble(struct node *n, const struct err *err)
{
	n->stats.store_errors++;
	memcpy(n->stats.store_error, err->text, sizeof(err->text));
}

static void
on_storage_failed(void *ctx, struct batch *b, const struct err *err)
{
	struct err told;

	note_trouble(ctx, err);
	err_set(&told,
		"it is in force, but could not be stored yet: %s. Storing is "
		"tried again every second",
		err->text);
	tell(b, &told);
}

static void
on_storage_troubled(void *ctx, const struct err *err)
{
	note_trouble(ctx, err);
}

static void
free_node(struct node *n)
{
	node_on_closed *fn = n->on_closed;
	void *ctx = n->on_closed_ctx;

	while (n->positions) {
		struct position_row *next = n->positions->next;

		free(n->positions);
		n->positions = next;
	}
	node_never_free(n->never);
	arena_free(&n->waiting_arena);
	batch_free(n->open);
	engine_free(n->engine);
	free(n);
	if (fn)
		fn(ctx);
}

static void
on_timer_closed(uv_handle_t *h)
{
	struct node *n = h->data;

	if (--n->handles == 0)
		free_node(n);
}

static void
on_storage_closed(void *ctx)
{
	struct node *n = ctx;

	uv_close((uv_handle_t *)&n->flush, on_timer_closed);
	uv_close((uv_handle_t *)&n->tick, on_timer_closed);
}

static const struct storage_calls storage_calls = {
	.loaded = on_storage_loaded,
	.written = on_storage_written,
	.failed = on_storage_failed,
	.troubled = on_storage_troubled,
	.closed = on_storage_closed,
};

/* --- life -------------------------------------------------------------- */

/* A tick that comes late has waited for something else in the loop. */
static void
note_lag(struct node *n)
{
	uint64_t now = uv_now(n->loop);
	uint64_t late = now > n->tick_due_ms ? now - n->tick_due_ms : 0;

	n->tick_due_ms = now + TICK_MS;
	if (++n->ticks % LAG_TICKS == 0) {
		n->lag_ms[1] = n->lag_ms[0];
		n->lag_ms[0] = 0;
	}
	if (late > n->lag_ms[0])
		n->lag_ms[0] = (uint32_t)late;
}

static void
on_tick(uv_timer_t *t)
{
	static const struct node_cause nobody;
	struct node *n = t->data;

	note_lag(n);
	if (!node_is_loaded(n))
		return; /* what ends now has no row to be told of */
	do {
		engine_tick(n->engine, node_now(n), &n->effects);
		keep_effects(n, &nobody);
	} while (n->effects.has_more);
}

struct node *
node_open(const struct node_config *config, uv_loop_t *loop, struct err *err)
{
	struct engine_config ec = { .max_v4 = 1024,
		.max_v6 = 1024,
		.acts = 1024,
		.v6_len = config->v6_len };
	struct settings settings = settings_default();
	struct node *n = mem_alloc(1, sizeof(*n));

	n->loop = loop;
	n->waiting_last = &n->waiting;
	if (uv_timer_init(loop, &n->flush) || uv_timer_init(loop, &n->tick)) {
		free(n);
		err_set(err, "the event loop takes no timers");
		return NULL;
	}
	n->handles = 2;
	n->flush.data = n->tick.data = n;
	n->engine = engine_new(&ec, &settings);
	n->stats.started = node_now(n);
	n->storage = storage_start(config, loop, &storage_calls, n);
	n->tick_due_ms = uv_now(loop) + TICK_MS;
	uv_timer_start(&n->tick, on_tick, TICK_MS, TICK_MS);
	return n;
}

void
node_close(struct node *n, node_on_closed *fn, void *ctx)
{
	n->on_closed = fn;
	n->on_closed_ctx = ctx;
	uv_timer_stop(&n->tick);
	node_flush(n);
	storage_stop(n->storage);
}

void
node_on_loaded(struct node *n, node_on_ready *fn, void *ctx)
{
	if (n->stats.is_loaded) {
		fn(ctx);
		return;
	}
	n->on_loaded = fn;
	n->on_loaded_ctx = ctx;
}

bool
node_is_loaded(const struct node *n)
{
	return n->stats.is_loaded && !n->is_restoring;
}

int64_t
node_now(const struct node *n)
{
	struct node *cache = (struct node *)(uintptr_t)n;
	uint64_t turn = uv_now(n->loop);

	if (turn != n->now_turn || n->now == 0) {
		cache->now_turn = turn;
		cache->now = clock_wall_s();
	}
	return n->now;
}

uv_loop_t *
node_loop(const struct node *n)
{
	return n->loop;
}

const struct engine *
node_engine(const struct node *n)
{
	return n->engine;
}

void
node_read(struct node *n, struct node_query *q)
{
	node_flush(n);
	q->is_search = false;
	storage_ask(n->storage, q);
}

void
node_search(struct node *n, struct node_query *q)
{
	node_flush(n);
	q->is_search = true;
	storage_ask(n->storage, q); /* it must see what was put before it */
}

void
node_stats(const struct node *n, struct node_stats *ret)
{
	*ret = n->stats;
	ret->queued_bytes = storage_queued(n->storage);
	ret->lag_ms = n->lag_ms[n->lag_ms[1] > n->lag_ms[0]];
	engine_stats(n->engine, &ret->engine);
}
