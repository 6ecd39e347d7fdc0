/* SPDX-License-Identifier: ISC */

/*
 * Why is this address blocked, or what stands against it?  The engine
 * tells what holds now, the store what held when a block came.
 */

#include "web/explain.h"

#include "control/names.h"
#include "http/json_tree.h"
#include "web/lists.h"

static void
add_raw(struct json *j, struct str s)
{
	if (j->comma)
		buf_addc(j->b, ',');
	buf_add(j->b, s);
	j->comma = true;
}

static void
add_list(struct json *j, const char *name, const struct str *list, unsigned n)
{
	json_key(j, name);
	json_open(j, '[');
	for (unsigned i = 0; i < n; i++) {
		if (list[i].n)
			add_raw(j, list[i]);
	}
	json_close(j, ']');
}

static void
add_components(struct ask *a)
{
	struct inquiry *q = a->state;
	struct json *j = &a->out;
	bool has_why = q->why.is_found;
	enum component c = has_why ? q->why.why.component : COMPONENTS;

	json_key(j, "components");
	json_open(j, '[');
	if (has_why)
		render_explanation(j, &q->why.why, "block");
	for (int i = 0; q->has_addr && i < COMPONENTS; i++) {
		if (i != (int)c)
			render_explanation(
				j, &q->held[i], q->is_past ? "then" : "now");
	}
	json_close(j, ']');
}

static const char *
state_of(const struct inquiry *q)
{
	if (!q->has_addr)
		return render_block_state(&q->block, q->now);
	if (q->is_never)
		return "never";
	if (q->verdict.word == VERDICT_REFUSE)
		return "blocked";
	return q->verdict.would_block ? "would_block" : "not_blocked";
}

/* What an administrator may want to do now. */
static void
add_next(struct ask *a, const char *address)
{
	const struct inquiry *q = a->state;
	struct buf b CLEANUP(buf_free) = { 0 };
	struct json *j = &a->out;
	bool is_live = q->has_addr ? q->covering_n > 0 && !q->is_never
				   : !q->block.removed &&
					     q->block.block.until > q->now;

	json_key(j, "next");
	json_open(j, '[');
	if (is_live) {
		buf_printf(&b, "brattice unblock %ju",
			(uintmax_t)q->covering[0].id);
		json_str(j, buf_str(&b));
		b.n = 0;
	}
	if (is_live || q->held[COMPONENT_SMTP].score ||
		q->held[COMPONENT_LOGIN].score) {
		buf_printf(&b, "brattice never add %s -m \"…\"", address);
		json_str(j, buf_str(&b));
		b.n = 0;
	}
	buf_printf(&b, "brattice events %s", address);
	json_str(j, buf_str(&b));
	json_close(j, ']');
}

static void
add_head(struct ask *a, const char *address)
{
	const struct inquiry *q = a->state;
	const struct settings *s = engine_settings(node_engine(a->node));
	struct json *j = &a->out;

	json_member_str(j, "address", str_of(address));
	render_prefix(j, "key", &q->key);
	json_member_str(j, "state", str_of(state_of(q)));
	json_member_str(j, "mode", str_of(mode_names[s->mode]));
	json_member_time(j, "now", q->now);
	if (q->has_addr &&
		(q->verdict.word == VERDICT_REFUSE || q->verdict.would_block))
		render_until(j, q->now, q->verdict.until);
	if (q->is_never) {
		json_key(j, "never");
		render_never(j, &q->never);
	}
}

/* Would a block of what is scored here refuse whoever asks? */
static bool
would_hit_self(const struct inquiry *q)
{
	struct prefix one = addr_prefix(&q->self, ADDR_BITS);

	return q->has_self && prefix_covers(&q->key, &one);
}

static void
add_all(struct ask *a)
{
	struct inquiry *q = a->state;
	struct json *j = &a->out;
	char address[PREFIX_TEXT_MAX];

	if (q->has_addr)
		addr_format(&q->addr, address);
	else
		prefix_format(&q->key, address);
	json_open(j, '{');
	add_head(a, address);
	add_list(j, "blocks", q->blocks, q->covering_n);
	if (q->id)
		json_member_int(j, "explained", (int64_t)q->id);
	json_member_str(j, "component", str_of(component_names[q->chosen]));
	json_member_time(j, "at", q->at);
	json_member_bool(j, "exact", q->is_exact);
	json_member_bool(j, "would_block_self", would_hit_self(q));
	add_components(a);
	explain_add_course(j, q);
	explain_add_hints(j, q);
	json_member_str(
		j, "events_from", q->told == &q->log ? S("log") : S("block"));
	explain_add_events(j, q);
	if (q->last.n) {
		json_key(j, "last_block");
		add_raw(j, q->last);
	}
	add_next(a, address);
	json_close(j, '}');
}

/* A never-block entry in the same network, not around the address. */
struct near_never {
	struct hint_facts *facts;
	struct prefix network, own;
	const struct prefix *key;
};

static void
on_near_never(void *ctx, const struct store_never *row)
{
	struct near_never *n = ctx;
	struct hint_facts *f = n->facts;

	if (row->id == 0) {
		/* Loopback, and the machine's own addresses. */
		f->is_own |= row->prefix.len == ADDR_BITS &&
			     prefix_covers(&n->own, &row->prefix);
	} else if (!f->has_never && prefix_covers(&n->network, &row->prefix) &&
		   !prefix_covers(&row->prefix, n->key)) {
		f->has_never = true;
		f->never = row->prefix;
	}
}

/* What the lists of the loop say. */
static void
add_facts(struct ask *a, struct inquiry *q)
{
	struct near_never n = { .facts = q->day, .key = &q->key };
	const struct addr *addr = q->has_addr ? &q->addr : &q->key.addr;

	q->day->addr = *addr;
	q->day->is_you = would_hit_self(q);
	n.network = hint_network(addr);
	n.own = addr_prefix(addr, addr_is_v4(addr) ? ADDR_V4_BITS + 24 : 64);
	node_never_each(a->node, on_near_never, &n);
}

static void
inquiry_done(struct ask *a)
{
	struct inquiry *q = a->state;
	bool is_there = q->has_addr || q->has_block;

	if (!*q->failed.text && is_there) {
		add_facts(a, q);
		add_all(a);
	}
	course_free(q->course);
	if (*q->failed.text)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", q->failed.text);
	else if (!is_there)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no entry %ju in the block list or its "
			"history",
			(uintmax_t)q->id);
	else
		ask_reply(a, 200);
}

/* The narrowest automatic block is the one to explain: only they have
 * events. */
static void
choose_block(struct inquiry *q)
{
	for (unsigned i = 0; i < q->covering_n && !q->id; i++) {
		if (q->covering[i].origin == ORIGIN_AUTOMATIC)
			q->id = q->covering[i].id;
	}
}

static bool
get_self(struct ask *a, struct inquiry *q)
{
	struct str text;

	q->self = a->addr;
	q->has_self = a->via != VIA_SOCKET;
	if (!http_query(a->request, "self", &text) || q->has_self)
		return true;
	q->has_self = true;
	return ask_addr(a, text, &q->self);
}

static bool
get_component(struct ask *a, struct inquiry *q)
{
	struct str text;

	if (!http_query(a->request, "component", &text))
		return true;
	for (int i = 0; i < COMPONENTS; i++) {
		if (str_eq(text, str_of(component_names[i]))) {
			q->chosen = (enum component)i;
			q->has_choice = true;
			return true;
		}
	}
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"component must be smtp or login");
	return false;
}

static struct inquiry *
inquiry_new(struct ask *a)
{
	struct inquiry *q = arena_alloc(&a->arena, sizeof(*q));

	q->now = q->at = node_now(a->node);
	q->view = render_view_of(node_engine(a->node), q->now);
	q->settings = *engine_settings(node_engine(a->node));
	q->day = arena_alloc(&a->arena, sizeof(*q->day));
	q->month = arena_alloc(&a->arena, sizeof(*q->month));
	q->log.rows = arena_alloc(
		&a->arena, EXPLAIN_READ * sizeof(*q->log.rows));
	q->kept.rows = arena_alloc(
		&a->arena, EXPLAIN_READ * sizeof(*q->kept.rows));
	a->state = q;
	return q;
}

void
explain_address(struct ask *a)
{
	const struct engine *e = node_engine(a->node);
	struct inquiry *q = inquiry_new(a);

	if (!ask_addr(a, a->id, &q->addr) || !get_self(a, q) ||
		!get_component(a, q) || !ask_time(a, "at", &q->at))
		return;
	struct prefix one = addr_prefix(&q->addr, ADDR_BITS);
	q->has_addr = true;
	q->is_past = q->at < q->now;
	if (!q->is_past)
		q->at = q->now;
	q->key = engine_key(e, &q->addr);
	q->verdict = engine_check(e, &q->addr, q->now);
	q->is_never = never_find(a, &one, &q->never);
	q->covering_n = engine_block_covering(
		e, &one, q->now, q->covering, EXPLAIN_COVERING);
	if (q->covering_n > EXPLAIN_COVERING)
		q->covering_n = EXPLAIN_COVERING;
	for (int c = 0; c < COMPONENTS; c++)
		engine_explain(
			e, &q->addr, q->now, (enum component)c, &q->held[c]);
	if (!q->is_past) {
		q->since = engine_since(e, &q->addr, q->now);
		choose_block(q);
	}
	ask_read(a, explain_read, inquiry_done);
}

void
explain_block(struct ask *a)
{
	struct inquiry *q = inquiry_new(a);

	if (!ask_id(a, &q->id) || !get_self(a, q))
		return;
	/* The list of what covers is this one. */
	q->covering[0].id = q->id;
	q->covering_n = 1;
	ask_read(a, explain_read, inquiry_done);
}
