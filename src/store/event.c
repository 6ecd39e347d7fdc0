/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

int64_t
event_what(const struct store_event *e)
{
	return (int64_t)e->kind | (int64_t)e->outcome << WHAT_OUTCOME_SHIFT |
	       (e->is_cause ? WHAT_CAUSE : 0) |
	       (e->event.is_summary ? WHAT_SUMMARY : 0) |
	       (int64_t)(e->event.kind ^ e->kind) << WHAT_TOLD_SHIFT |
	       (int64_t)e->marks << WHAT_MARKS_SHIFT;
}

/* A damaged file must not give a number that indexes beyond a table. */
static enum event_kind
kind_of(int64_t v)
{
	return v >= 0 && v < EVENT_KINDS ? (enum event_kind)v
					 : EVENT_LOGIN_SUCCESS;
}

void
event_set_what(int64_t what, struct store_event *ret)
{
	ret->kind = kind_of(what & WHAT_KIND);
	ret->outcome = (enum outcome)(
		what >> WHAT_OUTCOME_SHIFT & WHAT_OUTCOME);
	ret->is_cause = what & WHAT_CAUSE;
	ret->event.is_summary = what & WHAT_SUMMARY;
	ret->marks = (uint8_t)(what >> WHAT_MARKS_SHIFT & WHAT_MARKS);
	ret->event.kind = kind_of(
		(what >> WHAT_TOLD_SHIFT & WHAT_KIND) ^ (what & WHAT_KIND));
}

int
event_begin(struct store *s, struct err *err)
{
	return db_begin(&s->events, err);
}

int
event_flush(struct store *s, struct err *err)
{
	sqlite3_stmt *st;

	if (!s->era.is_changed)
		return 0;
	st = db_stmt(&s->events, EV_ERA_SET, err);
	if (!st)
		return -1;
	put_int(st, 1, s->era.id);
	put_int(st, 2, s->era.oldest);
	put_int(st, 3, s->era.newest);
	if (db_run(&s->events, st, err))
		return -1;
	s->era.is_changed = false;
	return 0;
}

static int
enter_era(struct store *s, int64_t id, int64_t time, struct err *err)
{
	if (s->era.is_changed && s->era.id != id && event_flush(s, err))
		return -1;
	if (!s->era.is_changed) {
		s->era.id = id;
		s->era.oldest = s->era.newest = time;
		s->era.is_changed = true;
	}
	if (time < s->era.oldest)
		s->era.oldest = time;
	if (time > s->era.newest)
		s->era.newest = time;
	return 0;
}

static struct str
cut(struct str s, size_t max)
{
	return (struct str){ s.p, s.n < max ? s.n : max };
}

static int
add_text(struct store *s, const struct store_event *e, struct err *err)
{
	const struct event *ev = &e->event;
	sqlite3_stmt *st;

	if (!ev->session.n && !ev->helo.n && !ev->detail.n && !ev->span_s &&
		ev->count == 1)
		return 0;
	st = db_stmt(&s->events, EV_TEXT_ADD, err);
	if (!st)
		return -1;
	put_int(st, 1, (int64_t)e->id);
	put_int(st, 2, ev->count);
	put_int(st, 3, ev->span_s);
	put_str(st, 4, cut(ev->session, EVENT_TEXT_MAX));
	put_str(st, 5, cut(ev->helo, EVENT_TEXT_MAX));
	put_str(st, 6, cut(ev->detail, EVENT_DETAIL_MAX));
	return db_run(&s->events, st, err);
}

/* The words of an event, as numbers. */
struct words {
	int64_t source, service, account;
};

static int
find_words(struct store *s, const struct store_event *e, struct words *ret,
	struct err *err)
{
	const struct event *ev = &e->event;
	int64_t era = (int64_t)(e->id >> ERA_BITS);

	ret->source = word_get(&s->words, &s->events, era,
		cut(ev->source, EVENT_TEXT_MAX), err);
	ret->service = word_get(&s->words, &s->events, era,
		cut(ev->service, EVENT_TEXT_MAX), err);
	ret->account = word_get(&s->words, &s->events, era,
		cut(ev->account, EVENT_TEXT_MAX), err);
	if (ret->source < 0 || ret->service < 0 || ret->account < 0)
		return -1;
	return 0;
}

static int
add_row(struct store *s, const struct store_event *e, const struct words *w,
	struct err *err)
{
	struct halves h = halves_of(&e->event.addr);
	sqlite3_stmt *st = db_stmt(&s->events, EV_ADD, err);

	if (!st)
		return -1;
	put_int(st, 1, (int64_t)e->id);
	put_int(st, 2, e->event.time);
	put_int(st, 3, h.net);
	put_int(st, 4, h.host);
	put_int(st, 5, event_what(e));
	put_int(st, 6, e->count);
	put_int(st, 7, e->points);
	/* Signed: the upper half would take two bytes more. */
	put_int(st, 8, (int32_t)e->identity.account);
	put_int(st, 9, (int32_t)e->identity.session);
	put_int(st, 10, (int32_t)e->identity.credential);
	put_int(st, 11, w->source);
	put_int(st, 12, w->service);
	put_int(st, 13, w->account);
	return db_run(&s->events, st, err);
}

int
store_add_event(struct store *s, const struct store_event *e, struct err *err)
{
	struct words w;

	if (event_begin(s, err) == 0 &&
		enter_era(s, (int64_t)(e->id >> ERA_BITS), e->event.time,
			err) == 0 &&
		find_words(s, e, &w, err) == 0 && add_row(s, e, &w, err) == 0 &&
		add_text(s, e, err) == 0)
		return 0;
	return store_undo(s);
}

int
event_pardon(struct store *s, const struct prefix *p, struct err *err)
{
	struct span span = span_of(p);
	sqlite3_stmt *st;

	if (event_begin(s, err))
		return -1;
	st = db_stmt(&s->events, EV_PARDON_ADD, err);
	if (!st)
		return -1;
	put_int(st, 1, span.net_min);
	put_int(st, 2, span.net_max);
	put_int(st, 3, span.host_min);
	put_int(st, 4, span.host_max);
	return db_run(&s->events, st, err);
}

int
store_set_position(struct store *s, struct str name,
	const struct log_position *p, struct err *err)
{
	sqlite3_stmt *st;

	if (event_begin(s, err))
		return store_undo(s);
	st = db_stmt(&s->events, EV_POSITION_SET, err);
	if (!st)
		return store_undo(s);
	put_str(st, 1, name);
	put_int(st, 2, (int64_t)p->device);
	put_int(st, 3, (int64_t)p->inode);
	put_int(st, 4, p->offset);
	put_int(st, 5, (int64_t)p->fingerprint);
	put_int(st, 6, p->fingerprint_n);
	return db_run(&s->events, st, err) ? store_undo(s) : 0;
}

int
store_load_positions(
	struct store *s, store_on_position *fn, void *ctx, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_POSITIONS, err);
	int rc;

	if (!st)
		return -1;
	while ((rc = db_step(&s->events, st, err)) > 0) {
		struct log_position p = {
			.device = (uint64_t)get_int(st, 1),
			.inode = (uint64_t)get_int(st, 2),
			.offset = get_int(st, 3),
			.fingerprint = (uint64_t)get_int(st, 4),
			.fingerprint_n = (uint32_t)get_int(st, 5),
		};

		rc = fn(ctx, get_str(st, 0), &p);
		if (rc)
			break;
	}
	sqlite3_reset(st);
	return rc;
}
