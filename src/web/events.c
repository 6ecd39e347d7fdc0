/* SPDX-License-Identifier: ISC */

#include "base/num.h"
#include "base/stamp.h"
#include "http/json_tree.h"
#include "web/render.h"
#include "web/route.h"

enum {
	ROWS_MAX = 1000,   /* of one answer */
	INGEST_MAX = 1000, /* events of one request */
};

/* A search of the event log. */
struct search {
	struct store_query query;
	struct prefix prefix;
	int64_t limit;
	uint64_t last; /* number of the row written last */
	unsigned rows;
	bool has_failed;
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
		!ask_int(a, &limit, &s->limit))
		return false;
	q->is_oldest_first = http_query(a->request, "after", &text);
	q->limit = (unsigned)s->limit + 1; /* one more tells that there is */
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

	if (s->rows++ == s->limit)
		return 1;
	s->last = e->id;
	render_event(&a->out, e);
	return 0;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;

	(void)store;
	s->has_failed = store_find_events(
				events, &s->query, on_event, a, &s->err) < 0;
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;
	struct buf cursor CLEANUP(buf_free) = { 0 };

	if (s->has_failed) {
		a->hint = "Narrow it by address or time.";
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", s->err.text);
		return;
	}
	json_close(&a->out, ']');
	json_key(&a->out, "next");
	if (s->rows > s->limit) {
		num_add(&cursor, (int64_t)s->last);
		json_str(&a->out, buf_str(&cursor));
	} else {
		json_null(&a->out);
	}
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
events_get(struct ask *a)
{
	struct search *s = arena_alloc(&a->arena, sizeof(*s));

	a->state = s;
	if (!get_query(a, s))
		return;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, search_read, search_done);
}

/* Texts of an event that somebody tells us. */
static int
get_texts(const struct json_t *o, struct event *e, struct err *err)
{
	const struct {
		const char *name;
		struct str *to;
	} texts[] = {
		{ "account", &e->account },
		{ "service", &e->service },
		{ "session", &e->session },
		{ "source", &e->source },
		{ "helo", &e->helo },
		{ "detail", &e->detail },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (json_in_str(o, texts[i].name, texts[i].to, err) ==
			JSON_IN_WRONG)
			return -1;
	}
	return 0;
}

static int
get_what(const struct json_t *o, struct event *e, struct err *err)
{
	struct str addr = { 0 }, kind = { 0 }, time;

	if (json_in_str(o, "address", &addr, err) == JSON_IN_WRONG ||
		json_in_str(o, "kind", &kind, err) == JSON_IN_WRONG)
		return -1;
	if (!addr_parse(addr, &e->addr))
		return err_set(err, "address must be an address such as "
				    "192.0.2.1");
	if (!event_kind_find(kind, &e->kind))
		return err_set(err, "kind must be the name of a kind of event "
				    "such as relay_denied, or its number as "
				    "text");
	switch (json_in_str(o, "time", &time, err)) {
	case JSON_IN_WRONG: return -1;
	case JSON_IN_ABSENT: return 0;
	case JSON_IN_FOUND: break;
	}
	if (!stamp_parse(time, &e->time))
		return err_set(err, "time must be one such as "
				    "2026-11-24T06:28:02Z");
	return 0;
}

static int
get_event(const struct json_t *o, struct event *e, struct err *err)
{
	int64_t count = 1;

	*e = (struct event){ .source = S("api") };
	if (get_what(o, e, err) || get_texts(o, e, err) ||
		json_in_int(o, "count", (struct json_in_range){ 1, 1000 },
			&count, err) == JSON_IN_WRONG)
		return -1;
	e->count = (uint32_t)count;
	e->is_summary = count > 1; /* else the engine reads no count */
	return 0;
}

/* All are looked at before the first is told. */
static bool
take_list(struct ask *a, const struct json_t *list)
{
	struct event *events = arena_alloc(
		&a->arena, INGEST_MAX * sizeof(*events));
	struct err err;
	size_t n = 0;

	while (n <= INGEST_MAX && json_tree_at(list, n))
		n++;
	if (n == 0 || n > INGEST_MAX) {
		ask_fail(a, PROBLEM_VALIDATION, "#/events",
			"events must be a list of 1 to %d events", INGEST_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (get_event(json_tree_at(list, i), &events[i], &err) == 0)
			continue;
		struct buf at CLEANUP(buf_free) = { 0 };
		buf_printf(&at, "#/events/%zu", i);
		ask_fail(a, PROBLEM_VALIDATION, buf_text(&at), "%s", err.text);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		node_report(a->node, &events[i]);
	json_member_int(&a->out, "accepted", (int64_t)n);
	return true;
}

static bool
take_one(struct ask *a)
{
	struct event e;
	struct err err;

	if (get_event(a->body, &e, &err)) {
		ask_fail(a, PROBLEM_VALIDATION, "#", "%s", err.text);
		return false;
	}
	node_report(a->node, &e);
	json_member_int(&a->out, "accepted", 1);
	return true;
}

void
events_post(struct ask *a)
{
	const struct json_t *list = json_tree_get(a->body, "events");

	json_open(&a->out, '{');
	if (list ? !take_list(a, list) : !take_one(a))
		return;
	json_close(&a->out, '}');
	ask_reply(a, 202);
}
