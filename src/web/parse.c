/* SPDX-License-Identifier: ISC */

/*
 * How a log line is understood.  Nothing is counted.
 */

#include "dialect/dialect.h"
#include "sys/secret.h"
#include "sys/zone.h"
#include "web/render.h"
#include "web/route.h"

static void
add_event(struct json *j, const struct event *e)
{
	struct prefix p = addr_prefix(&e->addr, ADDR_BITS);

	json_open(j, '{');
	json_member_time(j, "time", e->time);
	json_member_int(j, "event", e->kind);
	json_member_str(j, "kind", str_of(event_types[e->kind].id));
	json_member_str(j, "label", str_of(event_types[e->kind].label));
	render_prefix(j, "address", &p);
	json_member_str(j, "account", e->account);
	json_member_str(j, "service", e->service);
	json_member_str(j, "source", e->source);
	json_member_str(j, "session", e->session);
	json_member_str(j, "helo", e->helo);
	json_member_int(j, "count", e->count);
	json_member_str(j, "detail", e->detail);
	json_close(j, '}');
}

/* The dialect that told the events, or that was asked for. */
static struct str
dialect_of(const struct events *events, struct str asked)
{
	for (unsigned i = 0; events->n && i < dialects_n; i++) {
		if (str_eq(events->list[0].source, str_of(dialects[i]->source)))
			return str_of(dialects[i]->name);
	}
	return asked;
}

static void
answer(struct ask *a, struct reader *r, struct str line, struct str dialect)
{
	struct json *j = &a->out;
	struct events events = { 0 };
	enum reading reading = reader_feed(r, line, node_now(a->node), &events);

	json_open(j, '{');
	json_member_str(j, "reading", str_of(reading_names[reading]));
	json_member_str(j, "dialect", dialect_of(&events, dialect));
	json_key(j, "events");
	json_open(j, '[');
	for (unsigned i = 0; i < events.n; i++)
		add_event(j, &events.list[i]);
	json_close(j, ']');
	json_close(j, '}');
	reader_free(r);
	ask_reply(a, 200);
}

void
parse_post(struct ask *a)
{
	struct str line, dialect = S("auto");
	struct hash_key key;
	struct zone zone;
	struct err err;

	if (json_in_str(a->body, "dialect", &dialect, &err) == JSON_IN_WRONG) {
		ask_fail(a, PROBLEM_VALIDATION, "#/dialect", "%s", err.text);
		return;
	}
	if (json_in_str(a->body, "line", &line, &err) != JSON_IN_FOUND) {
		ask_fail(a, PROBLEM_VALIDATION, "#/line",
			"line must be a line of a mail server's log, as text");
		return;
	}
	secret_fill(&key, sizeof(key));
	zone_local(&zone, node_now(a->node));
	struct str name = arena_str(&a->arena, dialect);
	struct reader *r = reader_new(
		str_eq(name, S("auto")) ? NULL : name.p, &zone, &key);
	if (r) {
		answer(a, r, line, dialect);
		return;
	}
	ask_fail(a, PROBLEM_VALIDATION, "#/dialect",
		"no dialect is called so; expected auto or the name of a mail "
		"server such as %s",
		dialects[0]->name);
}
