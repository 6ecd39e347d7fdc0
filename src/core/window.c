/* SPDX-License-Identifier: ISC */

#include "core/window.h"

#include <stddef.h>

#include "base/def.h"

enum {
	CHUNK_CELLS = 14,
};

struct chunk {
	uint32_t next;	 /* the one that is newer; of the newest: the oldest */
	uint32_t newest; /* no cell is newer than this */
	uint32_t n;	 /* cells that were used once */
	uint32_t spare;
	struct cell cells[CHUNK_CELLS];
};

_Static_assert(sizeof(struct chunk) == 128, "two cache lines");

static struct chunk *
chunk_at(const struct window_pool *p, uint32_t i)
{
	return pool_at(&p->chunks, i, sizeof(struct chunk));
}

void
window_pool_init(struct window_pool *p, uint32_t max)
{
	*p = (struct window_pool){ { .size = sizeof(struct chunk) }, max };
}

static bool
is_same(struct cell a, struct cell b)
{
	return a.time == b.time && a.what >> 24 == b.what >> 24;
}

static void
count_up(struct cell *c, uint32_t count)
{
	uint32_t sum = cell_count(*c) + count;

	if (sum > CELL_COUNT_MAX)
		sum = CELL_COUNT_MAX;
	c->what = (c->what & ~(uint32_t)CELL_COUNT_MAX) | sum;
}

/* Chunks in which nothing can count any more go, two at a time at most. */
static void
drop_oldest(struct window_pool *p, struct window *w, int64_t dead)
{
	for (int i = 0; i < 2 && w->overflow; i++) {
		struct chunk *newest = chunk_at(p, w->overflow);
		uint32_t oldest = newest->next;

		if (chunk_at(p, oldest)->newest > dead)
			return;
		if (oldest == w->overflow)
			w->overflow = 0;
		else
			newest->next = chunk_at(p, oldest)->next;
		pool_put(&p->chunks, oldest);
	}
}

/* No chunk to be had: the act joins the newest of its kind, or takes the
 * place of the oldest cell. */
static void
squeeze(struct window *w, struct cell cell)
{
	struct cell *oldest = w->cells, *kin = NULL;

	for (struct cell *c = w->cells; c < w->cells + WINDOW_CELLS; c++) {
		if (c->what >> 24 == cell.what >> 24 &&
			(!kin || c->time > kin->time))
			kin = c;
		if (c->time < oldest->time)
			oldest = c;
	}
	if (!kin) {
		*oldest = cell;
		return;
	}
	count_up(kin, cell_count(cell));
	if (kin->time < cell.time)
		kin->time = cell.time;
}

static struct chunk *
chunk_push(struct window_pool *p, struct window *w)
{
	if (p->chunks.live >= p->max)
		return NULL;
	uint32_t i = pool_take(&p->chunks);
	struct chunk *c = chunk_at(p, i);

	c->next = i;
	if (w->overflow) {
		struct chunk *before = chunk_at(p, w->overflow);

		c->next = before->next;
		before->next = i;
	}
	w->overflow = i;
	return c;
}

static void
add_overflow(struct window_pool *p, struct window *w, struct cell cell)
{
	struct chunk *c = w->overflow ? chunk_at(p, w->overflow) : NULL;

	for (uint32_t i = 0; c && i < c->n; i++) {
		if (is_same(c->cells[i], cell)) {
			count_up(&c->cells[i], cell_count(cell));
			return;
		}
	}
	if (!c || c->n == CHUNK_CELLS)
		c = chunk_push(p, w);
	if (!c) {
		squeeze(w, cell);
		return;
	}
	c->cells[c->n++] = cell;
	if (c->newest < cell.time)
		c->newest = cell.time;
}

void
window_add(
	struct window_pool *p, struct window *w, struct cell cell, int64_t dead)
{
	struct cell *free = NULL;

	for (struct cell *c = w->cells; c < w->cells + WINDOW_CELLS; c++) {
		if (c->what && is_same(*c, cell)) {
			count_up(c, cell_count(cell));
			return;
		}
		if (!free && (c->what == 0 || c->time <= dead))
			free = c;
	}
	if (UNLIKELY(w->overflow))
		drop_oldest(p, w, dead);
	if (free)
		*free = cell;
	else
		add_overflow(p, w, cell);
}

static bool
take_from(struct cell *cells, uint32_t n, struct cell wanted)
{
	for (struct cell *c = cells; c < cells + n; c++) {
		if (c->what == 0 || !is_same(*c, wanted))
			continue;
		if (cell_count(*c) > 1)
			c->what--;
		else
			*c = (struct cell){ 0 };
		return true;
	}
	return false;
}

bool
window_take(
	struct window_pool *p, struct window *w, unsigned class, uint32_t time)
{
	struct cell wanted = { time, class << 24 };
	uint32_t i = w->overflow;

	if (take_from(w->cells, WINDOW_CELLS, wanted))
		return true;
	if (i == 0)
		return false;
	do {
		struct chunk *c = chunk_at(p, i);

		if (c->newest >= time && take_from(c->cells, c->n, wanted))
			return true;
		i = c->next;
	} while (i != w->overflow);
	return false;
}

uint32_t
window_newest(const struct window_pool *p, const struct window *w)
{
	uint32_t newest = 0, i = w->overflow;

	for (int c = 0; c < WINDOW_CELLS; c++) {
		if (w->cells[c].time > newest)
			newest = w->cells[c].time;
	}
	while (UNLIKELY(i != 0)) {
		const struct chunk *chunk = chunk_at(p, i);
		uint32_t n = chunk->newest > newest ? chunk->n : 0;

		for (uint32_t c = 0; c < n; c++) {
			if (chunk->cells[c].time > newest)
				newest = chunk->cells[c].time;
		}
		i = chunk->next == w->overflow ? 0 : chunk->next;
	}
	return newest;
}

static inline void
sum_cells(const struct cell *cells, uint32_t n, const struct window_span *span,
	const struct cell_weights *weights, struct scores *ret)
{
	for (const struct cell *c = cells; c < cells + n; c++) {
		const uint32_t *weight = weights->of[cell_class(*c)];
		uint64_t count = cell_count(*c);

		if (c->time > span->until)
			continue;
		if (c->time > span->after[COMPONENT_SMTP])
			ret->of[COMPONENT_SMTP] += weight[COMPONENT_SMTP] *
						   count;
		if (c->time > span->after[COMPONENT_LOGIN])
			ret->of[COMPONENT_LOGIN] += weight[COMPONENT_LOGIN] *
						    count;
	}
}

struct scores
window_sum(const struct window_pool *p, const struct window *w,
	const struct window_span *span, const struct cell_weights *weights)
{
	struct scores scores = { 0 };
	uint32_t i = w->overflow;

	sum_cells(w->cells, WINDOW_CELLS, span, weights, &scores);
	while (UNLIKELY(i != 0)) {
		const struct chunk *c = chunk_at(p, i);

		if (c->newest > span->after[COMPONENT_SMTP] ||
			c->newest > span->after[COMPONENT_LOGIN])
			sum_cells(c->cells, c->n, span, weights, &scores);
		i = c->next == w->overflow ? 0 : c->next;
	}
	return scores;
}

/* On to the next chunk, the newest first. */
static bool
walk_turn(struct window_walk *walk)
{
	uint32_t newest = walk->window->overflow;
	uint32_t next = walk->chunk ? chunk_at(walk->pool, walk->chunk)->next
				    : newest;

	if (next == 0 || (walk->chunk && next == newest))
		return false;
	walk->chunk = next;
	walk->at = 0;
	return true;
}

bool
window_walk_next(struct window_walk *walk, struct cell *ret)
{
	do {
		const struct chunk *c = walk->chunk ? chunk_at(walk->pool,
							      walk->chunk)
						    : NULL;
		const struct cell *cells = c ? c->cells : walk->window->cells;
		uint32_t n = c ? c->n : WINDOW_CELLS;

		while (walk->at < n) {
			*ret = cells[walk->at++];
			if (ret->what)
				return true;
		}
	} while (walk_turn(walk));
	return false;
}

void
window_clear(struct window_pool *p, struct window *w)
{
	uint32_t i = w->overflow;

	while (i) {
		uint32_t next = chunk_at(p, i)->next;

		pool_put(&p->chunks, i);
		i = next == w->overflow ? 0 : next;
	}
	*w = (struct window){ 0 };
}
