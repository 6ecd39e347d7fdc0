/* SPDX-License-Identifier: ISC */

/*
 * How the score went, and what would have been otherwise.
 */

#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "control/names.h"
#include "web/explain.h"

/* --- events -------------------------------------------------------------------- */

static bool
has_weight(const struct explanation *x, enum event_kind kind)
{
	return x->component == COMPONENT_LOGIN ? event_is_login(kind)
					       : x->weight[kind] > 0;
}

/* A kind that only the other component counts. */
static bool
is_others(const struct explanation *x, enum event_kind kind)
{
	return x->component == COMPONENT_LOGIN ||
	       !event_types[kind].is_settable;
}

/* Why an act that was scored isn't part of the score. */
static const char *
why_not_scored(const struct inquiry *q, const struct told *t)
{
	const struct explanation *x = inquiry_explained(q);

	if (!has_weight(x, t->s.kind))
		return is_others(x, t->s.kind) ? "other_component"
					       : "no_points";
	if (t->s.time < q->since)
		return "before_last_block";
	if (t->s.time <= q->at - x->period_s)
		return "out_of_window";
	return "taken_back";
}

/* NULL: it counts. */
static const char *
why_not(const struct inquiry *q, const struct told *t,
	const struct course_event *e)
{
	static const char *const words[] = {
		[OUTCOME_JOINED] = "told_already",
		[OUTCOME_REPEAT] = "repeat",
		[OUTCOME_BLOCKED] = "while_blocked",
		[OUTCOME_NEVER] = "never",
		[OUTCOME_NOTED] = "never_scored",
		[OUTCOME_LATE] = "late",
		[OUTCOME_UNTRACKED] = "table_full",
	};

	if (e && e->is_held[q->chosen])
		return NULL;
	if (t->is_forgiven && !q->why.is_found)
		return "forgiven";
	if (t->s.outcome == OUTCOME_NOTED && t->s.is_summary)
		return "told_already";
	if (t->s.outcome != OUTCOME_SCORED)
		return words[t->s.outcome];
	return why_not_scored(q, t);
}

static void
add_event(struct json *j, const struct inquiry *q, const struct told *t)
{
	const struct course_event *e = course_event_get(q->course, t->s.id);
	const char *reason = why_not(q, t, e);

	if (j->comma)
		buf_addc(j->b, ',');
	buf_add(j->b, t->json);
	j->comma = true;
	json_member_int(j, "running", e ? e->running[q->chosen] : 0);
	json_member_int(j, "change", e ? e->change[q->chosen] : 0);
	json_member_bool(j, "counted", !reason);
	json_key(j, "why_not");
	if (reason)
		json_str(j, str_of(reason));
	else
		json_null(j);
	json_close(j, '}');
}

void
explain_add_events(struct json *j, const struct inquiry *q)
{
	json_key(j, "events");
	json_open(j, '[');
	for (unsigned i = 0; i < q->told->n; i++) {
		if (q->told->rows[i].json.n)
			add_event(j, q, &q->told->rows[i]);
	}
	json_close(j, ']');
}

/* --- the course ------------------------------------------------------------------ */

/* Two periods: what was before has nothing to do with it. */
static void
add_series(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);
	int64_t begin = q->at - 2 * x->period_s;
	unsigned n, first = 0;
	const struct course_point *all = course_points(
		q->course, q->chosen, &n);

	while (first < n && all[first].time <= begin)
		first++;
	struct course_point *points CLEANUP(mem_freep) = mem_alloc(
		n - first, sizeof(*points));

	memcpy(points, all + first, (n - first) * sizeof(*points));
	n = course_thin(points, n - first, EXPLAIN_POINTS);
	json_key(j, "series");
	json_open(j, '[');
	for (unsigned i = 0; i < n; i++) {
		json_open(j, '{');
		json_member_time(j, "time", points[i].time);
		json_member_int(j, "score", points[i].score);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
add_episode(struct json *j, const struct inquiry *q)
{
	const struct block *b = &q->block.block;
	int64_t crossed = course_crossed(q->course, q->chosen);
	bool is_smtp = q->chosen == COMPONENT_SMTP;

	json_key(j, "episode");
	if (!q->why.is_found) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_member_str(
		j, "rule", is_smtp ? S("smtp_score") : S("failed_logins"));
	json_member_time(
		j, "crossed_at", crossed && crossed < q->at ? crossed : q->at);
	json_member_time(j, "enforced_at", b->from);
	render_until(j, b->from, b->until);
	json_member_bool(j, "observed", b->is_observed);
	json_key(j, "event");
	if (b->cause)
		json_int(j, (int64_t)b->cause);
	else
		json_null(j); /* a connection, or a changed setting */
	json_close(j, '}');
}

static void
add_as_of(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);
	const struct settings *s = &q->settings;

	json_key(j, "as_of");
	json_open(j, '{');
	json_member_time(j, "time", q->at);
	json_member_str(j, "evaluate",
		s->evaluate == EVALUATE_CONNECT ? S("connect") : S("event"));
	json_member_int(j, "threshold", x->threshold);
	json_member_int(j, "period", x->period_s);
	json_member_int(j, "block_time", s->limits[q->chosen].block_time_s);
	json_key(j, "weights");
	json_open(j, '{');
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id && x->weight[k])
			json_member_int(j, event_types[k].id, x->weight[k]);
	}
	json_close(j, '}');
	json_close(j, '}');
}

/* --- what would have been ---------------------------------------------------------- */

static void
begin(struct json *j, const char *kind)
{
	json_open(j, '{');
	json_member_str(j, "kind", str_of(kind));
}

static void
add_verdict(struct json *j, int64_t score, int64_t threshold)
{
	json_member_int(j, "score", score);
	json_member_int(j, "threshold", threshold);
	json_member_bool(j, "blocked", score >= threshold);
	json_close(j, '}');
}

/* The score was below the threshold until then, so it still is with less. */
static void
add_without(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);

	for (int k = 0; k < EVENT_KINDS; k++) {
		uint64_t total = x->tally.count[k] ? render_total(x, k) : 0;

		if (!total)
			continue;
		begin(j, "without_kind");
		json_member_str(j, "event_kind", str_of(event_types[k].id));
		json_member_str(j, "label", str_of(event_types[k].label));
		add_verdict(j, total < x->score ? x->score - (int64_t)total : 0,
			x->threshold);
	}
}

static void
add_laxer(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);
	int64_t span = course_span(q->course, q->chosen, x->threshold);
	const struct course_event *e = course_event_get(
		q->course, q->block.block.cause);
	const char *name = component_names[q->chosen];

	begin(j, "threshold");
	json_member_str(j, "component", str_of(name));
	json_member_int(j, "value", (int64_t)x->score + 1);
	json_close(j, '}');
	if (span > 0) {
		begin(j, "period");
		json_member_str(j, "component", str_of(name));
		json_member_int(j, "seconds", span);
		json_close(j, '}');
	}
	if (e && e->change[q->chosen] > 0 &&
		x->score - e->change[q->chosen] < x->threshold) {
		begin(j, "without_event");
		json_member_int(j, "event", (int64_t)e->id);
		json_close(j, '}');
	}
}

static void
add_other(struct json *j, const struct inquiry *q)
{
	enum component other = q->chosen == COMPONENT_SMTP ? COMPONENT_LOGIN
							   : COMPONENT_SMTP;

	begin(j, "other_component");
	json_member_str(j, "component", str_of(component_names[other]));
	add_verdict(j, course_score(q->course, other),
		q->settings.limits[other].threshold);
}

static void
add_missing(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);

	begin(j, "missing");
	json_member_str(j, "component", str_of(component_names[q->chosen]));
	json_member_int(j, "points", (int64_t)x->threshold - x->score);
	json_close(j, '}');
}

/* When it is over: the block, or what counts against it. */
static void
add_end(struct json *j, const struct inquiry *q)
{
	const struct block *b = &q->block.block;
	bool is_block = q->has_block;
	int64_t end = is_block ? b->until : course_clear(q->course, q->chosen);

	if (!end)
		return;
	begin(j, "end");
	json_member_str(j, "reason", is_block ? S("block") : S("window"));
	json_key(j, "time");
	if (is_block && b->until - b->from >= ENGINE_NO_END_S)
		json_null(j);
	else
		json_time(j, end);
	json_close(j, '}');
}

static void
add_counterfactuals(struct json *j, const struct inquiry *q)
{
	const struct explanation *x = inquiry_explained(q);

	json_key(j, "counterfactuals");
	json_open(j, '[');
	if (q->why.is_found) {
		add_laxer(j, q);
		add_without(j, q);
	} else if (x->score && x->score < x->threshold) {
		add_missing(j, q);
	}
	if (q->why.is_found || x->score)
		add_other(j, q);
	add_end(j, q);
	json_close(j, ']');
}

void
explain_add_course(struct json *j, struct inquiry *q)
{
	add_as_of(j, q);
	add_episode(j, q);
	add_series(j, q);
	add_counterfactuals(j, q);
}
