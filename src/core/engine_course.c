/* SPDX-License-Identifier: ISC */

#include "core/engine_course.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "core/engine_state.h"

enum {
	TRACKED = 1024,
	ACTS = 1 << 12,
	PER_EVENT = 3, /* counts that one may bring at most */
};

static const uint32_t NOBODY = UINT32_MAX;

/* A count, and the event that brought it. */
struct tick {
	int64_t time;
	uint32_t event;
	uint32_t class;
	uint32_t count;
};

/* How one component's sum goes. */
struct sum {
	int64_t period_s;
	uint64_t threshold;
	uint64_t hundredths, peak;
	unsigned first; /* oldest tick in the window */
	int64_t crossed;
	bool is_over;
	struct course_point *points;
	unsigned points_n;
};

struct course {
	struct watch watch;
	struct engine *engine;
	int64_t since, at;
	struct tick *ticks; /* by time */
	struct course_event *events;
	struct sum sums[COMPONENTS];
	unsigned ticks_n, events_n, max; /* events; ticks: PER_EVENT times */
	uint32_t taken;			 /* by this event: whose act was it? */
};

static uint64_t
weight_of(const struct course *c, const struct tick *t, int of)
{
	return (uint64_t)c->engine->weights.of[t->class][of] * t->count;
}

static uint32_t
whole(uint64_t hundredths)
{
	uint64_t n = hundredths / 100;

	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* The score has changed, or may have. */
static void
note(struct sum *s, int64_t time)
{
	bool is_over = s->hundredths >= s->threshold;
	uint32_t score = whole(s->hundredths);

	if (is_over && !s->is_over)
		s->crossed = time;
	s->is_over = is_over;
	if (s->hundredths > s->peak)
		s->peak = s->hundredths;
	struct course_point *last = s->points_n ? &s->points[s->points_n - 1]
						: NULL;
	if (last && last->time == time)
		last->score = score;
	else if (last ? last->score != score : score > 0)
		s->points[s->points_n++] = (struct course_point){ time, score };
}

/* What is too old leaves the window, each at its own time. */
static void
pass(struct course *c, int of, int64_t now)
{
	struct sum *s = &c->sums[of];

	while (s->first < c->ticks_n) {
		const struct tick *t = &c->ticks[s->first];
		int64_t end = t->time + s->period_s;

		if (end > now)
			return;
		s->first++;
		uint64_t weight = weight_of(c, t, of);
		if (weight == 0)
			continue;
		s->hundredths -= weight;
		note(s, end);
	}
}

static void
go_on(struct course *c, int64_t now)
{
	if (now > c->at)
		c->at = now;
	for (int i = 0; i < COMPONENTS; i++)
		pass(c, i, c->at);
}

/* A count goes in by its time: nearly always the last place. */
static void
put(struct course *c, struct tick tick)
{
	unsigned at = c->ticks_n;

	if (c->ticks_n == c->max * PER_EVENT)
		return;
	while (at && c->ticks[at - 1].time > tick.time)
		at--;
	memmove(c->ticks + at + 1, c->ticks + at,
		(c->ticks_n - at) * sizeof(*c->ticks));
	c->ticks[at] = tick;
	c->ticks_n++;
	for (int i = 0; i < COMPONENTS; i++) {
		struct sum *s = &c->sums[i];

		if (tick.time + s->period_s <= c->at)
			s->first++;
		else
			s->hundredths += weight_of(c, &tick, i);
	}
}

static void
take(struct course *c, struct cell cell)
{
	for (unsigned n = c->ticks_n; n; n--) {
		struct tick *t = &c->ticks[n - 1], one = *t;

		if (t->time != cell.time || t->class != cell_class(cell) ||
			t->count == 0)
			continue;
		one.count = 1;
		for (int i = 0; i < COMPONENTS; i++) {
			if (n > c->sums[i].first)
				c->sums[i].hundredths -= weight_of(c, &one, i);
		}
		t->count--;
		c->taken = t->event;
		return;
	}
}

static void
on_change(struct watch *w, struct cell cell, bool is_taken)
{
	struct course *c = CONTAINER_OF(w, struct course, watch);
	struct tick tick = { .time = cell.time,
		.class = cell_class(cell),
		.count = cell_count(cell),
		.event = c->events_n };

	if (cell.time < c->since)
		return;
	if (is_taken) {
		take(c, cell);
		return;
	}
	/* An act of another class now is still that of who told it. */
	if (c->taken != NOBODY)
		tick.event = c->taken;
	put(c, tick);
}

struct course *
course_new(const struct settings *s, int64_t since, unsigned max)
{
	const struct engine_config config = {
		.max_v4 = TRACKED, .max_v6 = TRACKED, .acts = ACTS, .v6_len = 64
	};
	struct course *c = mem_alloc(1, sizeof(*c));
	struct settings settings = *s;

	settings.account_failures = 0; /* locks are another story */
	c->engine = engine_new(&config, &settings);
	c->watch.changed = on_change;
	c->engine->watch = &c->watch;
	c->since = since;
	c->max = max;
	c->events = mem_alloc(max, sizeof(*c->events));
	c->ticks = mem_alloc((size_t)max * PER_EVENT, sizeof(*c->ticks));
	for (int i = 0; i < COMPONENTS; i++) {
		c->sums[i].period_s = s->limits[i].period_s;
		c->sums[i].threshold = (uint64_t)s->limits[i].threshold * 100;
		/* One for each event, one for each count that goes. */
		c->sums[i].points = mem_alloc((PER_EVENT + 1) * (size_t)max + 1,
			sizeof(struct course_point));
	}
	return c;
}

void
course_free(struct course *c)
{
	if (!c)
		return;
	engine_free(c->engine);
	free(c->events);
	free(c->ticks);
	for (int i = 0; i < COMPONENTS; i++)
		free(c->sums[i].points);
	free(c);
}

void
course_add(struct course *c, const struct stored *told)
{
	struct stored s = *told;
	struct course_event *e = &c->events[c->events_n];
	uint64_t before[COMPONENTS];
	struct effects effects;

	if (c->events_n == c->max)
		return;
	go_on(c, s.time);
	for (int i = 0; i < COMPONENTS; i++)
		before[i] = c->sums[i].hundredths;
	s.is_cause = false; /* that it blocks is known */
	c->taken = NOBODY;
	engine_apply(c->engine,
		&(struct fact){ .type = FACT_STORED, .stored = &s }, c->at,
		&effects);
	e->id = s.id;
	e->time = s.time;
	for (int i = 0; i < COMPONENTS; i++) {
		struct sum *sum = &c->sums[i];

		if (sum->hundredths != before[i])
			note(sum, c->at);
		e->running[i] = whole(sum->hundredths);
		e->change[i] = (int64_t)e->running[i] - whole(before[i]);
	}
	c->events_n++;
}

void
course_end(struct course *c, int64_t at)
{
	go_on(c, at);
	for (int i = 0; i < COMPONENTS; i++) {
		for (unsigned k = c->sums[i].first; k < c->ticks_n; k++) {
			const struct tick *t = &c->ticks[k];

			if (weight_of(c, t, i))
				c->events[t->event].is_held[i] = true;
		}
	}
}

const struct course_event *
course_event_get(const struct course *c, uint64_t id)
{
	unsigned low = 0, high = c->events_n;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (c->events[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->events_n && c->events[low].id == id ? &c->events[low]
							    : NULL;
}

void
course_explain(
	const struct course *c, enum component of, struct explanation *ret)
{
	const struct settings *s = engine_settings(c->engine);

	*ret = (struct explanation){ .component = of,
		.at = c->at,
		.score = course_score(c, of),
		.threshold = (uint32_t)s->limits[of].threshold,
		.period_s = s->limits[of].period_s,
		.trust_percent = s->trust_percent };
	for (int k = 0; k < EVENT_KINDS; k++)
		ret->weight[k] = c->engine->weights.of[k][of] / 100;
	for (unsigned i = c->sums[of].first; i < c->ticks_n; i++) {
		const struct tick *t = &c->ticks[i];
		struct cell cell = { .what = t->class << 24 };
		enum event_kind kind = cell_kind(cell);

		if (of == COMPONENT_LOGIN && !event_is_login(kind))
			continue;
		ret->tally.count[kind] += t->count;
		if (t->class >= EVENT_KINDS)
			ret->trusted.count[kind] += t->count;
	}
}

uint32_t
course_score(const struct course *c, enum component of)
{
	return whole(c->sums[of].hundredths);
}

uint32_t
course_peak(const struct course *c, enum component of)
{
	return whole(c->sums[of].peak);
}

int64_t
course_crossed(const struct course *c, enum component of)
{
	return c->sums[of].crossed;
}

int64_t
course_span(const struct course *c, enum component of, uint32_t at_least)
{
	uint64_t sum = 0;

	for (unsigned n = c->ticks_n; n > c->sums[of].first; n--) {
		sum += weight_of(c, &c->ticks[n - 1], of);
		if (sum >= (uint64_t)at_least * 100)
			return c->at - c->ticks[n - 1].time;
	}
	return -1;
}

int64_t
course_clear(const struct course *c, enum component of)
{
	const struct sum *s = &c->sums[of];

	for (unsigned n = c->ticks_n; n > s->first; n--) {
		if (weight_of(c, &c->ticks[n - 1], of))
			return c->ticks[n - 1].time + s->period_s;
	}
	return 0;
}

const struct course_point *
course_points(const struct course *c, enum component of, unsigned *ret_n)
{
	*ret_n = c->sums[of].points_n;
	return c->sums[of].points;
}

/* Of each stretch of neighbours the highest and the last one stay. */
unsigned
course_thin(struct course_point *points, unsigned n, unsigned max)
{
	unsigned step = (n + max / 2 - 1) / (max / 2), left = 0;

	if (n <= max)
		return n;
	for (unsigned at = 0; at < n; at += step) {
		unsigned end = at + step < n ? at + step : n, top = at;

		for (unsigned i = at; i < end; i++) {
			if (points[i].score > points[top].score)
				top = i;
		}
		struct course_point last = points[end - 1];
		if (top != end - 1)
			points[left++] = points[top];
		points[left++] = last;
	}
	return left;
}
