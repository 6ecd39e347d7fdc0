/* SPDX-License-Identifier: ISC */

#include "web/render.h"

#include "control/names.h"
#include "core/hints.h"

void
render_prefix(struct json *j, const char *name, const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];

	json_member_str(j, name, str_of(prefix_format(p, text)));
}

static void
render_addr(struct json *j, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	json_member_str(j, name, str_of(addr_format(a, text)));
}

void
render_until(struct json *j, int64_t from, int64_t until)
{
	bool is_endless = until - from >= ENGINE_NO_END_S;

	json_key(j, "until");
	if (is_endless)
		json_null(j);
	else
		json_time(j, until);
	json_member_bool(j, "no_end", is_endless);
}

const char *
render_block_state(const struct store_block *b, int64_t now)
{
	if (b->removed)
		return "removed";
	return b->block.until > now ? "active" : "expired";
}

static void
add_cause(struct json *j, const struct block *b)
{
	json_member_str(j, "component", str_of(component_names[b->component]));
	json_member_int(j, "score", b->score);
	json_member_int(j, "threshold", b->threshold);
	render_addr(j, "cause_address", &b->cause_addr);
	json_member_int(j, "cause_event", (int64_t)b->cause);
}

struct render_view
render_view_of(const struct engine *e, int64_t now)
{
	return (struct render_view){ now,
		engine_settings(e)->mode == MODE_OBSERVE };
}

void
render_block(struct json *j, const struct store_block *row,
	const struct render_view *view)
{
	struct str state = str_of(render_block_state(row, view->now));
	const struct block *b = &row->block;
	bool is_manual = b->origin == ORIGIN_MANUAL;

	json_open(j, '{');
	json_member_int(j, "id", (int64_t)b->id);
	render_prefix(j, "address", &b->prefix);
	json_member_str(j, "state", state);
	json_member_str(j, "origin", is_manual ? S("manual") : S("automatic"));
	json_member_bool(j, "observed", b->is_observed);
	json_member_bool(j, "would_block",
		view->is_observing && str_eq(state, S("active")));
	json_member_time(j, "from", b->from);
	render_until(j, b->from, b->until);
	if (!is_manual)
		add_cause(j, b);
	if (row->by.n)
		json_member_str(j, "by", row->by);
	if (row->note.n)
		json_member_str(j, "note", row->note);
	if (row->removed)
		json_member_time(j, "removed", row->removed);
	if (row->removed_by.n)
		json_member_str(j, "removed_by", row->removed_by);
	json_key(j, "hints");
	json_open(j, '[');
	for (int k = 0; k < HINT_KINDS; k++) {
		if (row->hints >> k & 1)
			json_str(j, str_of(hint_types[k].id));
	}
	json_close(j, ']');
	json_close(j, '}');
}

static const char *
lock_state(const struct store_lock *row, const struct settings *s, int64_t now)
{
	bool is_anywhere = s->account_scope == LOCKS_ANYWHERE;

	if (row->removed)
		return "unlocked";
	/* Locks of the other scope hold no more. */
	return row->lock.until > now && s->account_failures &&
			       row->lock.is_anywhere == is_anywhere
		       ? "locked"
		       : "expired";
}

void
render_lock(struct json *j, const struct store_lock *row,
	const struct settings *s, int64_t now)
{
	const struct lock *l = &row->lock;

	json_open(j, '{');
	json_member_int(j, "event", (int64_t)l->cause);
	json_member_str(j, "account", l->account);
	if (l->is_anywhere)
		json_member_str(j, "address", S("anywhere"));
	else
		render_prefix(j, "address", &l->key);
	json_member_str(j, "state", str_of(lock_state(row, s, now)));
	json_member_bool(j, "observed", l->is_observed);
	json_member_time(j, "from", l->from);
	json_member_time(j, "until", l->until);
	if (row->removed)
		json_member_time(j, "removed", row->removed);
	if (row->removed_by.n)
		json_member_str(j, "by", row->removed_by);
	json_close(j, '}');
}

static void
add_text(struct json *j, const char *name, struct str s)
{
	if (s.n)
		json_member_str(j, name, s);
}

void
render_event_open(struct json *j, const struct store_event *row)
{
	const struct event *e = &row->event;
	enum outcome o = row->outcome;

	json_open(j, '{');
	json_member_int(j, "id", (int64_t)row->id);
	json_member_time(j, "time", e->time);
	json_member_int(j, "event", row->kind);
	json_member_str(j, "kind", str_of(event_types[row->kind].id));
	json_member_str(j, "label", str_of(event_types[row->kind].label));
	render_addr(j, "address", &e->addr);
	json_member_str(j, "account", e->account);
	json_member_str(j, "service", e->service);
	json_member_str(j, "source", e->source);
	json_member_str(j, "outcome", str_of(outcome_names[o]));
	json_member_int(j, "count", row->count);
	json_member_int(j, "points", row->points);
	if (row->is_cause)
		json_member_bool(j, "cause", true);
	if (row->marks & MARK_TRUSTED)
		json_member_bool(j, "trusted", true);
	if (row->marks & MARK_LOCKS)
		json_member_bool(j, "locked", true);
	if (row->is_forgiven)
		json_member_bool(j, "forgiven", true);
	if (e->is_summary)
		json_member_bool(j, "summary", true);
	add_text(j, "session", e->session);
	add_text(j, "helo", e->helo);
	json_member_str(j, "detail", e->detail);
}

void
render_event(struct json *j, const struct store_event *row)
{
	render_event_open(j, row);
	json_close(j, '}');
}

void
render_never_used(struct json *j, const struct store_never *n,
	const struct render_never_use *use)
{
	json_open(j, '{');
	render_prefix(j, "address", &n->prefix);
	json_member_bool(j, "builtin", n->id == 0);
	if (n->id) {
		json_member_int(j, "id", (int64_t)n->id);
		json_member_time(j, "added", n->added);
		json_member_str(j, "by", n->by);
	}
	add_text(j, "note", n->note);
	if (use) {
		json_key(j, "hits_30d");
		if (use->hits < 0)
			json_null(j);
		else
			json_int(j, use->hits);
		json_member_bool(j, "covers_you", use->covers_you);
	}
	json_close(j, '}');
}

void
render_never(struct json *j, const struct store_never *n)
{
	render_never_used(j, n, NULL);
}

/* What the acts of a kind come to; those of trusted accounts weigh less. */
uint64_t
render_total(const struct explanation *x, int kind)
{
	uint64_t trusted = x->trusted.count[kind];
	uint64_t percent = (x->tally.count[kind] - trusted) * 100 +
			   trusted * (uint64_t)x->trust_percent;

	return percent * (uint64_t)x->weight[kind] / 100;
}

static void
add_contribution(struct json *j, const struct explanation *x, int kind)
{
	uint64_t total = render_total(x, kind);

	json_open(j, '{');
	json_member_int(j, "event", kind);
	json_member_str(j, "kind", str_of(event_types[kind].id));
	json_member_str(j, "label", str_of(event_types[kind].label));
	json_member_int(j, "count", x->tally.count[kind]);
	json_member_int(j, "points", x->weight[kind]);
	if (x->trusted.count[kind]) {
		json_member_int(j, "trusted", x->trusted.count[kind]);
		json_member_int(j, "trusted_percent", x->trust_percent);
	}
	json_member_int(j, "total", (int64_t)total);
	/* Whole percent, rounded. */
	json_member_int(j, "share",
		x->score ? (int64_t)((total * 200 + x->score) /
				     (2 * (uint64_t)x->score))
			 : 0);
	json_close(j, '}');
}

/* What weighs most stands first; a kind is given once. */
static int
next_kind(const struct explanation *x, bool *done)
{
	int best = -1;
	int64_t best_total = -1;

	for (int k = 0; k < EVENT_KINDS; k++) {
		int64_t total = (int64_t)render_total(x, k);

		if (!done[k] && x->tally.count[k] && total > best_total) {
			best = k;
			best_total = total;
		}
	}
	if (best >= 0)
		done[best] = true;
	return best;
}

void
render_explanation(
	struct json *j, const struct explanation *x, const char *as_of)
{
	bool done[EVENT_KINDS] = { false };
	int kind;

	json_open(j, '{');
	json_member_str(j, "component", str_of(component_names[x->component]));
	json_member_str(j, "as_of", str_of(as_of));
	json_member_time(j, "at", x->at);
	json_member_int(j, "score", x->score);
	json_member_int(j, "threshold", x->threshold);
	json_member_int(j, "period", x->period_s);
	json_key(j, "contributions");
	json_open(j, '[');
	while ((kind = next_kind(x, done)) >= 0)
		add_contribution(j, x, kind);
	json_close(j, ']');
	json_close(j, '}');
}
