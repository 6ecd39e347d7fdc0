/* SPDX-License-Identifier: ISC */

/*
 * Entries of the block list by hand: begin and end.
 */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SPAN_S = 30 * 60,    /* of an entry when nothing is said */
	CHANGED_MAX = 10000, /* entries that one request may end */
	COVERING_MAX = 129,  /* a prefix has no more lengths */
	V4_LEN_MIN = 8,	     /* shorter ones are blocked by force only */
	V6_LEN_MIN = 16,
};

bool
span_get(struct ask *a, int64_t *ret)
{
	const struct json_in_range range = { 1, ENGINE_NO_END_S };
	struct err err;

	*ret = SPAN_S;
	if (json_in_int(a->body, "duration", range, ret, &err) != JSON_IN_WRONG)
		return true;
	ask_fail(a, PROBLEM_VALIDATION, "#/duration", "%s [seconds]", err.text);
	return false;
}

bool
self_get(struct ask *a, struct addr *ret, bool *ret_known)
{
	struct http_peer peer;
	struct str text;
	struct err err;

	switch (json_in_str(a->body, "self", &text, &err)) {
	case JSON_IN_WRONG:
		ask_fail(a, PROBLEM_VALIDATION, "#/self", "%s", err.text);
		return false;
	case JSON_IN_FOUND: *ret_known = true; return ask_addr(a, text, ret);
	case JSON_IN_ABSENT: break;
	}
	if (http_query(a->request, "self", &text)) {
		*ret_known = true;
		return ask_addr(a, text, ret);
	}
	*ret_known = http_peer(a->request, &peer) && !peer.is_unix;
	if (*ret_known)
		*ret = peer.addr;
	return true;
}

static bool
get_wish(struct ask *a, struct wish *w)
{
	struct err err;

	*w = (struct wish){ 0 };
	if (json_in_bool(a->body, "force", &w->is_forced, &err) ==
		JSON_IN_WRONG) {
		ask_fail(a, PROBLEM_VALIDATION, "#/force", "%s", err.text);
		return false;
	}
	return ask_prefix(a, &w->prefix) && span_get(a, &w->span_s) &&
	       note_get(a, &w->note) && self_get(a, &w->self, &w->has_self);
}

bool
prefix_is_wide(const struct prefix *p)
{
	struct prefix v4;

	(void)prefix_parse(S("0.0.0.0/0"), &v4, NULL);
	if (prefix_covers(&v4, p))
		return p->len < ADDR_V4_BITS + V4_LEN_MIN;
	return p->len < V6_LEN_MIN || prefix_covers(p, &v4);
}

bool
wish_is_sensible(
	struct ask *a, const struct wish *w, enum problem *ret, struct err *err)
{
	struct prefix self = addr_prefix(&w->self, ADDR_BITS);
	struct store_never entry;
	char text[PREFIX_TEXT_MAX], other[PREFIX_TEXT_MAX];

	if (w->is_forced)
		return true;
	prefix_format(&w->prefix, text);
	if (w->has_self && prefix_covers(&w->prefix, &self)) {
		*ret = PROBLEM_SELF;
		err_set(err, "%s covers %s, where you are connected from", text,
			prefix_format(&self, other));
		return false;
	}
	if (prefix_is_wide(&w->prefix)) {
		*ret = PROBLEM_WIDE;
		err_set(err,
			"%s is wider than /%d (IPv4) or /%d (IPv6): it would "
			"refuse much of the internet",
			text, V4_LEN_MIN, V6_LEN_MIN);
		return false;
	}
	if (never_find(a, &w->prefix, &entry)) {
		*ret = PROBLEM_NEVER;
		err_set(err,
			"the never-block entry %s covers %s: blocking it has "
			"no effect",
			prefix_format(&entry.prefix, other), text);
		return false;
	}
	return true;
}

static bool
is_sensible(struct ask *a, const struct wish *w)
{
	enum problem problem;
	struct err err;

	if (wish_is_sensible(a, w, &problem, &err))
		return true;
	a->hint = "With force=true it is done anyway; never-block entries "
		  "still win.";
	ask_fail(a, problem, "#/address", "%s", err.text);
	return false;
}

/* Never-block entries inside: they stay unblocked, which is said. */
struct inside {
	const struct prefix *prefix;
	struct json *j;
	unsigned n;
};

static void
on_never(void *ctx, const struct store_never *row)
{
	struct inside *i = ctx;

	if (prefix_covers(i->prefix, &row->prefix) && i->n++ < 20)
		render_never(i->j, row);
}

void
blocks_post(struct ask *a)
{
	struct json *j = &a->out;
	struct wish w;

	if (!get_wish(a, &w) || !is_sensible(a, &w))
		return;
	a->status = 201;
	ask_hold(a); /* it may be stored before we are done here */
	ask_hold(a);
	struct store_block row = { .by = str_of(a->by), .note = w.note };
	row.block = (struct block){ .prefix = w.prefix,
		.origin = ORIGIN_MANUAL,
		.from = node_now(a->node),
		.until = node_now(a->node) + w.span_s };
	row.block.id = node_block(a->node,
		&(struct node_block){
			w.prefix, w.span_s, str_of(a->by), w.note },
		ask_on_done, a);
	struct render_view view = render_view_of(
		node_engine(a->node), row.block.from);
	json_open(j, '{');
	json_key(j, "block");
	render_block(j, &row, &view);
	json_key(j, "never_inside");
	json_open(j, '[');
	struct inside inside = { .prefix = &w.prefix, .j = j };
	node_never_each(a->node, on_never, &inside);
	json_close(j, ']');
	json_close(j, '}');
	ask_on_done(a, NULL);
}

/* End one entry and write it into the open list. */
static void
end_block(struct ask *a, const struct block *b)
{
	int64_t now = node_now(a->node);
	struct store_block row = { .block = *b };

	ask_hold(a);
	if (!node_unblock(a->node, b->id, str_of(a->by), ask_on_done, a)) {
		a->pending--;
		return;
	}
	row.removed = now;
	row.removed_by = str_of(a->by);
	struct render_view view = render_view_of(node_engine(a->node), now);
	render_block(&a->out, &row, &view);
}

static void
begin_list(struct ask *a)
{
	ask_hold(a);
	json_open(&a->out, '{');
	json_key(&a->out, "removed");
	json_open(&a->out, '[');
}

void
still_add(struct ask *a, const struct prefix *p)
{
	const struct engine *e = node_engine(a->node);
	struct render_view view = render_view_of(e, node_now(a->node));
	struct store_block row = { 0 };

	if (!engine_block_covering(e, p, view.now, &row.block, 1))
		return;
	json_key(&a->out, "still_covered");
	render_block(&a->out, &row, &view);
}

static void
end_list(struct ask *a, const struct prefix *p, bool has_more)
{
	json_close(&a->out, ']');
	json_member_bool(&a->out, "more", has_more);
	still_add(a, p);
	json_close(&a->out, '}');
	ask_on_done(a, NULL);
}

void
address_forgive(struct ask *a)
{
	struct addr addr;

	if (!ask_addr(a, a->id, &addr))
		return;
	ask_hold(a); /* it may be stored before we are done here */
	ask_hold(a);
	unsigned n = node_forgive(a->node, &addr, ask_on_done, a);

	json_open(&a->out, '{');
	json_member_int(&a->out, "forgiven", n);
	json_close(&a->out, '}');
	ask_on_done(a, NULL);
}

/* Which live entries a request is about. */
struct selection {
	struct block *blocks; /* CHANGED_MAX, in the arena */
	unsigned n;
	struct block wider; /* the narrowest that only covers it */
	bool has_wider;
	bool has_more; /* than one request may end */
};

static void
select_covering(struct ask *a, const struct prefix *p, struct selection *s)
{
	struct block covering[COVERING_MAX];
	bool takes_wider = ask_flag(a, "covering");
	unsigned n = engine_block_covering(node_engine(a->node), p,
		node_now(a->node), covering, COVERING_MAX);

	for (unsigned i = 0; i < n && i < COVERING_MAX; i++) {
		const struct block *b = &covering[i];

		if (takes_wider || prefix_eq(&b->prefix, p)) {
			s->blocks[s->n++] = *b;
		} else if (!s->has_wider) {
			s->wider = *b;
			s->has_wider = true;
		}
	}
}

static void
select_within(struct ask *a, const struct prefix *p, struct selection *s)
{
	const struct engine *e = node_engine(a->node);
	struct block b = { 0 };

	while (!s->has_more && engine_block_next(e, b.id, &b)) {
		if (!prefix_covers(p, &b.prefix) || prefix_eq(p, &b.prefix) ||
			b.until <= node_now(a->node))
			continue;
		if (s->n < CHANGED_MAX)
			s->blocks[s->n++] = b;
		else
			s->has_more = true;
	}
}

static void
fail_none(struct ask *a, const struct prefix *p, const struct selection *s)
{
	char text[PREFIX_TEXT_MAX], wider[PREFIX_TEXT_MAX];

	prefix_format(p, text);
	if (!s->has_wider) {
		ask_fail(a, PROBLEM_NOT_FOUND, "#/address",
			"%s is not in the block list", text);
		return;
	}
	a->hint = "With covering=true the wider entry ends.";
	ask_fail(a, PROBLEM_COVERED, "#/address",
		"%s has no entry of its own; entry %ju, %s, covers it", text,
		(uintmax_t)s->wider.id, prefix_format(&s->wider.prefix, wider));
}

void
blocks_delete(struct ask *a)
{
	struct selection s = { 0 };
	struct prefix p;

	if (!ask_prefix(a, &p))
		return;
	s.blocks = arena_alloc(
		&a->arena, (CHANGED_MAX + COVERING_MAX) * sizeof(*s.blocks));
	select_covering(a, &p, &s);
	if (ask_flag(a, "within"))
		select_within(a, &p, &s);
	if (s.n == 0) {
		fail_none(a, &p, &s);
		return;
	}
	begin_list(a);
	for (unsigned i = 0; i < s.n; i++)
		end_block(a, &s.blocks[i]);
	end_list(a, &p, s.has_more);
}
