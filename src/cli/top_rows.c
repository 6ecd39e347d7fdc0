/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "cli/show.h"
#include "cli/top.h"
#include "cli/width.h"
#include "core/event.h"

enum {
	BAR = 20, /* columns of a whole */
};

/* How often one kind came. */
struct kind {
	int64_t bars[TOP_BARS];
	int64_t all;
};

static void
count_bucket(struct kind *kinds, const struct json_t *bucket, unsigned bar)
{
	const struct json_t *counts = json_tree_get(bucket, "counts");

	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (!event_types[k].id)
			continue;
		int64_t n = json_tree_int(counts, event_types[k].id);

		kinds[k].bars[bar] += n;
		kinds[k].all += n;
	}
}

static void
count(struct kind *kinds, const struct top *t)
{
	const struct json_t *list = json_tree_get(t->series.doc, "buckets"), *b;
	int64_t at;

	for (size_t i = 0; (b = json_tree_at(list, i)); i++) {
		if (!stamp_parse(json_tree_str(b, "time"), &at) || at < t->from)
			continue;
		at = (at - t->from) / t->span->bar_s;
		if (at < TOP_BARS)
			count_bucket(kinds, b, (unsigned)at);
	}
}

/* Eight heights; what is there at all is seen. */
static void
add_bars(struct buf *b, const struct kind *k)
{
	static const char *const heights[] = { "▁", "▂", "▃", "▄", "▅", "▆",
		"▇", "█" };
	int64_t most = 1;

	for (unsigned i = 0; i < TOP_BARS; i++)
		most = k->bars[i] > most ? k->bars[i] : most;
	for (unsigned i = 0; i < TOP_BARS; i++)
		buf_add(b, k->bars[i] ? str_of(heights[k->bars[i] * 7 / most])
				      : S(" "));
}

static void
add_number(struct grid *g, int64_t n)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	num_add(&b, n);
	grid_add(g, buf_str(&b));
}

/* The kind that comes most often of those not shown yet. */
static unsigned
find_most(const struct kind *kinds)
{
	unsigned most = 0;

	for (unsigned k = 1; k < EVENT_KINDS; k++) {
		if (kinds[k].all > kinds[most].all)
			most = k;
	}
	return most;
}

static void
add_title(struct cli *c, const char *text)
{
	cli_style(c, STYLE_BOLD);
	buf_add(&c->out, width_cut(str_of(text), c->width ? c->width : 999));
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

static void
print_or_none(struct cli *c, struct grid *g)
{
	if (g->cells_n)
		grid_print(g, c);
	else
		buf_add(&c->out, S("none\n"));
}

static void
add_kinds(struct cli *c, const struct top *t)
{
	static const struct grid_column columns[] = {
		{ "EVENT", GRID_LEFT },
		{ "LAST", GRID_RIGHT },
		{ "ALL", GRID_RIGHT },
		{ "COURSE", GRID_LEFT },
	};
	struct grid g CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	struct kind kinds[EVENT_KINDS] = { 0 };
	unsigned k;

	count(kinds, t);
	while (kinds[k = find_most(kinds)].all) {
		struct buf bars CLEANUP(buf_free) = { 0 };

		grid_add(&g, str_of(event_types[k].label));
		add_number(&g, kinds[k].bars[TOP_BARS - 1]);
		add_number(&g, kinds[k].all);
		add_bars(&bars, &kinds[k]);
		grid_add(&g, buf_str(&bars));
		kinds[k].all = 0;
	}
	print_or_none(c, &g);
}

static void
add_newest(struct cli *c, const struct json_t *list)
{
	static const struct grid_column columns[] = {
		{ "ADDRESS", GRID_LEFT },
		{ "BLOCKED", GRID_LEFT },
		{ "UNTIL", GRID_LEFT },
		{ "WHY", GRID_LEFT },
	};
	struct grid g CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *o;

	for (size_t i = 0; (o = json_tree_at(list, i)); i++) {
		struct buf why CLEANUP(buf_free) = { 0 };

		show_cell(&g, o, "address");
		show_cell_time(&g, c, o, "from");
		if (json_tree_bool(o, "no_end"))
			grid_add(&g, S("no end"));
		else
			show_cell_time(&g, c, o, "until");
		show_why(&why, o);
		grid_add_safe(&g, buf_str(&why));
	}
	print_or_none(c, &g);
}

/* A bar as long as the share of the threshold. */
static void
add_share(struct grid *g, int64_t percent)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	for (int64_t i = 0; i < BAR; i++)
		buf_add(&b, i * 100 < percent * BAR ? S("█") : S("░"));
	buf_printf(&b, " %" PRId64 " %%", percent);
	grid_add(g, buf_str(&b));
}

static void
add_near(struct cli *c, const struct json_t *list)
{
	static const struct grid_column columns[] = {
		{ "ADDRESS", GRID_LEFT },
		{ "COMPONENT", GRID_LEFT },
		{ "SCORE", GRID_RIGHT },
		{ "THRESHOLD", GRID_RIGHT },
		{ "SHARE", GRID_LEFT },
	};
	struct grid g CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *o;

	for (size_t i = 0; (o = json_tree_at(list, i)); i++) {
		show_cell(&g, o, "address");
		show_cell(&g, o, "component");
		show_cell_int(&g, o, "score");
		show_cell_int(&g, o, "threshold");
		add_share(&g, json_tree_int(o, "percent"));
	}
	print_or_none(c, &g);
}

static void
add_head(struct cli *c, const struct json_t *o)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_add(&b, S("brattice  "));
	text_add_time(&b, &c->clock, c->clock.now);
	buf_add(&b, str_eq(json_tree_str(o, "mode"), S("enforce"))
			    ? S("  enforcing")
			    : S("  observing only"));
	add_title(c, buf_text(&b));
	b.n = 0;
	buf_printf(&b,
		"blocked %" PRId64 "  by hand %" PRId64 "  new in 24 h %" PRId64
		"  locked %" PRId64 "  events in 24 h %" PRId64,
		json_tree_int(o, "blocked"), json_tree_int(o, "manual"),
		json_tree_int(o, "blocks_24h"), json_tree_int(o, "locked"),
		json_tree_int(o, "events_24h"));
	buf_add(&c->out, width_cut(buf_str(&b), c->width ? c->width : b.n));
	buf_addc(&c->out, '\n');
}

static void
add_error(struct cli *c, const struct top *t)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct str line, rest;

	str_cut(str_of(t->err.text), '\n', &line, &rest);
	utf8_add_safe(&b, line);
	cli_style(c, STYLE_BAD);
	buf_add(&c->out, width_cut(buf_str(&b), c->width ? c->width : b.n));
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

void
top_add(struct cli *c, const struct top *t)
{
	const struct json_t *o = t->state.doc;
	struct buf title CLEANUP(buf_free) = { 0 };

	if (*t->err.text)
		add_error(c, t);
	if (!o)
		return;
	add_head(c, o);
	buf_printf(&title, "Events of the last %s, a bar is %s", t->span->text,
		t->span->bar_text);
	buf_addc(&c->out, '\n');
	add_title(c, buf_text(&title));
	add_kinds(c, t);
	buf_addc(&c->out, '\n');
	add_title(c, "Newest blocks");
	add_newest(c, json_tree_get(o, "newest"));
	buf_addc(&c->out, '\n');
	add_title(c, "Near the threshold");
	add_near(c, json_tree_get(o, "near_list"));
}
