/* SPDX-License-Identifier: ISC */

/*
 * Addresses that come near a threshold: a walk over all that are tracked,
 * in slices.
 */

#include "core/engine_state.h"

static void
look_at(const struct engine *e, struct engine_near *walk,
	const struct entry *entry)
{
	struct client c;

	engine_client(e, &entry->key, walk->now, &c);
	if (c.is_never || c.cover.is_live ||
		window_newest(&e->windows, &entry->window) <= c.horizon)
		return;
	struct window_span span = engine_span(e, &c, walk->now);
	struct scores s = window_sum(
		&e->windows, &entry->window, &span, &e->weights);

	for (int i = 0; i < COMPONENTS; i++) {
		uint64_t limit = engine_limit(e, i);

		if (s.of[i] * 100 < limit * walk->percent)
			continue;
		walk->found(
			walk->ctx, &(struct engine_near_row){
					   .key = engine_key(e, &entry->key),
					   .component = (enum component)i,
					   .score = (uint32_t)(s.of[i] / 100),
					   .threshold = (uint32_t)(limit / 100),
				   });
	}
}

bool
engine_near(const struct engine *e, struct engine_near *walk, unsigned steps)
{
	for (; walk->table < 2; walk->table++, walk->at = 0) {
		const struct table *t = &e->tables[walk->table];

		while (++walk->at < t->entries.end) {
			const struct entry *entry = table_at(t, walk->at);

			if (entry->is_used)
				look_at(e, walk, entry);
			if (--steps == 0)
				return true;
		}
	}
	return false;
}
