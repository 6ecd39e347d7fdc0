/* SPDX-License-Identifier: ISC */

/*
 * Events that somebody tells us.
 */

#include "base/stamp.h"
#include "http/json_tree.h"
#include "web/route.h"

enum {
	INGEST_MAX = 1000, /* events of one request */
};

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
