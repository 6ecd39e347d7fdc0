/* SPDX-License-Identifier: ISC */

/*
 * What an entry would do, before it is made.
 */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SHOWN = 10,	   /* rows of each list */
	LOOKED_MAX = 1000, /* rows looked at for them */
	DAY_S = 86400,
};

struct preview {
	struct prefix prefix;
	bool would_hit_self;
	struct render_view view;
	unsigned overlaps, never, accounts;
	struct str seen[SHOWN]; /* accounts */
	bool has_failed;
	struct err err;
};

static bool
preview_begin(struct ask *a, struct preview *p)
{
	struct addr self;
	bool is_known;

	if (!ask_prefix(a, &p->prefix) || !self_get(a, &self, &is_known))
		return false;
	struct prefix one = addr_prefix(&self, ADDR_BITS);
	p->would_hit_self = is_known && prefix_covers(&p->prefix, &one);
	p->view = render_view_of(node_engine(a->node), node_now(a->node));
	return true;
}

static void
add_head(struct ask *a, const struct prefix *p)
{
	struct buf covers CLEANUP(buf_free) = { 0 };
	unsigned bits = ADDR_BITS - p->len;

	render_prefix(&a->out, "address", p);
	json_member_str(&a->out, "kind", bits ? S("network") : S("address"));
	if (bits < 63)
		buf_printf(&covers, "%ju", (uintmax_t)1 << bits);
	else
		buf_printf(&covers, "2^%u", bits);
	json_member_str(&a->out, "covers", buf_str(&covers));
	json_member_bool(&a->out, "wide", prefix_is_wide(p));
}

static int
on_block(void *ctx, const struct store_block *b)
{
	struct ask *a = ctx;
	struct preview *p = a->state;

	if (b->removed || b->block.until <= p->view.now)
		return 0;
	render_block(&a->out, b, &p->view);
	return ++p->overlaps == SHOWN;
}

static int
on_login(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct preview *p = a->state;
	struct str account = e->event.account;

	for (unsigned i = 0; i < p->accounts; i++) {
		if (str_eq(p->seen[i], account))
			return 0;
	}
	p->seen[p->accounts++] = arena_str(&a->arena, account);
	json_open(&a->out, '{');
	json_member_str(&a->out, "account", account);
	json_member_time(&a->out, "last", e->event.time);
	json_close(&a->out, '}');
	return p->accounts == SHOWN;
}

static void
block_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct preview *p = a->state;

	(void)events;
	json_key(&a->out, "overlaps");
	json_open(&a->out, '[');
	p->has_failed = store_find_blocks(store, &p->prefix, 0, LOOKED_MAX,
				on_block, a, &p->err) < 0;
	json_close(&a->out, ']');
}

static void
login_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct preview *p = a->state;
	const struct store_query logins = {
		.prefix = &p->prefix,
		.kind = EVENT_LOGIN_SUCCESS,
		.since = p->view.now - 7 * DAY_S,
		.limit = LOOKED_MAX,
	};

	(void)store;
	json_key(&a->out, "accounts");
	json_open(&a->out, '[');
	p->has_failed |= store_find_events(
				 events, &logins, on_login, a, &p->err) < 0;
	json_close(&a->out, ']');
}

static void
block_done(struct ask *a)
{
	const struct preview *p = a->state;

	if (p->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", p->err.text);
		return;
	}
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

static void
overlaps_done(struct ask *a)
{
	ask_search(a, login_read, block_done);
}

/* Entries that cover it, or lie inside. */
static void
on_never(void *ctx, const struct store_never *row)
{
	struct ask *a = ctx;
	struct preview *p = a->state;

	if (p->never == SHOWN ||
		(!prefix_covers(&row->prefix, &p->prefix) &&
			!prefix_covers(&p->prefix, &row->prefix)))
		return;
	p->never++;
	render_never(&a->out, row);
}

void
block_preview(struct ask *a)
{
	struct preview *p = arena_alloc(&a->arena, sizeof(*p));
	struct json *j = &a->out;

	a->state = p;
	if (!preview_begin(a, p))
		return;
	json_open(j, '{');
	add_head(a, &p->prefix);
	json_member_bool(j, "would_block_self", p->would_hit_self);
	json_member_int(j, "lifetime_max", ENGINE_NO_END_S);
	json_key(j, "never");
	json_open(j, '[');
	node_never_each(a->node, on_never, a);
	json_close(j, ']');
	ask_read(a, block_read, overlaps_done);
}

/* Live entries that lie inside it: they would end. */
static uint64_t
count_lifts(const struct engine *e, const struct prefix *p, int64_t now)
{
	struct block b = { 0 };
	uint64_t n = 0;

	while (engine_block_next(e, b.id, &b))
		n += b.until > now && prefix_covers(p, &b.prefix);
	return n;
}

void
never_preview(struct ask *a)
{
	struct json *j = &a->out;
	struct preview p = { 0 };

	if (!preview_begin(a, &p))
		return;
	json_open(j, '{');
	add_head(a, &p.prefix);
	json_member_int(j, "lifts",
		(int64_t)count_lifts(
			node_engine(a->node), &p.prefix, p.view.now));
	json_member_bool(j, "covers_you", p.would_hit_self);
	json_close(j, '}');
	ask_reply(a, 200);
}
