/* SPDX-License-Identifier: ISC */

#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	ROWS_MAX = 1000,
	LOOKED_MAX = 50000, /* rows of the history looked at for one answer */
};

/* A search of the block list and its history. */
struct search {
	struct prefix prefix;
	bool has_prefix;
	struct str state; /* empty: active; "all" */
	int64_t limit;
	uint64_t before;
	struct render_view view;
	unsigned rows, looked;
	bool has_more, has_failed;
	struct err err;
};

static int
on_block(void *ctx, const struct store_block *b)
{
	struct ask *a = ctx;
	struct search *s = a->state;
	struct str state = str_of(render_block_state(b, s->view.now));

	if (s->rows == s->limit) {
		s->has_more = true;
		return 1;
	}
	s->looked++;
	s->before = b->block.id;
	if (!str_eq(s->state, S("all")) && !str_eq(s->state, state))
		return 0;
	render_block(&a->out, b, &s->view);
	s->rows++;
	return 0;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	const struct prefix *p = s->has_prefix ? &s->prefix : NULL;
	int rc = store_find_blocks(
		store, p, s->before, LOOKED_MAX, on_block, a, &s->err);

	(void)events;
	s->has_failed = rc < 0;
	s->has_more |= s->looked == LOOKED_MAX;
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	ask_page_end(a, s->has_more ? s->before : 0);
}

static bool
get_state(struct ask *a, struct str *ret)
{
	static const char *const states[] = { "active", "expired", "removed",
		"all" };

	*ret = S("active");
	if (!http_query(a->request, "state", ret))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (str_eq(*ret, str_of(states[i])))
			return true;
	}
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"state must be active, expired, removed or all");
	return false;
}

void
blocks_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, ROWS_MAX, 100 };
	static const struct ask_number cursor = { "cursor", 0, INT64_MAX, 0 };
	struct search *s = arena_alloc(&a->arena, sizeof(*s));
	struct str text;
	int64_t before;

	a->state = s;
	s->view = render_view_of(node_engine(a->node), node_now(a->node));
	s->has_prefix = http_query(a->request, "address", &text);
	if (!get_state(a, &s->state) || !ask_int(a, &limit, &s->limit) ||
		!ask_int(a, &cursor, &before) ||
		(s->has_prefix && !ask_prefix(a, &s->prefix)))
		return;
	s->before = (uint64_t)before;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, search_read, search_done);
}

static int
on_one(void *ctx, const struct store_block *b)
{
	struct ask *a = ctx;
	struct search *s = a->state;

	if (b->block.id + 1 != s->before)
		return 1;
	render_block(&a->out, b, &s->view);
	s->rows++;
	return 1;
}

static void
one_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	int rc = store_find_blocks(
		store, NULL, s->before, 1, on_one, a, &s->err);

	(void)events;
	s->has_failed = rc < 0;
}

static void
one_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
	else if (s->rows == 0)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no entry %ju in the block list or its "
			"history",
			(uintmax_t)(s->before - 1));
	else
		ask_reply(a, 200);
}

void
block_get(struct ask *a)
{
	struct search *s = arena_alloc(&a->arena, sizeof(*s));
	uint64_t id;

	if (!ask_id(a, &id))
		return;
	a->state = s;
	s->before = id + 1;
	s->view = render_view_of(node_engine(a->node), node_now(a->node));
	ask_read(a, one_read, one_done);
}

void
blocked_get(struct ask *a)
{
	struct json *j = &a->out;
	struct str text = { 0 };
	struct addr addr;

	http_query(a->request, "address", &text);
	if (!ask_addr(a, text, &addr))
		return;
	struct verdict v = node_check(a->node, &addr);
	struct prefix p = addr_prefix(&addr, ADDR_BITS);
	json_open(j, '{');
	render_prefix(j, "address", &p);
	json_member_bool(j, "blocked", v.word == VERDICT_REFUSE);
	json_member_bool(j, "would_block", v.would_block);
	json_member_bool(j, "never", v.is_never);
	if (v.word == VERDICT_REFUSE || v.would_block)
		render_until(j, node_now(a->node), v.until);
	json_close(j, '}');
	ask_reply(a, 200);
}
