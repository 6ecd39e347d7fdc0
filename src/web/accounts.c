/* SPDX-License-Identifier: ISC */

/*
 * Accounts: which are locked, and what has become of one.
 */

#include "web/account_stats.h"
#include "web/render.h"
#include "web/route.h"

enum {
	ROWS_MAX = 1000,
	LOCKS_SHOWN = 100, /* of one account */
	EVENTS_SHOWN = 20,
};

struct search {
	struct store_lock_query query;
	const struct settings *settings;
	int64_t now;
	int64_t limit;
	unsigned rows;
	bool has_more, has_failed;
	struct err err;
};

static int
on_lock(void *ctx, const struct store_lock *l)
{
	struct ask *a = ctx;
	struct search *s = a->state;

	if (s->rows == s->limit) {
		s->has_more = true;
		return 1;
	}
	s->query.before = l->lock.cause;
	render_lock(&a->out, l, s->settings, s->now);
	s->rows++;
	return 0;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;

	(void)events;
	s->has_failed = store_find_locks(
				store, &s->query, on_lock, a, &s->err) < 0;
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	ask_page_end(a, s->has_more ? s->query.before : 0);
}

static struct search *
search_new(struct ask *a)
{
	struct search *s = arena_alloc(&a->arena, sizeof(*s));
	struct settings *settings = arena_alloc(&a->arena, sizeof(*settings));

	/* A copy: the storage thread reads it. */
	*settings = *engine_settings(node_engine(a->node));
	s->settings = settings;
	s->now = node_now(a->node);
	a->id = arena_str(&a->arena, a->id);
	a->state = s;
	return s;
}

void
accounts_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, ROWS_MAX, 100 };
	static const struct ask_number cursor = { "cursor", 0, INT64_MAX, 0 };
	struct search *s = search_new(a);
	struct str state = S("locked");
	int64_t before;

	http_query(a->request, "state", &state);
	bool is_unknown = str_eq(state, S("unknown"));
	bool is_log = is_unknown || str_eq(state, S("attacked"));

	if (!is_log && !str_eq(state, S("locked")) &&
		!str_eq(state, S("all"))) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"state must be locked, all, attacked or unknown");
		return;
	}
	if (!ask_int(a, &limit, &s->limit) || !ask_int(a, &cursor, &before))
		return;
	if (is_log) {
		account_list(a, is_unknown, s->limit);
		return;
	}
	s->query.before = (uint64_t)before;
	s->query.limit = (unsigned)s->limit + 1;
	s->query.live_at = str_eq(state, S("all")) ? 0 : s->now;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, search_read, search_done);
}

static int
on_event(void *ctx, const struct store_event *e)
{
	struct ask *a = ctx;

	render_event(&a->out, e);
	return 0;
}

static void
one_read(struct ask *a, struct store *store, struct store_reader *events)
{
	const struct store_query q = {
		.kind = -1, .account = a->id, .limit = EVENTS_SHOWN
	};
	struct search *s = a->state;
	struct json *j = &a->out;

	json_open(j, '{');
	json_member_str(j, "account", a->id);
	json_key(j, "locks");
	json_open(j, '[');
	search_read(a, store, events);
	json_close(j, ']');
	json_key(j, "events");
	json_open(j, '[');
	s->has_failed |= store_find_events(events, &q, on_event, a, &s->err) <
			 0;
	json_close(j, ']');
	s->has_failed |= account_add_logins(a, events, s->now, &s->err) < 0;
	json_close(j, '}');
}

static void
one_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
	else
		ask_reply(a, 200);
}

void
account_get(struct ask *a)
{
	struct search *s = search_new(a);

	s->limit = s->query.limit = LOCKS_SHOWN;
	s->query.account = a->id;
	ask_read(a, one_read, one_done);
}

void
account_delete_lock(struct ask *a)
{
	struct login login = { .account = a->id };
	struct str text;

	login.is_everywhere = !http_query(a->request, "address", &text);
	if (!login.is_everywhere && !ask_addr(a, text, &login.addr))
		return;
	ask_hold(a); /* it may be stored before we are done here */
	ask_hold(a);
	unsigned n = node_unlock(
		a->node, &login, str_of(a->by), ask_on_done, a);

	json_open(&a->out, '{');
	json_member_str(&a->out, "account", a->id);
	json_member_int(&a->out, "unlocked", n);
	json_close(&a->out, '}');
	ask_on_done(a, NULL);
}
