/* SPDX-License-Identifier: ISC */

/*
 * How things stand, again and again.
 */

#include "cli/top.h"

#include <limits.h>
#include <stdio.h>

#include "base/stamp.h"
#include "cli/online.h"
#include "cli/screen.h"
#include "cli/width.h"
#include "sys/clock.h"

enum {
	PERIOD_MS = 2000,
	PATIENCE = 4, /* waits so many times what an answer took */
	FOOT = 1,     /* lines */
};

static const struct top_span spans[] = {
	{ "hour", "2 min", 120 },
	{ "day", "48 min", 2880 },
	{ "week", "5.6 h", 20160 },
};

static void
ask_series(struct cli *c, struct top *t)
{
	struct buf from CLEANUP(buf_free) = { 0 };
	struct question q;
	char step[24];

	/* Bars don't wander while they fill. */
	t->from = c->clock.now - c->clock.now % t->span->bar_s -
		  (TOP_BARS - 1) * t->span->bar_s;
	question_open(&q, "GET", "/stats/series");
	stamp_add(&from, t->from);
	question_param(&q, "from", buf_text(&from));
	snprintf(step, sizeof(step), "%jd", (intmax_t)t->span->bar_s);
	question_param(&q, "step", step);
	(void)client_try(c, &q, &t->series, &t->err);
}

static enum exit_code
ask(struct cli *c, struct top *t)
{
	struct question q;
	enum exit_code code;

	t->err = (struct err){ { 0 } };
	c->clock.now = clock_wall_s();
	question_open(&q, "GET", "/overview");
	code = client_try(c, &q, &t->state, &t->err);
	if (code == EXIT_CODE_DONE)
		ask_series(c, t);
	return code;
}

static void
forget(struct top *t)
{
	answer_free(&t->state);
	answer_free(&t->series);
}

/* In a pipe: once, and whole. */
static enum exit_code
print(struct cli *c)
{
	struct top t = { .span = &spans[0] };
	enum exit_code code = ask(c, &t);

	if (code)
		code = cli_fail(c, code, "%s", t.err.text);
	else if (!client_json(c, &t.state))
		top_add(c, &t);
	forget(&t);
	return code;
}

/* What the keys have chosen. */
struct view {
	unsigned span;
	unsigned from; /* the first line that is seen */
	bool is_paused;
};

/* Cut lines off the front; what is cut is appended to @b, if there is one. */
static unsigned
cut_lines(struct str *s, unsigned n, struct buf *b)
{
	unsigned i = 0;
	struct str line;

	for (; i < n && s->n; i++) {
		str_cut(*s, '\n', &line, s);
		if (!b)
			continue;
		buf_add(b, line);
		buf_addc(b, '\n');
	}
	return i;
}

static void
add_foot(struct cli *c, struct buf *b, const struct view *v, bool has_more)
{
	struct buf text CLEANUP(buf_free) = { 0 };

	buf_add(&text, has_more ? S("↓ more  ") : S(""));
	buf_add(&text,
		v->is_paused ? S("space goes on  ") : S("space pauses  "));
	buf_add(&text, S("q quits  ←→ hour, day, week  ↑↓ scroll"));
	c->out.n = 0;
	cli_style(c, STYLE_DIM);
	buf_add(b, buf_str(&c->out));
	buf_add(b, width_cut(buf_str(&text), c->width));
	c->out.n = 0;
	cli_style(c, STYLE_PLAIN);
	buf_add(b, buf_str(&c->out));
	c->out.n = 0;
}

static void
draw(struct cli *c, const struct top *t, struct view *v)
{
	struct buf seen CLEANUP(buf_free) = { 0 };
	struct str rest;
	unsigned room, all;

	screen_measure(c);
	room = c->height > FOOT ? c->height - FOOT : 1;
	c->out.n = 0;
	top_add(c, t);
	rest = buf_str(&c->out);
	all = cut_lines(&rest, UINT_MAX, NULL);
	if (v->from + room > all)
		v->from = all > room ? all - room : 0;
	rest = buf_str(&c->out);
	(void)cut_lines(&rest, v->from, NULL);
	for (unsigned n = cut_lines(&rest, room, &seen); n < room; n++)
		buf_addc(&seen, '\n');
	add_foot(c, &seen, v, rest.n > 0);
	screen_draw(buf_str(&seen));
}

static bool
take(struct view *v, enum screen_key key)
{
	switch (key) {
	case KEY_QUIT: return false;
	case KEY_UP: v->from -= v->from > 0; break;
	case KEY_DOWN: v->from++; break;
	case KEY_LEFT: v->span -= v->span > 0; break;
	case KEY_RIGHT: v->span += v->span + 1 < ARRAY_LEN(spans); break;
	case KEY_PAUSE: v->is_paused = !v->is_paused; break;
	case KEY_NONE: break;
	}
	return true;
}

/* Ask, and say when to ask again: a busy daemon less often [ms]. */
static int64_t
renew(struct cli *c, struct top *t, const struct view *v)
{
	int64_t begun = clock_mono_ns() / 1000000;

	forget(t);
	t->span = &spans[v->span];
	(void)ask(c, t);
	int64_t took = clock_mono_ns() / 1000000 - begun;
	return begun + took +
	       (took * PATIENCE > PERIOD_MS ? took * PATIENCE : PERIOD_MS);
}

static void
watch(struct cli *c, struct screen *s, struct top *t)
{
	struct view v = { 0 };
	enum screen_key key = KEY_NONE;
	int64_t due = clock_mono_ns() / 1000000 + PERIOD_MS;

	do {
		int64_t now = clock_mono_ns() / 1000000;
		bool is_other = t->span != &spans[v.span];

		if (is_other || (now >= due && !v.is_paused))
			due = renew(c, t, &v);
		draw(c, t, &v);
		now = clock_mono_ns() / 1000000;
		key = screen_wait(s, v.is_paused ? -1
				     : due > now ? (int)(due - now)
						 : 0);
	} while (take(&v, key));
}

enum exit_code
top_run(struct cli *c)
{
	struct top t = { .span = &spans[0] };
	struct screen s;
	enum exit_code code;

	if (!c->is_terminal || cli_has(c, OPT_JSON))
		return print(c);
	if (!c->call.option[OPT_TIMEOUT])
		c->call.option[OPT_TIMEOUT] = "2";
	code = ask(c, &t);
	if (code)
		code = cli_fail(c, code, "%s", t.err.text);
	else if (!screen_open(&s))
		code = cli_fail(c, EXIT_CODE_USAGE,
			"standard input is no terminal; \"brattice top | cat\" "
			"prints once");
	else
		watch(c, &s, &t);
	if (!code)
		screen_close(&s);
	forget(&t);
	c->out.n = 0;
	return code;
}
