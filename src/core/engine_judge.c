/* SPDX-License-Identifier: ISC */

/*
 * Thresholds: whether an address has reached one, the block that follows,
 * and why.
 */

#include <string.h>

#include "base/def.h"
#include "core/engine_state.h"

/* Put a row in by time and kind; when there is no room the oldest goes. */
static void
row_add(struct explanation *ret, struct explanation_row row)
{
	struct explanation_row *rows = ret->rows;
	uint32_t at = ret->rows_n;

	while (at && (rows[at - 1].time > row.time ||
			     (rows[at - 1].time == row.time &&
				     rows[at - 1].kind > row.kind)))
		at--;
	if (at && rows[at - 1].time == row.time &&
		rows[at - 1].kind == row.kind) {
		rows[at - 1].count += row.count;
		return;
	}
	if (ret->rows_n < ENGINE_ROWS_MAX) {
		memmove(rows + at + 1, rows + at,
			(ret->rows_n - at) * sizeof(*rows));
		ret->rows_n++;
	} else if (at-- == 0) {
		return;
	} else {
		memmove(rows, rows + 1, at * sizeof(*rows));
	}
	rows[at] = row;
}

/* From hundredths of a point. */
static uint32_t
clamp_score(uint64_t score)
{
	score /= 100;
	return score > UINT32_MAX ? UINT32_MAX : (uint32_t)score;
}

void
engine_why(const struct engine *e, const struct client *c, int64_t at,
	enum component of, struct explanation *ret)
{
	const struct limits *limits = &e->settings.limits[of];
	struct window_span span = engine_span(e, c, at);
	struct window_walk walk = { .pool = &e->windows };
	struct cell cell;
	uint64_t score = 0;

	memset(ret, 0, sizeof(*ret) - sizeof(ret->rows));
	ret->key = engine_key(e, &c->addr);
	ret->component = of;
	ret->at = at;
	ret->threshold = (uint32_t)limits->threshold;
	ret->period_s = limits->period_s;
	for (int k = 0; k < EVENT_KINDS; k++)
		ret->weight[k] = e->weights.of[k][of] / 100;
	ret->trust_percent = e->settings.trust_percent;
	walk.window = c->entry ? &c->entry->window : NULL;
	while (walk.window && window_walk_next(&walk, &cell)) {
		enum event_kind kind = cell_kind(cell);
		uint32_t count = cell_count(cell);

		if (cell.time <= span.after[of] || cell.time > span.until ||
			(of == COMPONENT_LOGIN && !event_is_login(kind)))
			continue;
		ret->tally.count[kind] += count;
		if (cell_class(cell) >= EVENT_KINDS)
			ret->trusted.count[kind] += count;
		score += (uint64_t)e->weights.of[cell_class(cell)][of] * count;
		row_add(ret,
			(struct explanation_row){ cell.time, count, kind });
	}
	ret->score = clamp_score(score);
}

/* The prefix that is blocked: never wider than the client's own address
 * when a never-block entry lies inside. */
static struct prefix
prefix_to_block(const struct engine *e, const struct client *c)
{
	struct prefix p = engine_key(e, &c->addr);

	if (p.len < ADDR_BITS && trie_has_inside(&e->never, &p))
		return addr_prefix(&c->addr, ADDR_BITS);
	return p;
}

void
engine_block(struct engine *e, const struct client *c,
	const struct cause *cause, struct effects *ret)
{
	const struct limits *limits = &e->settings.limits[cause->component];
	struct block b = {
		.prefix = prefix_to_block(e, c),
		.cause_addr = c->addr,
		.from = cause->at,
		.until = cause->at + limits->block_time_s,
		.origin = ORIGIN_AUTOMATIC,
		.component = cause->component,
		.cause = cause->event_id,
		.score = clamp_score(cause->score),
		.threshold = (uint32_t)limits->threshold,
		.is_observed = e->settings.mode == MODE_OBSERVE,
	};
	struct lease *lease = engine_lease(e, &b.prefix, c->now);

	engine_why(e, c, cause->at, cause->component, &e->why);
	if (b.until <= c->now) {
		lease_end(lease, &b);
		effect_add(ret, EFFECT_MISSED)->block = b;
	} else {
		effect_add(ret, EFFECT_BLOCK)->block = *blocks_add(
			&e->blocks, &b, lease, c->now);
	}
	ret->list[ret->n - 1].why = &e->why;
}

bool
engine_judge(struct engine *e, const struct client *c, struct cause cause,
	unsigned consider, struct effects *ret)
{
	const struct window *w = &c->entry->window;
	uint32_t newest = window_newest(&e->windows, w);

	if (cause.at < newest)
		cause.at = newest;
	struct window_span span = engine_span(e, c, cause.at);
	struct scores s = window_sum(&e->windows, w, &span, &e->weights);

	c->entry->generation = e->generation;
	for (int i = 0; i < COMPONENTS; i++) {
		if (!(consider >> i & 1) || s.of[i] < engine_limit(e, i))
			continue;
		cause.component = (enum component)i;
		cause.score = s.of[i];
		engine_block(e, c, &cause, ret);
		return true;
	}
	return false;
}
