/* SPDX-License-Identifier: ISC */

#include "base/num.h"
#include "store/list.h"
#include "sys/clock.h"
#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"
#include "web/search.h"

enum {
	ROWS_MAX = 1000,
	COUNT_MAX = 10000,    /* rows that are counted exactly … */
	COUNT_NS = 40000000,  /* … when it takes no longer */
	LOOK_NS = 2000000000, /* for a page that doesn't fill */
	CURSOR_PARTS = 6,
};

/* A search of the block list and its history. */
struct search {
	struct query terms;
	struct store_list list;
	int64_t limit, begun_ns;
	struct render_view view;
	struct store_place last; /* of the row shown last */
	unsigned rows;
	uint64_t total;
	bool has_total; /* before looking: it isn't counted */
	bool is_exact, has_more, is_over, has_failed;
	struct err err;
};

static int
on_block(void *ctx, const struct store_block *b)
{
	struct ask *a = ctx;
	struct search *s = a->state;

	s->total += !s->has_total;
	if (s->rows < s->limit) {
		render_block(&a->out, b, &s->view);
		s->last = store_place_of(s->list.sort, b);
		s->rows++;
		return 0;
	}
	s->has_more = true;
	return s->has_total || s->total > COUNT_MAX;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	int rc = store_list_blocks(store, &s->list, on_block, a, &s->err);

	(void)events;
	s->has_failed = rc < 0;
	s->is_over = rc || s->list.is_end;
	if (!s->has_total)
		s->is_exact = s->list.is_end;
}

/* Where the next page begins, and what was counted. */
static void
add_cursor(struct ask *a, const struct search *s)
{
	const struct store_place *p = s->rows < s->limit ? &s->list.at
							 : &s->last;
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%d~%jd~%ju~%ju~%d~", (int)s->list.sort,
		(intmax_t)p->key, (uintmax_t)p->id, (uintmax_t)s->total,
		s->is_exact);
	addr_add(&b, &p->addr);
	json_str(&a->out, buf_str(&b));
}

static void
end_page(struct ask *a, struct search *s)
{
	struct json *j = &a->out;

	json_close(j, ']');
	json_key(j, "next");
	if (s->has_more)
		add_cursor(a, s);
	else
		json_null(j);
	/* One that isn't exact is what there is at least. */
	ask_total(a, s->total, s->is_exact);
	json_close(j, '}');
	ask_reply(a, 200);
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;
	int64_t took_ns = clock_mono_ns() - s->begun_ns;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	if (s->is_over) {
		end_page(a, s);
		return;
	}
	if (took_ns < (s->rows < s->limit ? LOOK_NS : COUNT_NS)) {
		ask_read(a, search_read, search_done);
		return;
	}
	s->has_more = true;
	if (s->rows) {
		end_page(a, s);
		return;
	}
	a->hint = "Narrow it by address, time or state.";
	ask_fail(a, PROBLEM_BUDGET, NULL,
		"nothing was found in the part of the block list that could "
		"be looked at in 2 seconds");
}

/* --- what is asked ------------------------------------------------------------ */

static bool
add_address(struct ask *a, struct search *s)
{
	union query_value v;
	struct str text;

	if (!http_query(a->request, "address", &text))
		return true;
	return ask_prefix(a, &v.prefix) &&
	       search_add(a, &s->terms, QUERY_IP, &v, 1);
}

static bool
get_sort(struct ask *a, struct search *s)
{
	static const char *const names[STORE_SORTS] = {
		[STORE_BY_NEWEST] = "-from",
		[STORE_BY_OLDEST] = "from",
		[STORE_BY_END] = "until",
		[STORE_BY_LAST_END] = "-until",
		[STORE_BY_ADDRESS] = "address",
	};
	struct str sort;

	if (!http_query(a->request, "sort", &sort))
		return true;
	for (unsigned i = 0; i < STORE_SORTS; i++) {
		if (str_eq(sort, str_of(names[i]))) {
			s->list.sort = (enum store_sort)i;
			return true;
		}
	}
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"sort must be from, -from, until, -until or address");
	return false;
}

static bool
read_cursor(struct str text, struct search *s)
{
	struct str part[CURSOR_PARTS];
	int64_t sort, id, total, is_exact;

	for (unsigned i = 0; i < CURSOR_PARTS; i++)
		str_cut(text, '~', &part[i], &text);
	if (!num_parse(part[0], 0, STORE_SORTS - 1, &sort) ||
		sort != (int64_t)s->list.sort ||
		!num_parse(part[1], INT64_MIN, INT64_MAX, &s->list.at.key) ||
		!num_parse(part[2], 0, INT64_MAX, &id) ||
		!num_parse(part[3], 0, INT64_MAX, &total) ||
		!num_parse(part[4], 0, 1, &is_exact) ||
		!addr_parse(part[5], &s->list.at.addr))
		return false;
	s->list.at.is_set = true;
	s->list.at.id = (uint64_t)id;
	s->total = (uint64_t)total;
	s->is_exact = is_exact;
	s->has_total = true;
	return true;
}

static bool
get_cursor(struct ask *a, struct search *s)
{
	struct str text;

	if (!http_query(a->request, "cursor", &text) || read_cursor(text, s))
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"cursor must be the value \"next\" of a page in the same "
		"order");
	return false;
}

/* All that is in force: the engine has counted it. */
static void
count_live(struct ask *a, struct search *s)
{
	struct node_stats stats;

	if (s->has_total || s->terms.n != 1 ||
		s->terms.terms[0].field->subject != QUERY_STATE ||
		s->terms.terms[0].is_not || s->terms.terms[0].n != 1 ||
		s->terms.terms[0].values[0].number != QUERY_ACTIVE)
		return;
	node_stats(a->node, &stats);
	s->total = stats.engine.blocks_live;
	s->has_total = s->is_exact = true;
}

void
blocks_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, ROWS_MAX, 100 };
	struct search *s = arena_alloc(&a->arena, sizeof(*s));

	a->state = s;
	s->view = render_view_of(node_engine(a->node), node_now(a->node));
	if (!search_get(a, &block_fields, &s->terms) ||
		!search_add_state(a, &s->terms) || !add_address(a, s) ||
		!get_sort(a, s) || !get_cursor(a, s) ||
		!ask_int(a, &limit, &s->limit))
		return;
	count_live(a, s);
	s->list.query = &s->terms;
	s->list.now = s->view.now;
	s->begun_ns = clock_mono_ns();
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, search_read, search_done);
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
