/* SPDX-License-Identifier: ISC */

/*
 * Accounts by what became of their logins.
 */

#include "web/account_stats.h"

#include "web/render.h"

enum {
	HOUR_S = 3600,
	HOURS = 24,
	WEEK_S = 7 * 86400,
	READ_MAX = 2000, /* newest events of an account */
	ADDRESSES = 50,	 /* that are told apart */
};

struct listing {
	struct store_account_query query;
	struct err err;
};

static int
on_account(void *ctx, const struct store_account *row)
{
	struct json *j = ctx;

	json_open(j, '{');
	json_member_str(j, "account", row->account);
	json_member_int(j, "failed", (int64_t)row->failed);
	json_member_int(j, "ok", (int64_t)row->ok);
	json_member_time(j, "last", row->last);
	json_close(j, '}');
	return 0;
}

static void
list_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct listing *l = a->state;

	(void)store;
	(void)store_find_accounts(
		events, &l->query, on_account, &a->out, &l->err);
}

static void
list_done(struct ask *a)
{
	struct listing *l = a->state;

	if (*l->err.text)
		ask_fail(a, PROBLEM_BUDGET, NULL, "%s", l->err.text);
	else
		ask_page_end(a, 0);
}

void
account_list(struct ask *a, bool is_unknown, int64_t limit)
{
	struct listing *l = arena_alloc(&a->arena, sizeof(*l));

	a->state = l;
	l->query = (struct store_account_query){ .until = node_now(a->node),
		.limit = (unsigned)limit,
		.is_unknown = is_unknown };
	l->query.since = l->query.until - WEEK_S + 1;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, list_read, list_done);
}

/* --- one account ----------------------------------------------------------- */

struct counts {
	uint32_t ok, failed;
};

struct logins {
	int64_t now;
	struct counts hours[HOURS]; /* oldest first */
	struct {
		struct addr addr;
		struct counts n;
		int64_t last;
	} from[ADDRESSES];
	unsigned from_n;
};

static void
count(struct counts *n, const struct store_event *e)
{
	n->ok += e->kind == EVENT_LOGIN_SUCCESS;
	n->failed += event_is_login(e->kind);
}

/* The newest comes first. */
static int
on_login(void *ctx, const struct store_event *e)
{
	struct logins *l = ctx;
	int64_t ago = l->now - e->event.time;
	unsigned i = 0;

	if (e->outcome == OUTCOME_JOINED ||
		(e->kind != EVENT_LOGIN_SUCCESS && !event_is_login(e->kind)))
		return 0;
	if (ago >= 0 && ago < (int64_t)HOURS * HOUR_S)
		count(&l->hours[HOURS - 1 - ago / HOUR_S], e);
	while (i < l->from_n && !addr_eq(&l->from[i].addr, &e->event.addr))
		i++;
	if (i == ADDRESSES)
		return 0;
	if (i == l->from_n) {
		l->from_n++;
		l->from[i].addr = e->event.addr;
		l->from[i].last = e->event.time;
	}
	count(&l->from[i].n, e);
	return 0;
}

static void
add_counts(struct json *j, const struct counts *n)
{
	json_member_int(j, "ok", n->ok);
	json_member_int(j, "failed", n->failed);
	json_close(j, '}');
}

int
account_add_logins(struct ask *a, struct store_reader *events, int64_t now,
	struct err *err)
{
	const struct store_query q = { .kind = -1,
		.account = a->id,
		.since = now - WEEK_S,
		.limit = READ_MAX };
	struct logins *l = arena_alloc(&a->arena, sizeof(*l));
	struct json *j = &a->out;

	l->now = now;
	if (store_find_events(events, &q, on_login, l, err) < 0)
		return -1;
	json_key(j, "strip");
	json_open(j, '[');
	for (int i = 0; i < HOURS; i++) {
		json_open(j, '{');
		json_member_time(
			j, "from", now - (int64_t)(HOURS - i) * HOUR_S + 1);
		add_counts(j, &l->hours[i]);
	}
	json_close(j, ']');
	json_key(j, "addresses");
	json_open(j, '[');
	for (unsigned i = 0; i < l->from_n; i++) {
		struct prefix one = addr_prefix(&l->from[i].addr, ADDR_BITS);

		json_open(j, '{');
		render_prefix(j, "address", &one);
		json_member_time(j, "last", l->from[i].last);
		add_counts(j, &l->from[i].n);
	}
	json_close(j, ']');
	return 0;
}
