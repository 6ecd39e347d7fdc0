/* SPDX-License-Identifier: ISC */

#include "core/engine_model.h"

#include <assert.h>
#include <string.h>

static bool
bits_agree(const struct addr *a, const struct addr *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if ((a->b[i / 8] ^ b->b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	}
	return true;
}

static bool
is_v4(const struct addr *a)
{
	for (int i = 0; i < 10; i++) {
		if (a->b[i])
			return false;
	}
	return a->b[10] == 0xff && a->b[11] == 0xff;
}

bool
model_covers(const struct prefix *outer, const struct prefix *inner)
{
	bool outer_v4 = outer->len >= 96 && is_v4(&outer->addr);
	bool inner_v4 = inner->len >= 96 && is_v4(&inner->addr);

	return outer_v4 == inner_v4 && outer->len <= inner->len &&
	       bits_agree(&outer->addr, &inner->addr, outer->len);
}

static struct prefix
whole(const struct addr *a)
{
	return (struct prefix){ *a, 128 };
}

static struct prefix
key_of(const struct model *m, const struct addr *a)
{
	struct prefix p = whole(a);

	if (is_v4(a))
		return p;
	p.len = (uint8_t)m->v6_len;
	for (unsigned i = m->v6_len; i < 128; i++)
		p.addr.b[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
	return p;
}

bool
model_same_key(
	const struct model *m, const struct addr *a, const struct addr *b)
{
	struct prefix k = key_of(m, a), l = key_of(m, b);

	return k.len == l.len && memcmp(&k.addr, &l.addr, 16) == 0;
}

static bool
is_login(enum event_kind kind)
{
	return kind == 0 || kind == 32;
}

static bool
same_class(enum event_kind a, enum event_kind b)
{
	return a == b || (is_login(a) && is_login(b));
}

int64_t
model_horizon(const struct model *m, int64_t now)
{
	int64_t a = m->settings.limits[0].period_s;
	int64_t b = m->settings.limits[1].period_s;
	int64_t c = m->settings.account_failures ? m->settings.account_lock_s
						 : 0;
	int64_t horizon = now - (a > b ? a : b);

	if (now - c < horizon)
		horizon = now - c;

	return horizon > m->floor ? horizon : m->floor;
}

void
model_settings(struct model *m, const struct settings *s, int64_t now)
{
	m->floor = model_horizon(m, now);
	m->settings = *s;
}

bool
model_is_never(const struct model *m, const struct prefix *p)
{
	for (unsigned i = 0; i < m->never_n; i++) {
		if (model_covers(&m->never[i], p))
			return true;
	}
	return false;
}

const struct block *
model_last(const struct model *m, const struct addr *addr, int64_t now)
{
	struct prefix p = whole(addr);
	const struct block *best = NULL;

	for (unsigned i = 0; i < m->blocks_n; i++) {
		const struct block *b = &m->blocks[i].block;

		if (b->until <= now || !model_covers(&b->prefix, &p))
			continue;
		if (!best || b->until > best->until ||
			(b->until == best->until && b->id > best->id))
			best = b;
	}
	return best;
}

/* Nothing before the end of the last block counts, live ones included. */
static int64_t
since_of(const struct model *m, const struct addr *addr)
{
	struct prefix p = whole(addr);
	int64_t since = 0;

	for (unsigned i = 0; i < m->blocks_n; i++) {
		const struct block *b = &m->blocks[i].block;

		if (model_covers(&b->prefix, &p) &&
			b->until + b->is_lifted > since)
			since = b->until + b->is_lifted;
	}
	return since;
}

static uint32_t
points_of(const struct model *m, enum event_kind kind)
{
	return kind == 32 ? 0 : (uint32_t)m->settings.weight[kind];
}

static uint32_t
percent_of(const struct model *m, bool is_trusted)
{
	return is_trusted ? (uint32_t)m->settings.trust_percent : 100;
}

void
model_explain(const struct model *m, const struct addr *addr, int64_t at,
	int64_t now, struct explanation *ret)
{
	int64_t since = since_of(m, addr), horizon = model_horizon(m, now);
	int64_t period = m->settings.limits[ret->component].period_s;
	bool is_smtp = ret->component == COMPONENT_SMTP;

	uint64_t score = 0;

	memset(&ret->tally, 0, sizeof(ret->tally));
	memset(&ret->trusted, 0, sizeof(ret->trusted));
	for (unsigned i = 0; i < m->acts_n; i++) {
		const struct model_act *a = &m->acts[i];

		if (a->count == 0 || !model_same_key(m, &a->addr, addr) ||
			a->time <= horizon || a->time < since ||
			a->time <= at - period || a->time > at ||
			(!is_smtp && !is_login(a->cell_kind)))
			continue;
		ret->tally.count[a->cell_kind]++;
		ret->trusted.count[a->cell_kind] += a->is_trusted;
		score += (uint64_t)percent_of(m, a->is_trusted) *
			 (is_smtp ? points_of(m, a->cell_kind) : 1);
	}
	ret->score = (uint32_t)(score / 100);
}

const struct block *
model_block(struct model *m, const struct block *b)
{
	struct model_block *row = &m->blocks[m->blocks_n++];

	assert(m->blocks_n < MODEL_BLOCKS);
	*row = (struct model_block){ .block = *b };
	if (row->block.id == 0)
		row->block.id = m->last_id + 1;
	if (row->block.id > m->last_id)
		m->last_id = row->block.id;
	return &row->block;
}

static int64_t
newest_of(const struct model *m, const struct addr *addr)
{
	int64_t newest = 0;

	for (unsigned i = 0; i < m->acts_n; i++) {
		const struct model_act *a = &m->acts[i];

		if (a->count && a->time > newest &&
			model_same_key(m, &a->addr, addr))
			newest = a->time;
	}
	return newest;
}

static const struct block *
make_block(struct model *m, const struct addr *addr,
	const struct explanation *why, int64_t now)
{
	const struct limits *l = &m->settings.limits[why->component];
	struct block b = {
		.prefix = key_of(m, addr),
		.cause_addr = *addr,
		.from = why->at,
		.until = why->at + l->block_time_s,
		.component = why->component,
		.score = why->score,
		.threshold = (uint32_t)l->threshold,
		.is_observed = m->settings.mode == MODE_OBSERVE,
	};

	for (unsigned i = 0; i < m->never_n; i++) {
		if (model_covers(&b.prefix, &m->never[i]))
			b.prefix = whole(addr);
	}
	if (b.until > now)
		return model_block(m, &b);
	/* Missed: it has no number, but what was before it is forgiven. */
	m->blocks[m->blocks_n++] = (struct model_block){ b, true };
	return &m->blocks[m->blocks_n - 1].block;
}

const struct block *
model_judge(struct model *m, const struct addr *addr, int64_t at, int64_t now,
	bool is_connect)
{
	struct prefix p = whole(addr);
	struct explanation why = { 0 };
	int64_t newest = newest_of(m, addr);

	if (model_is_never(m, &p) || model_last(m, addr, now))
		return NULL;
	why.at = at > newest ? at : newest;
	for (int c = 0; c < COMPONENTS; c++) {
		if (c == COMPONENT_SMTP && !is_connect &&
			m->settings.evaluate == EVALUATE_CONNECT)
			continue;
		why.component = (enum component)c;
		model_explain(m, addr, why.at, now, &why);
		if (why.score >= m->settings.limits[c].threshold)
			return make_block(m, addr, &why, now);
	}
	return NULL;
}

static bool
compatible(int a, int b)
{
	return a == 0 || b == 0 || a == b;
}

static bool
is_candidate(const struct model_act *a, const struct model_event *ev,
	int64_t horizon)
{
	return memcmp(&a->addr, &ev->addr, 16) == 0 &&
	       same_class(a->kind, ev->kind) && a->time > horizon;
}

static void
blur(struct model *m, int64_t a, int64_t b)
{
	int64_t low = a < b ? a : b, high = a < b ? b : a;

	if (low == high)
		return;
	if (m->blurred_from == m->blurred_to || low < m->blurred_from)
		m->blurred_from = low;
	if (high > m->blurred_to)
		m->blurred_to = high;
}

static struct model_act *
find_act(struct model *m, const struct model_event *ev, int64_t horizon)
{
	struct model_act *oldest = NULL;
	int walked = 0;

	for (unsigned i = m->acts_n; i-- && walked < MODEL_WALK;) {
		struct model_act *a = &m->acts[i];
		int64_t apart = a->time - ev->time;

		if (!is_candidate(a, ev, horizon))
			continue;
		walked++;
		if (a->sources >> ev->source & 1)
			continue;
		if (a->session && ev->session && a->session != ev->session)
			continue;
		if (a->session && ev->session && !a->is_closed) {
			oldest = a;
			continue;
		}
		if (apart <= 10 && apart >= -10 &&
			compatible(a->account, ev->account))
			oldest = a;
	}
	return oldest;
}

static struct model_seen *
find_seen(struct model *m, const struct model_event *ev)
{
	for (unsigned i = 0; i < m->seen_n; i++) {
		struct model_seen *s = &m->seen[i];

		if (s->account == ev->account && s->tag == ev->tag &&
			model_same_key(m, &s->key, &ev->addr))
			return s;
	}
	return NULL;
}

static void
note_seen(struct model *m, const struct model_event *ev)
{
	struct model_seen *s = find_seen(m, ev);

	if (!s) {
		assert(m->seen_n < MODEL_SEEN);
		s = &m->seen[m->seen_n++];
		*s = (struct model_seen){ ev->addr, ev->account, ev->tag, 0 };
	}
	if (s->time < ev->time)
		s->time = ev->time;
}

static bool
was_seen(struct model *m, const struct model_event *ev, int64_t horizon)
{
	const struct model_seen *s = find_seen(m, ev);

	return s && m->settings.is_repeat_once && s->time > horizon &&
	       s->time >= since_of(m, &ev->addr) &&
	       s->time >
		       ev->time - m->settings.limits[COMPONENT_LOGIN].period_s;
}

static void
join_act(struct model *m, struct model_act *a, const struct model_event *ev,
	bool is_silent, struct model_told *ret)
{
	blur(m, a->time, ev->time);
	a->sources |= 1U << ev->source;
	if (!a->session)
		a->session = ev->session;
	if (!a->account)
		a->account = ev->account;
	if (ev->kind != 0 || a->kind != 32 || is_silent)
		return;
	a->kind = 0;
	if (a->count && a->time >= since_of(m, &ev->addr)) {
		a->cell_kind = 0;
		ret->points += points_of(m, 0) * percent_of(m, a->is_trusted) /
			       100;
	}
}

static struct model_act *
begin_act(struct model *m, const struct model_event *ev, bool is_scored)
{
	struct model_act *a = &m->acts[m->acts_n++];

	assert(m->acts_n < MODEL_ACTS);
	*a = (struct model_act){ ev->addr, ev->kind, ev->kind, ev->time,
		is_scored, ev->session, ev->account, 1U << ev->source, false,
		false, false, false };
	return a;
}

void
model_refused(struct model *m, const struct model_event *ev)
{
	begin_act(m, ev, false);
}

/* The account of an act becomes known only now. */
static void
learn(struct model *m, struct model_act *a, const struct model_event *ev,
	int64_t now, struct model_told *ret)
{
	if (a->count == 0)
		return;
	if (a->time >= since_of(m, &ev->addr) && model_trusts(m, ev)) {
		a->is_trusted = true;
		ret->marks |= MARK_TRUSTED;
	}
	a->is_failed = model_fail(m, ev, a->time, now, ret);
}

static void
fresh(struct model *m, const struct model_event *ev, struct model_act *a,
	int64_t now, struct model_told *ret)
{
	a->is_trusted = model_trusts(m, ev);
	if (a->is_trusted)
		ret->marks |= MARK_TRUSTED;
	a->is_failed = model_fail(m, ev, ev->time, now, ret);
}

static void
plain(struct model *m, const struct model_event *ev, int64_t now,
	bool is_silent, struct model_told *ret)
{
	int64_t horizon = model_horizon(m, now);
	bool tagged = is_login(ev->kind) && ev->account && ev->tag;
	bool repeat = !is_silent && tagged && was_seen(m, ev, horizon);
	struct model_act *a = find_act(m, ev, horizon);

	if (!a) {
		a = begin_act(m, ev, !is_silent && !repeat);
		if (is_silent)
			return;
		ret->outcome = repeat ? OUTCOME_REPEAT : OUTCOME_SCORED;
		a->has_tag = tagged;
		if (tagged)
			note_seen(m, ev);
		ret->count = !repeat;
		if (!repeat)
			fresh(m, ev, a, now, ret);
		return;
	}
	repeat = repeat && !a->has_tag;
	if (!is_silent && !repeat && a->account == 0 && ev->account)
		learn(m, a, ev, now, ret);
	join_act(m, a, ev, is_silent, ret);
	if (a->kind == 0)
		ret->kind = 0;
	if (is_silent)
		return;
	ret->outcome = OUTCOME_JOINED;
	if (!tagged || a->has_tag)
		return;
	a->has_tag = true;
	note_seen(m, ev);
	if (repeat) {
		if (a->time >= since_of(m, &ev->addr))
			a->count = 0;
		if (a->is_failed)
			model_take(m, a, now, ret);
		a->is_failed = false;
		ret->outcome = OUTCOME_REPEAT;
		ret->points = 0;
	}
}

static void
summary(struct model *m, const struct model_event *ev, int64_t now,
	bool is_silent, struct model_told *ret)
{
	int64_t horizon = model_horizon(m, now);
	int64_t begin = ev->time - (ev->span_s ? ev->span_s : 600);
	unsigned rows[MODEL_WALK], n = 0, left = ev->count;

	for (unsigned i = m->acts_n; i-- && n < MODEL_WALK;) {
		if (is_candidate(&m->acts[i], ev, horizon))
			rows[n++] = i;
	}
	for (int own = 1; own >= 0; own--) {
		for (unsigned i = n; i--;) {
			struct model_act *a = &m->acts[rows[i]];
			bool is_own = a->session && a->session == ev->session;

			if (a->time < begin || a->time > ev->time ||
				(a->is_closed &&
					a->sources >> ev->source & 1) ||
				is_own != own || (!own && left == 0))
				continue;
			if (!own &&
				((a->session && ev->session) ||
					!compatible(a->account, ev->account)))
				continue;
			join_act(m, a, ev, is_silent, ret);
			a->is_closed = true;
			left -= left > 0;
		}
	}
	if (!is_silent) {
		ret->outcome = left ? OUTCOME_SCORED : OUTCOME_NOTED;
		ret->count = left;
	}
	struct model_act told = { .is_closed = true };

	if (!is_silent && left)
		fresh(m, ev, &told, now, ret);
	while (left--) {
		struct model_act *a = begin_act(m, ev, !is_silent);

		a->is_closed = true;
		a->is_trusted = told.is_trusted;
		a->is_failed = told.is_failed;
	}
}

void
model_event(struct model *m, const struct model_event *given, int64_t now,
	struct model_told *ret)
{
	struct model_event ev = *given;
	struct prefix p = whole(&ev.addr);
	int64_t horizon = model_horizon(m, now);
	bool is_live = model_last(m, &ev.addr, now) != NULL, is_late;

	if (ev.kind == 32 && ev.is_smtp)
		ev.kind = 0;
	*ret = (struct model_told){ .outcome = OUTCOME_NEVER, .kind = ev.kind };
	if (model_is_never(m, &p))
		return;
	ret->outcome = is_live ? OUTCOME_BLOCKED : OUTCOME_NOTED;
	if (ev.kind == 33 && ev.account)
		model_succeed(m, &ev, now, ret);
	if (ev.kind == 33)
		return;
	is_late = !is_live &&
		  (ev.time <= horizon || ev.time < since_of(m, &ev.addr));
	if (is_late)
		ret->outcome = OUTCOME_LATE;
	if (ev.time <= horizon)
		return;
	if (ev.is_summary)
		summary(m, &ev, now, is_live || is_late, ret);
	else
		plain(m, &ev, now, is_live || is_late, ret);
	if (ret->count)
		ret->points += ret->count * points_of(m, ev.kind) *
			       percent_of(m, ret->marks & MARK_TRUSTED) / 100;
}

void
model_forget(struct model *m, int64_t now)
{
	int64_t horizon = model_horizon(m, now);
	unsigned n = 0;

	for (unsigned i = 0; i < m->acts_n; i++) {
		if (m->acts[i].time > horizon)
			m->acts[n++] = m->acts[i];
	}
	m->acts_n = n;
	n = 0;
	for (unsigned i = 0; i < m->blocks_n; i++) {
		const struct model_block *b = &m->blocks[i];

		if (!b->is_over || b->block.until > horizon)
			m->blocks[n++] = *b;
	}
	m->blocks_n = n;
}
