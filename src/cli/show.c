/* SPDX-License-Identifier: ISC */

#include "cli/show.h"

#include <inttypes.h>

#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"

void
show_text(struct cli *c, struct str s)
{
	utf8_add_safe(&c->out, s);
}

int64_t
show_time(struct buf *b, const struct cli *c, const struct json_t *o,
	const char *name)
{
	int64_t t;

	if (!stamp_parse(json_tree_str(o, name), &t))
		return 0;
	text_add_time(b, &c->clock, t);
	return t;
}

void
show_until(struct buf *b, const struct cli *c, const struct json_t *o)
{
	if (json_tree_bool(o, "no_end")) {
		buf_add(b, S("with no end"));
		return;
	}
	buf_add(b, S("until "));
	int64_t left = show_time(b, c, o, "until") - c->clock.now;
	if (left <= 0)
		return;
	buf_add(b, S(", "));
	text_add_span(b, left);
	buf_add(b, S(" left"));
}

void
show_why(struct buf *b, const struct json_t *o)
{
	struct str component = json_tree_str(o, "component");

	if (component.n) {
		buf_add(b, component);
		buf_printf(b, " %" PRId64 "/%" PRId64,
			json_tree_int(o, "score"),
			json_tree_int(o, "threshold"));
	} else {
		utf8_add_safe(b, json_tree_str(o, "note"));
	}
	if (json_tree_bool(o, "would_block"))
		buf_add(b, b->n ? S(" (would block)") : S("(would block)"));
}

void
show_remover(struct buf *b, const struct json_t *o)
{
	struct str by = json_tree_str(o, "removed_by");

	if (!by.n)
		return;
	buf_add(b, S(" by "));
	utf8_add_safe(b, by);
}

void
show_cell(struct grid *t, const struct json_t *o, const char *name)
{
	grid_add(t, json_tree_str(o, name));
}

void
show_cell_int(struct grid *t, const struct json_t *o, const char *name)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	num_add(&b, json_tree_int(o, name));
	grid_add(t, buf_str(&b));
}

void
show_cell_clock(struct grid *t, const struct cli *c, const struct json_t *o,
	const char *name)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	show_time(&b, c, o, name);
	grid_add(t, buf_str(&b));
}

void
show_cell_time(struct grid *t, const struct cli *c, const struct json_t *o,
	const char *name)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	int64_t at;

	if (stamp_parse(json_tree_str(o, name), &at))
		text_add_when(&b, &c->clock, at);
	grid_add(t, buf_str(&b));
}

static void
add_outcome(struct grid *t, const struct json_t *e)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_add(&b, json_tree_str(e, "outcome"));
	if (json_tree_bool(e, "forgiven"))
		buf_add(&b, S(", forgiven"));
	if (json_tree_bool(e, "cause"))
		buf_add(&b, S(", blocked"));
	grid_add(t, buf_str(&b));
}

void
show_events(struct cli *c, const struct json_t *items, bool turn)
{
	static const struct grid_column columns[] = {
		{ "TIME", GRID_LEFT },
		{ "ADDRESS", GRID_LEFT },
		{ "EVENT", GRID_LEFT },
		{ "COUNT", GRID_RIGHT },
		{ "POINTS", GRID_RIGHT },
		{ "RESULT", GRID_LEFT },
		{ "SERVICE", GRID_LEFT },
		{ "SOURCE", GRID_LEFT },
		{ "ACCOUNT", GRID_LEFT },
		{ "DETAIL", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	size_t n = 0;

	while (json_tree_at(items, n))
		n++;
	for (size_t i = 0; i < n; i++) {
		const struct json_t *e = json_tree_at(
			items, turn ? n - 1 - i : i);

		show_cell_clock(&t, c, e, "time");
		show_cell(&t, e, "address");
		show_cell(&t, e, "kind");
		show_cell_int(&t, e, "count");
		show_cell_int(&t, e, "points");
		add_outcome(&t, e);
		show_cell(&t, e, "service");
		show_cell(&t, e, "source");
		show_cell(&t, e, "account");
		show_cell(&t, e, "detail");
	}
	grid_print(&t, c);
}
