/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "base/def.h"
#include "base/mem.h"
#include "base/num.h"
#include "core/hints.h"
#include "store/parts.h"

enum {
	WHY_EVENTS = 200,   /* the newest are kept with a block */
	WHY_SEARCH = 50000, /* events of one address that are looked at */
	WHY_FULL = 1,	    /* enough of them */
	HINT_SEARCH = 2000, /* the newest that hints go by */
};

struct copy {
	struct store *s;
	uint64_t block;
	const struct explanation *why;
	unsigned n;
	struct err *err;
};

/* Did it add to the score that is explained? */
static bool
is_counted(const struct store_event *e, const struct explanation *why)
{
	if (e->outcome != OUTCOME_SCORED && e->outcome != OUTCOME_JOINED)
		return false;
	if (why->component == COMPONENT_LOGIN)
		return event_is_login(e->kind);
	return why->weight[e->kind] > 0;
}

static int
copy_event(void *ctx, const struct store_event *e)
{
	struct copy *c = ctx;
	const struct event *ev = &e->event;
	sqlite3_stmt *st;

	if (!is_counted(e, c->why))
		return 0;
	st = db_stmt(&c->s->control, CT_WHY_EVENT_SET, c->err);
	if (!st)
		return -1;
	put_int(st, 1, (int64_t)c->block);
	put_int(st, 2, (int64_t)e->id);
	put_int(st, 3, ev->time);
	put_addr(st, 4, &ev->addr);
	put_int(st, 5, event_what(e));
	put_int(st, 6, e->count);
	put_int(st, 7, e->points);
	put_int(st, 8, ev->count);
	put_int(st, 9, ev->span_s);
	put_str(st, 10, ev->source);
	put_str(st, 11, ev->service);
	put_str(st, 12, ev->account);
	put_str(st, 13, ev->session);
	put_str(st, 14, ev->helo);
	put_str(st, 15, ev->detail);
	if (db_run(&c->s->control, st, c->err))
		return -1;
	return ++c->n == WHY_EVENTS ? WHY_FULL : 0;
}

static int
copy_events(struct store *s, const struct block *b,
	const struct explanation *why, struct err *err)
{
	struct copy c = { s, b->id, why, 0, err };
	struct store_query q = {
		.prefix = &why->key,
		.kind = -1,
		.since = why->at - why->period_s + 1,
		.until = why->at,
		.limit = WHY_SEARCH,
	};

	/* The oldest act that counts is known: what is older counted for
	 * a block before this one. */
	if (why->rows_n && why->rows[0].time > q.since)
		q.since = why->rows[0].time;
	return find_each(&s->events, &q, copy_event, &c, err) < 0 ? -1 : 0;
}

/* "kind:count:weight" of every kind that counts or weighs, and when some
 * of them are a trusted account's ":count:percent" of those. */
static void
format_acts(struct buf *b, const struct explanation *why)
{
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (why->tally.count[k] || why->weight[k])
			buf_printf(b, "%d:%u:%lld", k, why->tally.count[k],
				(long long)why->weight[k]);
		if (why->trusted.count[k])
			buf_printf(b, ":%u:%lld", why->trusted.count[k],
				(long long)why->trust_percent);
		if (why->tally.count[k] || why->weight[k])
			buf_addc(b, ' ');
	}
}

static void
parse_trusted(struct str s, int64_t kind, struct explanation *ret)
{
	struct str count, percent;
	int64_t n, p;

	str_cut(s, ':', &count, &percent);
	if (!num_parse(count, 0, ret->tally.count[kind], &n) ||
		!num_parse(percent, 0, 100, &p))
		return;
	ret->trusted.count[kind] = (uint32_t)n;
	ret->trust_percent = p;
}

static void
parse_act(struct str act, struct explanation *ret)
{
	struct str kind, count, weight, trusted;
	int64_t k, n, w;

	if (!str_cut(act, ':', &kind, &count) ||
		!str_cut(count, ':', &count, &weight))
		return;
	str_cut(weight, ':', &weight, &trusted);
	if (!num_parse(kind, 0, EVENT_KINDS - 1, &k) ||
		!num_parse(count, 0, UINT32_MAX, &n) ||
		!num_parse(weight, 0, INT64_MAX, &w))
		return;
	ret->tally.count[k] = (uint32_t)n;
	ret->weight[k] = w;
	parse_trusted(trusted, k, ret);
}

static void
parse_acts(struct str s, struct explanation *ret)
{
	struct str act;

	while (s.n) {
		str_cut(s, ' ', &act, &s);
		parse_act(act, ret);
	}
}

static int
set_why(struct store *s, const struct block *b, const struct explanation *why,
	struct str acts, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_WHY_SET, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)b->id);
	put_int(st, 2, why->at);
	put_int(st, 3, why->component);
	put_int(st, 4, why->score);
	put_int(st, 5, why->threshold);
	put_int(st, 6, why->period_s);
	sqlite3_bind_text(st, 7, acts.p, (int)acts.n, SQLITE_STATIC);
	return db_run(&s->control, st, err);
}

int
why_add(struct store *s, const struct block *b, const struct explanation *why,
	struct err *err)
{
	struct buf acts = { 0 };
	int rc;

	format_acts(&acts, why);
	buf_text(&acts);
	rc = set_why(s, b, why, buf_str(&acts), err);
	buf_free(&acts);
	if (rc || event_flush(s, err))
		return -1;
	return copy_events(s, b, why, err);
}

static int
on_hint_event(void *ctx, const struct store_event *e)
{
	hint_facts_add(ctx, &(struct hint_event){
				    &e->event, e->kind, e->outcome, e->marks });
	return 0;
}

int
why_hints(struct store *s, const struct explanation *why, uint64_t *ret,
	struct err *err)
{
	struct hint_facts *f CLEANUP(mem_freep) = mem_alloc(1, sizeof(*f));
	struct hint found[HINT_KINDS];
	const struct store_query q = { .prefix = &why->key,
		.kind = -1,
		.since = why->at - HINT_SPAN_S + 1,
		.until = why->at,
		.limit = HINT_SEARCH };

	f->since = why->at - HINT_SPAN_S;
	if (event_flush(s, err) ||
		find_each(&s->events, &q, on_hint_event, f, err) < 0)
		return -1;
	/* Of the address only this is known here: no rule about it holds. */
	*ret = hint_bits(found, hint_find(f, found));
	return 0;
}

static int
get_why(struct store *s, uint64_t id, struct store_why *ret, bool *ret_forgiven,
	struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_WHY_GET, err);
	struct addr addr;
	int rc;

	*ret = (struct store_why){ .is_found = false };
	if (!st)
		return -1;
	put_int(st, 1, (int64_t)id);
	rc = db_step(&s->control, st, err);
	if (rc > 0 && get_addr(st, 6, &addr)) {
		ret->is_found = true;
		ret->why.key = addr_prefix(
			&addr, (unsigned)get_int(st, 7) & 0xff);
		ret->why.at = get_int(st, 0);
		ret->why.component = get_int(st, 1) == COMPONENT_LOGIN
					     ? COMPONENT_LOGIN
					     : COMPONENT_SMTP;
		ret->why.score = (uint32_t)get_int(st, 2);
		ret->why.threshold = (uint32_t)get_int(st, 3);
		ret->why.period_s = get_int(st, 4);
		parse_acts(get_str(st, 5), &ret->why);
		*ret_forgiven = get_int(st, 8) != 0;
	}
	sqlite3_reset(st);
	return rc < 0 ? -1 : 0;
}

static bool
read_why_event(sqlite3_stmt *st, bool is_forgiven, struct store_event *ret)
{
	*ret = (struct store_event){
		.id = (uint64_t)get_int(st, 0),
		.event = {
			.time = get_int(st, 1),
			.count = (uint32_t)get_int(st, 6),
			.span_s = (uint32_t)get_int(st, 7),
			.source = get_str(st, 8),
			.service = get_str(st, 9),
			.account = get_str(st, 10),
			.session = get_str(st, 11),
			.helo = get_str(st, 12),
			.detail = get_str(st, 13),
		},
		.count = (uint32_t)get_int(st, 4),
		.points = (uint32_t)get_int(st, 5),
		.is_forgiven = is_forgiven,
	};
	event_set_what(get_int(st, 3), ret);
	return get_addr(st, 2, &ret->event.addr);
}

int /* NOLINTNEXTLINE(readability-function-size): store.h says so */
store_block_why(struct store *s, uint64_t id, struct store_why *ret,
	store_on_event *fn, void *ctx, struct err *err)
{
	bool is_forgiven = false;
	struct store_event e;
	sqlite3_stmt *st;
	int rc;

	if (get_why(s, id, ret, &is_forgiven, err))
		return -1;
	st = db_stmt(&s->control, CT_WHY_EVENTS, err);
	if (!st)
		return -1;
	put_int(st, 1, (int64_t)id);
	while ((rc = db_step(&s->control, st, err)) > 0) {
		rc = read_why_event(st, is_forgiven, &e)
			     ? fn(ctx, &e)
			     : db_fail(&s->control, SQLITE_CORRUPT, err);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}
