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

static void
count(struct node_stats *s, const struct effect *e)
{
	switch (e->type) {
	case EFFECT_EVENT: s->kinds[e->event.kind]++; break;
	case EFFECT_BLOCK:
		if (e->block.origin == ORIGIN_MANUAL)
			s->manual++;
		else
			s->automatic[e->block.component]++;
		break;
	case EFFECT_LIFT: s->lifted++; break;
	case EFFECT_EXPIRE: s->expired++; break;
	case EFFECT_LOCK: s->locks++; break;
	case EFFECT_EXTEND:
	case EFFECT_MISSED:
	case EFFECT_UNLOCK:
	case EFFECT_TRUST: break;
	}
}

void
node_tell(struct node *n, const struct node_cause *cause)
{
	const struct node_observer *o = n->observers;

	for (unsigned i = 0; i < n->effects.n; i++)
		count(&n->stats, &n->effects.list[i]);
	for (; o; o = o->next) {
		for (unsigned i = 0; o->effect && i < n->effects.n; i++)
			o->effect(o->ctx, &n->effects.list[i], cause);
	}
}

void
node_tell_settings(struct node *n, const struct node_change *change)
{
	const struct node_observer *o = n->observers;

	for (; o; o = o->next) {
		if (o->settings)
			o->settings(o->ctx, change);
	}
}

void
node_tell_replaced(struct node *n)
{
	const struct node_observer *o = n->observers;

	for (; o; o = o->next) {
		if (o->replaced)
			o->replaced(o->ctx);
	}
}
