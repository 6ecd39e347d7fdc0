/* SPDX-License-Identifier: ISC */

/*
 * What the block list and its history tell an explanation.
 */

#include "web/explain.h"

enum {
	NETWORK_ROWS = 200, /* of the history of the network around it */
};

static struct str
keep_block(struct ask *a, const struct store_block *row)
{
	const struct inquiry *q = a->state;
	struct buf b = { 0 };

	render_block(&(struct json){ .b = &b }, row, &q->view);
	return explain_keep(a, &b);
}

/* Which row of the list is being looked for. */
struct lookup {
	struct ask *ask;
	uint64_t id;
	struct str *ret;
};

static int
on_block(void *ctx, const struct store_block *row)
{
	struct lookup *l = ctx;
	struct inquiry *q = l->ask->state;

	if (row->block.id != l->id)
		return 1;
	*l->ret = keep_block(l->ask, row);
	if (row->block.id == q->id) {
		q->block = *row;
		q->has_block = true;
	}
	return 1;
}

int
explain_read_blocks(struct ask *a, struct store *store)
{
	struct inquiry *q = a->state;

	for (unsigned i = 0; i < q->covering_n; i++) {
		struct lookup l = { a, q->covering[i].id, &q->blocks[i] };

		if (store_find_blocks(store, NULL, l.id + 1, 1, on_block, &l,
			    &q->failed) < 0)
			return -1;
	}
	if (q->has_block && !q->has_addr)
		q->key = q->block.block.prefix;
	return 0;
}

static int64_t
end_of(const struct store_block *row)
{
	return row->removed ? row->removed + 1 : row->block.until;
}

/* A block that was in force at the time that is asked for. */
static bool
was_in_force(const struct inquiry *q, const struct store_block *row)
{
	return q->is_past && !q->id && row->block.origin == ORIGIN_AUTOMATIC &&
	       row->block.from <= q->at && row->block.until > q->at &&
	       !(row->removed && row->removed <= q->at);
}

static int
on_history(void *ctx, const struct store_block *row)
{
	struct ask *a = ctx;
	struct inquiry *q = a->state;
	bool is_over = row->removed || row->block.until <= q->now;

	if (was_in_force(q, row)) {
		q->id = row->block.id;
		q->block = *row;
		q->has_block = true;
		q->at = row->block.from;
		return 0;
	}
	if (row->block.id == q->id)
		return 0;
	if (is_over && !q->last.n)
		q->last = keep_block(a, row);
	if (row->block.from > q->at ||
		!prefix_covers(&row->block.prefix, &q->key))
		return 0;
	q->day->earlier_blocks += row->block.origin == ORIGIN_AUTOMATIC;
	if (end_of(row) <= q->at && end_of(row) > q->since)
		q->since = end_of(row);
	return 0;
}

/* Blocked addresses beside it, each once. */
static int
on_network(void *ctx, const struct store_block *row)
{
	struct inquiry *q = ctx;
	struct hint_facts *f = q->day;

	if (row->block.origin != ORIGIN_AUTOMATIC ||
		prefix_covers(&row->block.prefix, &q->key) ||
		prefix_covers(&q->key, &row->block.prefix))
		return 0;
	for (unsigned i = 0; i < f->neighbours; i++) {
		if (prefix_eq(&q->blocked[i], &row->block.prefix))
			return 0;
	}
	q->blocked[f->neighbours++] = row->block.prefix;
	return f->neighbours == EXPLAIN_NEIGHBOURS;
}

int
explain_read_history(struct ask *a, struct store *store)
{
	struct inquiry *q = a->state;
	struct prefix network = hint_network(&q->key.addr);

	if (store_find_blocks(store, &q->key, 0, EXPLAIN_HISTORY, on_history, a,
		    &q->failed) < 0)
		return -1;
	if (q->key.len <= network.len)
		return 0;
	return store_find_blocks(store, &network, 0, NETWORK_ROWS, on_network,
		       q, &q->failed) < 0
		       ? -1
		       : 0;
}
