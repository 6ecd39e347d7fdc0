/* SPDX-License-Identifier: ISC */

#include "node/storage.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "node/load.h"
#include "node/reader.h"
#include "node/restore.h"
#include "sys/clock.h"

#define RETRY_MS      1000
#define TRIM_EVERY_S  60
#define TRIM_PAUSE_MS 5

/* Batches in order. */
struct queue {
	struct batch *first, **last;
};

/* Batches that could not be written yet; the thread still has them. */
struct failure {
	struct err err;
	unsigned n;
	struct batch *batches[];
};

struct storage {
	struct node_config config;
	const struct storage_calls *calls;
	void *ctx;
	uv_thread_t thread;
	uv_async_t wake; /* the loop */
	char *folder;
	_Atomic size_t queued;
	struct store *store;	     /* the thread's */
	struct store_reader *reader; /* the thread's */
	struct reader *searches;     /* threads of their own */
	bool has_lists;		     /* the thread's: handed over */

	uv_mutex_t lock; /* of all below */
	uv_cond_t more;
	struct node_query *asked, **asked_last; /* loop → thread */
	struct node_query *answered;		/* thread → loop */
	bool is_taken;		 /* the loop has what was loaded */
	struct queue todo;	 /* loop → thread */
	struct queue written;	 /* thread → loop */
	struct failure *failure; /* thread → loop: who waits shall be told */
	struct loaded *loaded;
	struct err trouble;
	bool is_troubled, is_stopping, is_ended;
	struct settings settings;
};

static void
queue_put(struct queue *q, struct batch *b)
{
	b->next = NULL;
	*q->last = b;
	q->last = &b->next;
}

static struct batch *
queue_take_all(struct queue *q)
{
	struct batch *first = q->first;

	q->first = NULL;
	q->last = &q->first;
	return first;
}

/* --- in the thread ------------------------------------------------- */

static int
put_event(struct store *s, const struct record *r, struct err *err)
{
	return store_add_event(s, &r->event, err);
}

static int
put_position(struct store *s, const struct record *r, struct err *err)
{
	return store_set_position(s, r->position.name, &r->position.at, err);
}

static int
put_block(struct store *s, const struct record *r, struct err *err)
{
	return store_add_block(s, &r->block.row, r->block.why, err);
}

static int
put_block_change(struct store *s, const struct record *r, struct err *err)
{
	return store_change_block(s, &r->block.row, r->block.has_note, err);
}

static int
put_end(struct store *s, const struct record *r, struct err *err)
{
	return store_end_block(
		s, &r->end.block, r->end.removed, r->end.by, err);
}

static int
put_never(struct store *s, const struct record *r, struct err *err)
{
	uint64_t id;

	return store_add_never(s, &r->never, &id, err);
}

static int
put_never_remove(struct store *s, const struct record *r, struct err *err)
{
	return store_remove_never(s, &r->prefix, err);
}

static int
put_change(struct store *s, const struct record *r, struct err *err)
{
	return store_set_setting(s, &r->change, err);
}

static int
put_access(struct store *s, const struct record *r, struct err *err)
{
	return access_put(s, r->access, err);
}

static int
put_lock(struct store *s, const struct record *r, struct err *err)
{
	return store_add_lock(s, &r->lock, err);
}

static int
put_lock_end(struct store *s, const struct record *r, struct err *err)
{
	return store_end_lock(s, &r->lock, err);
}

static int
put_unlock(struct store *s, const struct record *r, struct err *err)
{
	return store_unlock(s, &r->unlock, err);
}

static int
put_trust(struct store *s, const struct record *r, struct err *err)
{
	return store_add_trust(s, &r->trust, err);
}

static int
put_forgive(struct store *s, const struct record *r, struct err *err)
{
	return store_forgive(s, &r->forgiven, err);
}

/* NULL: nothing to write. */
static int (*const put[RECORD_TYPES])(
	struct store *, const struct record *, struct err *) = {
	[RECORD_EVENT] = put_event,
	[RECORD_POSITION] = put_position,
	[RECORD_BLOCK] = put_block,
	[RECORD_BLOCK_CHANGE] = put_block_change,
	[RECORD_END] = put_end,
	[RECORD_NEVER_ADD] = put_never,
	[RECORD_NEVER_REMOVE] = put_never_remove,
	[RECORD_CHANGE] = put_change,
	[RECORD_LOCK] = put_lock,
	[RECORD_LOCK_END] = put_lock_end,
	[RECORD_UNLOCK] = put_unlock,
	[RECORD_ACCESS] = put_access,
	[RECORD_TRUST] = put_trust,
	[RECORD_FORGIVE] = put_forgive,
};

/* All batches that wait, in one commit: whoever waits shares one fsync. */
static int
write_batches(struct store *s, const struct batch *first, struct err *err)
{
	for (const struct batch *b = first; b; b = b->next) {
		for (const struct record *r = b->first; r; r = r->next) {
			if (put[r->type] && put[r->type](s, r, err) < 0)
				return -1;
		}
	}
	return store_commit(s, err);
}

static void
run_restores(struct storage *st, struct batch *first)
{
	for (struct batch *b = first; b; b = b->next) {
		for (struct record *r = b->first; r; r = r->next) {
			if (r->type == RECORD_RESTORE)
				restore_run(r->restore, st->store, &st->config);
		}
	}
}

/* From any thread: its read() is over. */
static void
on_read(void *ctx, struct node_query *q)
{
	struct storage *st = ctx;

	uv_mutex_lock(&st->lock);
	q->next = st->answered;
	st->answered = q;
	uv_mutex_unlock(&st->lock);
	uv_async_send(&st->wake);
}

/* Reading needs no write: it goes on when the disk is full. */
static void
run_query(struct storage *st, struct node_query *q)
{
	struct err err;

	if (q->is_search) {
		reader_ask(st->searches, q);
		return;
	}
	if (!st->reader)
		st->reader = store_reader_open(st->folder, &err);
	q->read(q, st->store, st->reader);
	on_read(st, q);
}

static void
report_failure(struct storage *st, struct batch *first, const struct err *err)
{
	unsigned n = 0;

	for (struct batch *b = first; b; b = b->next)
		n++;
	struct failure *f = mem_alloc(
		1, sizeof(*f) + n * sizeof(f->batches[0]));
	f->err = *err;
	for (struct batch *b = first; b; b = b->next)
		f->batches[f->n++] = b;
	uv_mutex_lock(&st->lock);
	struct failure *old = st->failure;
	st->failure = f;
	uv_mutex_unlock(&st->lock);
	free(old);
	uv_async_send(&st->wake);
}

/* Wait until the storage shall stop; true when it shall. */
static bool
pause_thread(struct storage *st, uint64_t ms)
{
	bool stop;

	uv_mutex_lock(&st->lock);
	if (!st->is_stopping)
		uv_cond_timedwait(&st->more, &st->lock, ms * 1000000);
	stop = st->is_stopping;
	uv_mutex_unlock(&st->lock);
	return stop;
}

/* A corrupt event log is moved aside: blocks and lists are elsewhere. */
static void
mend(struct storage *st, struct err *err)
{
	if (!store_is_broken(st->store) ||
		store_reset_events(st->store, err) < 0)
		return;
	store_reader_close(st->reader);
	st->reader = NULL;
	reader_reopen(st->searches);
}

/* What the thread does next. */
struct turn {
	struct batch *fresh;	  /* handed over since the last turn */
	struct node_query *query; /* one: writing must not wait for many */
	bool is_over;
};

static bool
is_idle(const struct storage *st)
{
	return !st->todo.first && !st->asked;
}

/* Wait for work, at most @wait_ms. */
static struct turn
next_turn(struct storage *st, uint64_t wait_ms)
{
	struct turn t = { 0 };

	uv_mutex_lock(&st->lock);
	if (is_idle(st) && !(st->is_stopping && st->is_taken))
		uv_cond_timedwait(
			&st->more, &st->lock, wait_ms * UINT64_C(1000000));
	/* The loop may still have what came while the store was loaded. */
	t.is_over = st->is_stopping && st->is_taken && is_idle(st);
	t.fresh = queue_take_all(&st->todo);
	t.query = st->asked;
	if (t.query)
		st->asked = t.query->next;
	if (!st->asked)
		st->asked_last = &st->asked;
	uv_mutex_unlock(&st->lock);
	return t;
}

static void
finish_batches(struct storage *st, struct batch *first)
{
	uv_mutex_lock(&st->lock);
	for (struct batch *b = first, *next; b; b = next) {
		next = b->next;
		queue_put(&st->written, b);
	}
	uv_mutex_unlock(&st->lock);
	uv_async_send(&st->wake);
}

/* A slice of what is too old; returns whether there is more. */
static bool
trim(struct storage *st, int64_t *last)
{
	int64_t now = clock_wall_s();
	struct settings settings;
	struct err err;
	bool more = false;

	if (now - *last < TRIM_EVERY_S && now >= *last)
		return false;
	uv_mutex_lock(&st->lock);
	settings = st->settings;
	uv_mutex_unlock(&st->lock);
	if (store_trim(st->store, &settings, now, &more, &err) < 0 || !more)
		*last = now;
	return more;
}

static void
append(struct batch **list, struct batch *more)
{
	while (*list)
		list = &(*list)->next;
	*list = more;
}

/* Try to write all that is held; true when nothing is left. */
static bool
write_held(struct storage *st, struct batch **held)
{
	struct err err;

	if (!*held)
		return true;
	if (write_batches(st->store, *held, &err) < 0) {
		mend(st, &err);
		report_failure(st, *held, &err);
		return false;
	}
	run_restores(st, *held);
	finish_batches(st, *held);
	*held = NULL;
	return true;
}

/* Write, answer, trim; what can't be written is held and tried again,
 * until the storage is to stop and it still can't. */
static void
serve(struct storage *st)
{
	int64_t trimmed = clock_wall_s();
	struct batch *held = NULL;
	int64_t tried_ns = 0;
	uint64_t wait_ms = 0;
	unsigned last_tries = 0;

	for (;;) {
		struct turn t = next_turn(st, wait_ms);
		int64_t since_ns = clock_mono_ns() - tried_ns;

		append(&held, t.fresh);
		if (held && (t.fresh || since_ns > RETRY_MS * 1000000LL)) {
			tried_ns = clock_mono_ns();
			last_tries += !write_held(st, &held) && t.is_over;
		}
		if (t.query)
			run_query(st, t.query);
		wait_ms = held ? RETRY_MS : TRIM_EVERY_S * 1000;
		if (!held && trim(st, &trimmed))
			wait_ms = TRIM_PAUSE_MS;
		if (t.is_over && (!held || last_tries >= 3))
			break;
		if (t.is_over)
			uv_sleep(RETRY_MS);
	}
	finish_batches(st, held);
}

static void
hand_over(struct storage *st, struct loaded *l)
{
	struct loaded *old;

	uv_mutex_lock(&st->lock);
	old = st->loaded; /* lists that the loop hasn't seen */
	st->loaded = l;
	st->settings = *engine_settings(l->engine);
	if (!l->is_lists)
		st->is_troubled = false;
	uv_mutex_unlock(&st->lock);
	uv_async_send(&st->wake);
	if (old) {
		engine_free(old->engine);
		load_free(old);
		free(old);
	}
}

/* The store can't be used: at least what stands on the lists holds. */
static void
open_lists(struct storage *st)
{
	struct store_config config = { st->folder, clock_wall_s() };
	struct loaded *l = mem_alloc(1, sizeof(*l));
	struct err err;
	struct store *s = store_open_lists(&config, &l->opened, &err);

	l->is_lists = true;
	st->has_lists = s && load_lists(s, &st->config, l, &err) == 0;
	store_close(s);
	if (st->has_lists)
		hand_over(st, l);
	else
		free(l);
}

static void
close_store(struct storage *st)
{
	store_reader_close(st->reader);
	store_close(st->store);
	st->reader = NULL;
	st->store = NULL;
}

/* Open and load, or say why not. */
static bool
open_store(struct storage *st, struct err *err)
{
	struct store_config config = { st->folder, clock_wall_s() };
	struct loaded *l = mem_alloc(1, sizeof(*l));

	st->store = store_open(&config, &l->opened, err);
	/* Without a reader there are no searches; everything else works. */
	if (st->store)
		st->reader = store_reader_open(st->folder, err);
	if (!st->store || load_engine(st->store, &st->config, l, err) < 0) {
		close_store(st);
		free(l);
		return false;
	}
	hand_over(st, l);
	return true;
}

static void
complain(struct storage *st, const struct err *err)
{
	uv_mutex_lock(&st->lock);
	st->trouble = *err;
	st->is_troubled = true;
	uv_mutex_unlock(&st->lock);
	uv_async_send(&st->wake);
}

static void
run(void *arg)
{
	struct storage *st = arg;
	struct err err;
	bool stop = false;

	while (!open_store(st, &err) && !stop) {
		complain(st, &err);
		if (!st->has_lists)
			open_lists(st);
		stop = pause_thread(st, 5 * RETRY_MS);
	}
	if (st->store)
		serve(st);
	reader_stop(st->searches);
	close_store(st);
	uv_mutex_lock(&st->lock);
	st->is_ended = true;
	uv_mutex_unlock(&st->lock);
	uv_async_send(&st->wake);
}

/* --- in the loop ---------------------------------------------------- */

static void
on_gone(uv_handle_t *h)
{
	struct storage *st = h->data;
	void (*closed)(void *) = st->calls->closed;
	void *ctx = st->ctx;

	for (struct batch *b = queue_take_all(&st->todo), *next; b; b = next) {
		next = b->next;
		batch_free(b);
	}
	uv_mutex_destroy(&st->lock);
	uv_cond_destroy(&st->more);
	free(st->failure);
	free(st->folder);
	free(st);
	closed(ctx);
}

/* What the thread left for the loop since the last turn. */
struct news {
	struct loaded *loaded;
	struct failure *failure;
	struct batch *written;
	struct node_query *answered;
	struct err trouble;
	bool is_troubled, is_ended;
};

static struct news
take_news(struct storage *st)
{
	struct news n;

	uv_mutex_lock(&st->lock);
	n = (struct news){
		.loaded = st->loaded,
		.failure = st->failure,
		.written = queue_take_all(&st->written),
		.answered = st->answered,
		.trouble = st->trouble,
		.is_troubled = st->is_troubled,
		.is_ended = st->is_ended,
	};
	st->loaded = NULL;
	st->answered = NULL;
	st->failure = NULL;
	st->is_troubled = false;
	uv_mutex_unlock(&st->lock);
	return n;
}

static void
on_wake(uv_async_t *h)
{
	struct storage *st = h->data;
	struct news n = take_news(st);

	if (n.is_troubled)
		st->calls->troubled(st->ctx, &n.trouble);
	if (n.loaded) {
		bool is_all = !n.loaded->is_lists;

		st->calls->loaded(st->ctx, n.loaded);
		uv_mutex_lock(&st->lock);
		st->is_taken = is_all;
		uv_cond_signal(&st->more);
		uv_mutex_unlock(&st->lock);
	}
	for (unsigned i = 0; n.failure && i < n.failure->n; i++)
		st->calls->failed(
			st->ctx, n.failure->batches[i], &n.failure->err);
	free(n.failure);
	for (struct batch *b = n.written, *next; b; b = next) {
		next = b->next;
		st->queued -= b->arena.bytes;
		st->calls->written(st->ctx, b);
	}
	for (struct node_query *q = n.answered, *next; q; q = next) {
		next = q->next;
		q->done(q);
	}
	if (n.is_ended) {
		uv_thread_join(&st->thread);
		uv_close((uv_handle_t *)&st->wake, on_gone);
	}
}

struct storage *
storage_start(const struct node_config *config, uv_loop_t *loop,
	const struct storage_calls *calls, void *ctx)
{
	struct storage *st = mem_alloc(1, sizeof(*st));

	st->config = *config;
	st->folder = strdup(config->folder);
	st->calls = calls;
	st->ctx = ctx;
	st->settings = settings_default();
	queue_take_all(&st->todo);
	queue_take_all(&st->written);
	st->asked_last = &st->asked;
	if (!st->folder || uv_mutex_init(&st->lock) ||
		uv_cond_init(&st->more) ||
		uv_async_init(loop, &st->wake, on_wake))
		abort();
	st->wake.data = st;
	st->searches = reader_start(st->folder, on_read, st);
	if (uv_thread_create(&st->thread, run, st))
		abort();
	return st;
}

void
storage_stop(struct storage *st)
{
	uv_mutex_lock(&st->lock);
	st->is_stopping = true;
	uv_cond_signal(&st->more);
	uv_mutex_unlock(&st->lock);
}

void
storage_put(struct storage *st, struct batch *b)
{
	st->queued += b->arena.bytes;
	uv_mutex_lock(&st->lock);
	queue_put(&st->todo, b);
	uv_cond_signal(&st->more);
	uv_mutex_unlock(&st->lock);
}

void
storage_ask(struct storage *st, struct node_query *q)
{
	q->next = NULL;
	uv_mutex_lock(&st->lock);
	*st->asked_last = q;
	st->asked_last = &q->next;
	uv_cond_signal(&st->more);
	uv_mutex_unlock(&st->lock);
}

void
storage_settings(struct storage *st, const struct settings *settings)
{
	uv_mutex_lock(&st->lock);
	st->settings = *settings;
	uv_mutex_unlock(&st->lock);
}

size_t
storage_queued(const struct storage *st)
{
	return st->queued;
}
