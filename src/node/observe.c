/* SPDX-License-Identifier: ISC */

/* Whoever is told what comes of facts. */

#include "node/inside.h"

void
node_observe(struct node *n, struct node_observer *o)
{
	o->next = n->observers;
	n->observers = o;
}

void
node_unobserve(struct node *n, struct node_observer *o)
{
	struct node_observer **at = &n->observers;

	while (*at && *at != o)
		at = &(*at)->next;
	if (*at)
		*at = o->next;
}

void
node_tell(struct node *n, const struct event *ev)
{
	const struct node_observer *o = n->observers;

	for (; o; o = o->next) {
		for (unsigned i = 0; i < n->effects.n; i++) {
			const struct effect *e = &n->effects.list[i];

			o->effect(
				o->ctx, e, e->type == EFFECT_EVENT ? ev : NULL);
		}
	}
}
