/* SPDX-License-Identifier: ISC */

#include "web/render.h"
#include "web/route.h"
#include "web/search.h"

enum {
	ROWS_MAX = 1000, /* of one answer */
};

/* A search of the event log. */
struct search {
	struct store_query query;
	struct prefix prefix;
	struct query terms;
	struct store_why why; /* of the block that is asked for */
	int64_t limit;
	uint64_t last; /* number of the row written last, … */
	uint64_t seen; /* … or to which all was looked at */
	unsigned rows;
	bool has_failed, has_more;
	struct err err;
};

static bool
get_kind(struct ask *a, struct search *s)
{
	enum event_kind kind;
	struct str text;

	s->query.kind = -1;
	if (!http_query(a->request, "kind", &text))
		return true;
	if (!event_kind_find(text, &kind)) {
		a->hint = "brattice help events";
		ask_fail(a, PROBLEM_VALIDATION, "#/kind",
			"no kind of event is called so; expected a name such "
			"as relay_denied, or a number");
		return false;
	}
	s->query.kind = (int)kind;
	return true;
}

static bool
get_number(struct ask *a, const char *name, uint64_t *ret)
{
	int64_t v;

	if (!ask_int(a, &(struct ask_number){ .name = name, .max = INT64_MAX },
		    &v))
		return false;
	*ret = (uint64_t)v;
	return true;
}

static bool
get_query(struct ask *a, struct search *s)
{
	static const struct ask_number limit = { "limit", 1, ROWS_MAX, 100 };
	struct store_query *q = &s->query;
	struct str text;

	http_query(a->request, "account", &q->account);
	http_query(a->request, "service", &q->service);
	http_query(a->request, "source", &q->source);
	if (!get_kind(a, s) || !ask_time(a, "since", &q->since) ||
		!ask_time(a, "until", &q->until) ||
		!get_number(a, "cursor", &q->before) ||
		!get_number(a, "after", &q->after) ||
		!ask_int(a, &limit, &s->limit) ||
		!search_get(a, &event_fields, &s->terms))
		return false;
	q->is_oldest_first = http_query(a->request, "after", &text);
	q->limit = (unsigned)s->limit + 1; /* one more tells that there is */
	q->query = &s->terms;
	q->seen = &s->seen;
	if (!http_query(a->request, "address", &text))
		return true;
	q->prefix = &s->prefix;
	return ask_prefix(a, &s->prefix);
}

static int
on_event(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;
	struct search *s = a->state;

	if (s->rows == s->limit) {
		s->has_more = true;
		return 1;
	}
	s->rows++;
	s->last = e->id;
	render_event(&a->out, e);
	return 0;
}

/* The time was up: what was found is a page, which goes on behind what was
 * looked at. */
static void
end_late(struct search *s)
{
	bool is_up = s->query.is_oldest_first;

	s->has_failed = s->rows == 0;
	s->has_more = true;
	if (s->seen && (is_up ? s->seen > s->last : s->seen < s->last))
		s->last = s->seen;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	int rc = store_find_events(events, &s->query, on_event, a, &s->err);

	(void)store;
	s->has_failed = rc < 0;
	if (rc == STORE_LATE)
		end_late(s);
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed) {
		a->hint = "Narrow it by address, account or time.";
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
		return;
	}
	ask_page_end(a, s->has_more ? s->last : 0);
}

static void
begin_search(struct ask *a)
{
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_search(a, search_read, search_done);
}

/* --- what led to a block --------------------------------------------------- */

static int
pass_event(void *ctx, const struct store_event *e)
{
	(void)ctx;
	(void)e;
	return 0;
}

static void
block_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	const struct query_term *t = query_find(&s->terms, QUERY_BLOCK);

	(void)events;
	s->has_failed = store_block_why(store, (uint64_t)t->values[0].number,
				&s->why, pass_event, NULL, &s->err) < 0;
}

/* The events that counted in the window of a block. */
static bool
add_window(struct ask *a, struct query *q, const struct explanation *x)
{
	const union query_value key = { .prefix = x->key };
	const union query_value since = { .number = x->at - x->period_s + 1 };
	const union query_value until = { .number = x->at };
	const union query_value scored = { .number = OUTCOME_SCORED };
	const union query_value logins[] = { { .number = EVENT_AUTH_FAILURE },
		{ .number = EVENT_LOGIN_FAILURE } };

	return search_add(a, q, QUERY_IP, &key, 1) &&
	       search_add(a, q, QUERY_SINCE, &since, 1) &&
	       search_add(a, q, QUERY_UNTIL, &until, 1) &&
	       search_add(a, q, QUERY_OUTCOME, &scored, 1) &&
	       (x->component != COMPONENT_LOGIN ||
		       search_add(a, q, QUERY_KIND, logins, ARRAY_LEN(logins)));
}

static void
block_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	if (!s->why.is_found) {
		ask_fail(a, PROBLEM_NOT_FOUND, "#/q",
			"no block of this number was made by events");
		return;
	}
	if (add_window(a, &s->terms, &s->why.why))
		begin_search(a);
}

/* Only one block can be asked for, and it must hold. */
static bool
check_block(struct ask *a, const struct query *q)
{
	unsigned n = 0;

	for (unsigned i = 0; i < q->n; i++) {
		const struct query_term *t = &q->terms[i];

		if (t->field->subject != QUERY_BLOCK)
			continue;
		if (t->is_not || t->n > 1 || t->op != QUERY_EQUAL || ++n > 1) {
			ask_fail(a, PROBLEM_BAD_REQUEST, "#/q",
				"block is the number of one block, such as "
				"block:12");
			return false;
		}
	}
	return true;
}

void
events_get(struct ask *a)
{
	struct search *s = arena_alloc(&a->arena, sizeof(*s));

	a->state = s;
	if (!get_query(a, s) || !check_block(a, &s->terms))
		return;
	if (!query_find(&s->terms, QUERY_BLOCK))
		begin_search(a);
	else
		ask_read(a, block_read, block_done);
}

/* --- one ------------------------------------------------------------------- */

static void
one_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed)
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
	else if (s->rows == 0)
		ask_fail(a, PROBLEM_NOT_FOUND, NULL,
			"there is no event %ju in the log",
			(uintmax_t)(s->query.after + 1));
	else
		ask_reply(a, 200);
}

void
event_get(struct ask *a)
{
	struct search *s = arena_alloc(&a->arena, sizeof(*s));
	uint64_t id;

	if (!ask_id(a, &id))
		return;
	a->state = s;
	s->limit = 1;
	s->query = (struct store_query){
		.kind = -1, .after = id - 1, .before = id + 1, .limit = 1
	};
	ask_search(a, search_read, one_done);
}
