/* SPDX-License-Identifier: ISC */

#include "node/feed.h"

#include <stdlib.h>
#include <uv.h>

#include "base/arena.h"
#include "base/mem.h"

enum {
	ROWS_MAX = 8, /* of struct feed_rows in memory */
};

struct feed {
	struct store *store;
	int64_t since;
	uv_thread_t thread;
	struct feed_rows *filling; /* the thread's */
	struct arena arena;	   /* of the sources; the thread's */
	struct source {
		struct source *next;
		struct str name;
	} * sources;

	uv_mutex_t lock; /* of all below */
	uv_cond_t changed;
	struct feed_rows *full, **full_last, *free;
	bool is_ended;	 /* nothing more comes */
	bool is_stopped; /* nobody wants more */
	int result;
	struct err err;
};

/* --- in the thread ---------------------------------------------------- */

static struct feed_rows *
rows_take(struct feed *f)
{
	uv_mutex_lock(&f->lock);
	while (!f->free && !f->is_stopped)
		uv_cond_wait(&f->changed, &f->lock);
	struct feed_rows *rows = f->is_stopped ? NULL : f->free;
	if (rows)
		f->free = rows->next;
	uv_mutex_unlock(&f->lock);
	return rows;
}

static void
rows_put(struct feed *f)
{
	struct feed_rows *rows = f->filling;

	if (!rows)
		return;
	f->filling = NULL;
	rows->next = NULL;
	uv_mutex_lock(&f->lock);
	*f->full_last = rows;
	f->full_last = &rows->next;
	uv_cond_signal(&f->changed);
	uv_mutex_unlock(&f->lock);
}

/* Where the next row of a kind goes, or NULL when nobody wants it. */
static struct feed_rows *
rows_for(struct feed *f, enum feed_type type)
{
	struct feed_rows *rows = f->filling;

	if (rows && (rows->n == FEED_ROWS || rows->type != type))
		rows_put(f);
	if (!f->filling) {
		f->filling = rows_take(f);
		if (!f->filling)
			return NULL;
		f->filling->n = 0;
		f->filling->type = type;
	}
	return f->filling;
}

static int
on_block(void *ctx, const struct store_block *b)
{
	struct feed_rows *rows = rows_for(ctx, FEED_BLOCKS);

	if (!rows)
		return 1;
	rows->blocks[rows->n] = b->block;
	rows->blocks[rows->n].is_lifted = b->removed != 0;
	rows->n++;
	return 0;
}

/* Source names outlive the row: there is a handful of them. */
static struct str
source_keep(struct feed *f, struct str name)
{
	struct source *s = f->sources;

	while (s && !str_eq(s->name, name))
		s = s->next;
	if (!s) {
		s = arena_alloc(&f->arena, sizeof(*s));
		s->name = arena_str(&f->arena, name);
		s->next = f->sources;
		f->sources = s;
	}
	return s->name;
}

static int
on_stored(void *ctx, const struct stored *e)
{
	struct feed *f = ctx;
	struct feed_rows *rows = rows_for(f, FEED_EVENTS);

	if (!rows)
		return 1;
	rows->events[rows->n] = *e;
	rows->events[rows->n].source = source_keep(f, e->source);
	rows->n++;
	return 0;
}

static void
read_all(void *arg)
{
	struct feed *f = arg;
	int r = store_load_blocks(f->store, f->since, on_block, f, &f->err);

	if (r == 0)
		r = store_load_events(
			f->store, f->since, on_stored, f, &f->err);
	rows_put(f);
	uv_mutex_lock(&f->lock);
	f->result = r;
	f->is_ended = true;
	uv_cond_signal(&f->changed);
	uv_mutex_unlock(&f->lock);
}

/* --- the caller's side -------------------------------------------------- */

struct feed *
feed_start(struct store *store, int64_t since)
{
	struct feed *f = mem_alloc(1, sizeof(*f));

	f->store = store;
	f->since = since;
	f->full_last = &f->full;
	for (int i = 0; i < ROWS_MAX; i++) {
		struct feed_rows *rows = mem_alloc(1, sizeof(*rows));

		rows->next = f->free;
		f->free = rows;
	}
	if (uv_mutex_init(&f->lock) || uv_cond_init(&f->changed) ||
		uv_thread_create(&f->thread, read_all, f))
		abort();
	return f;
}

struct feed_rows *
feed_next(struct feed *f, struct feed_rows *done)
{
	uv_mutex_lock(&f->lock);
	if (done) {
		done->next = f->free;
		f->free = done;
		uv_cond_signal(&f->changed);
	}
	while (!f->full && !f->is_ended)
		uv_cond_wait(&f->changed, &f->lock);
	struct feed_rows *rows = f->full;
	if (rows) {
		f->full = rows->next;
		if (!f->full)
			f->full_last = &f->full;
	}
	uv_mutex_unlock(&f->lock);
	return rows;
}

static void
rows_free(struct feed_rows *rows)
{
	while (rows) {
		struct feed_rows *next = rows->next;

		free(rows);
		rows = next;
	}
}

int
feed_end(struct feed *f, struct err *err)
{
	uv_mutex_lock(&f->lock);
	f->is_stopped = true;
	uv_cond_signal(&f->changed);
	uv_mutex_unlock(&f->lock);
	uv_thread_join(&f->thread);

	int r = f->result;
	if (r < 0)
		*err = f->err;
	rows_free(f->full);
	rows_free(f->free);
	free(f->filling);
	arena_free(&f->arena);
	uv_mutex_destroy(&f->lock);
	uv_cond_destroy(&f->changed);
	free(f);
	return r;
}
