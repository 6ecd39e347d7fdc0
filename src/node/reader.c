/* SPDX-License-Identifier: ISC */

#include "node/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	THREADS = 2,	  /* a slow search keeps no quick one waiting */
	WAITING_MAX = 32, /* queries; more are refused */
};

struct reader {
	char *folder;
	reader_on_read *fn;
	void *ctx;
	struct store_reader *busy; /* what refused queries get */
	uv_thread_t threads[THREADS];

	uv_mutex_t lock; /* of all below */
	uv_cond_t more;
	struct node_query *first, **last;
	unsigned waiting;
	unsigned age; /* how often the event log was replaced */
	bool is_stopping;
};

/* A thread's connection to the event log. */
struct connection {
	struct store_reader *events;
	unsigned age;
};

/* The next query; NULL at the end. */
static struct node_query *
take(struct reader *r, unsigned *ret_age)
{
	struct node_query *q;

	uv_mutex_lock(&r->lock);
	while (!r->first && !r->is_stopping)
		uv_cond_wait(&r->more, &r->lock);
	q = r->is_stopping ? NULL : r->first;
	if (q) {
		r->first = q->next;
		r->waiting--;
	}
	if (!r->first)
		r->last = &r->first;
	*ret_age = r->age;
	uv_mutex_unlock(&r->lock);
	return q;
}

static void
run(void *arg)
{
	struct connection c = { 0 };
	struct reader *r = arg;
	struct node_query *q;
	struct err ignored; /* without a connection the query says so */
	unsigned age;

	while ((q = take(r, &age))) {
		if (c.age != age) {
			store_reader_close(c.events);
			c = (struct connection){ .age = age };
		}
		if (!c.events)
			c.events = store_reader_open(r->folder, &ignored);
		q->read(q, NULL, c.events);
		r->fn(r->ctx, q);
	}
	store_reader_close(c.events);
}

struct reader *
reader_start(const char *folder, reader_on_read *fn, void *ctx)
{
	struct reader *r = mem_alloc(1, sizeof(*r));

	r->folder = strdup(folder);
	r->fn = fn;
	r->ctx = ctx;
	r->busy = store_reader_none("too many searches are under way; try "
				    "again in a moment");
	r->last = &r->first;
	if (!r->folder || uv_mutex_init(&r->lock) || uv_cond_init(&r->more))
		abort();
	for (unsigned i = 0; i < THREADS; i++) {
		if (uv_thread_create(&r->threads[i], run, r))
			abort();
	}
	return r;
}

void
reader_ask(struct reader *r, struct node_query *q)
{
	bool is_refused;

	q->next = NULL;
	uv_mutex_lock(&r->lock);
	is_refused = r->waiting == WAITING_MAX;
	if (!is_refused) {
		*r->last = q;
		r->last = &q->next;
		r->waiting++;
		uv_cond_signal(&r->more);
	}
	uv_mutex_unlock(&r->lock);
	if (!is_refused)
		return;
	q->read(q, NULL, r->busy);
	r->fn(r->ctx, q);
}

void
reader_reopen(struct reader *r)
{
	uv_mutex_lock(&r->lock);
	r->age++;
	uv_mutex_unlock(&r->lock);
}

void
reader_stop(struct reader *r)
{
	uv_mutex_lock(&r->lock);
	r->is_stopping = true;
	uv_cond_broadcast(&r->more);
	uv_mutex_unlock(&r->lock);
	for (unsigned i = 0; i < THREADS; i++)
		uv_thread_join(&r->threads[i]);
	for (struct node_query *q = r->first, *next; q; q = next) {
		next = q->next;
		q->read(q, NULL, NULL);
		r->fn(r->ctx, q);
	}
	store_reader_close(r->busy);
	uv_mutex_destroy(&r->lock);
	uv_cond_destroy(&r->more);
	free(r->folder);
	free(r);
}
