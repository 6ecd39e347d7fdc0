/* SPDX-License-Identifier: ISC */

/*
 * What other settings would mean: a walk over all that are tracked, in
 * slices.
 */

#include "core/engine_state.h"

static bool
is_over(const struct settings *s, const struct scores *scores)
{
	for (int i = 0; i < COMPONENTS; i++) {
		if (scores->of[i] >= (uint64_t)s->limits[i].threshold * 100)
			return true;
	}
	return false;
}

static bool
is_over_by(const struct engine *e, const struct client *c,
	const struct settings *s, const struct cell_weights *weights)
{
	struct window_span span = engine_span_by(s, c, c->now);
	struct scores scores = window_sum(
		&e->windows, &c->entry->window, &span, weights);

	return is_over(s, &scores);
}

static void
look_at(const struct engine *e, struct engine_impact *i,
	const struct entry *entry, const struct cell_weights *weights)
{
	struct client c;

	engine_client(e, &entry->key, i->now, &c);
	if (c.is_never || c.cover.is_live || !c.entry ||
		window_newest(&e->windows, &entry->window) <= c.horizon)
		return;
	bool before = is_over_by(e, &c, &e->settings, &e->weights);
	bool after = is_over_by(e, &c, i->trial, weights);

	i->looked++;
	i->over += before;
	i->over_by += after;
	i->fewer += before && !after;
	i->more += after && !before;
	if (after && !before && i->rows_n < ENGINE_IMPACT_ROWS)
		i->rows[i->rows_n++] = engine_key(e, &entry->key);
}

bool
engine_impact(const struct engine *e, struct engine_impact *i, unsigned steps)
{
	struct cell_weights weights;

	engine_weigh(i->trial, &weights);
	for (; i->table < 2; i->table++, i->at = 0) {
		const struct table *t = &e->tables[i->table];

		while (++i->at < t->entries.end) {
			const struct entry *entry = table_at(t, i->at);

			if (entry->is_used)
				look_at(e, i, entry, &weights);
			if (--steps == 0)
				return true;
		}
	}
	return false;
}
