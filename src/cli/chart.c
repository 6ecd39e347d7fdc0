/* SPDX-License-Identifier: ISC */

#include "cli/chart.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/stamp.h"

enum {
	BAR = 20,    /* columns of a whole */
	ROWS = 4,    /* of the steps */
	EIGHTHS = 8, /* levels of a row */
	LABEL = 9,   /* columns before them, with the axis */
	COLUMNS_MIN = 20,
	COLUMNS_MAX = 72,
	COLUMNS_ELSE = 60, /* when the width isn't known */
};

/* What a terminal of this locale can show. */
static bool
is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	struct str value = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names) && !value.n; i++)
		value = str_of(getenv(names[i]));
	for (size_t i = 0; i + 4 < value.n + 1 && value.n >= 4; i++) {
		struct str tail = { value.p + i, value.n - i };

		tail.n = tail.n < 5 ? tail.n : 5;
		if (str_eq_case(tail, S("UTF-8")))
			return true;
		tail.n = 4;
		if (str_eq_case(tail, S("UTF8")))
			return true;
	}
	return false;
}

void
chart_bar(struct buf *b, int64_t percent)
{
	static const char *const parts[] = { "", "▏", "▎", "▍", "▌", "▋", "▊",
		"▉" };
	bool has_blocks = is_utf8();
	int64_t eighths = percent * BAR * EIGHTHS / 100;

	for (; eighths >= EIGHTHS; eighths -= EIGHTHS)
		buf_add(b, has_blocks ? S("█") : S("#"));
	if (has_blocks)
		buf_add(b, str_of(parts[eighths]));
	else if (eighths >= EIGHTHS / 2)
		buf_addc(b, '#');
}

/* The highest score in each column. */
struct columns {
	int64_t value[COLUMNS_MAX];
	unsigned n;
	int64_t top;
};

static int64_t
column_of(const struct chart *s, const struct columns *col, int64_t time)
{
	int64_t at = (time - s->from) * col->n / (s->to - s->from);

	return at < col->n ? at : col->n - 1;
}

/* From column to column the score stays what it is. */
static void
fill(const struct chart *s, struct columns *col)
{
	const struct json_t *p;
	int64_t score = 0, at = 0, time;

	for (size_t i = 0; (p = json_tree_at(s->series, i)); i++) {
		if (!stamp_parse(json_tree_str(p, "time"), &time) ||
			time > s->to)
			continue;
		int64_t next = time > s->from ? column_of(s, col, time) : 0;
		for (; at <= next && at < col->n; at++) {
			if (col->value[at] < score)
				col->value[at] = score;
		}
		at = next;
		score = json_tree_int(p, "score");
		if (next < col->n && col->value[next] < score && time > s->from)
			col->value[next] = score;
	}
	for (; at < col->n; at++) {
		if (col->value[at] < score)
			col->value[at] = score;
	}
	col->top = s->threshold;
	for (unsigned i = 0; i < col->n; i++) {
		if (col->value[i] > col->top)
			col->top = col->value[i];
	}
}

/* Eighths of the whole height; what is there is seen. */
static int64_t
level_of(const struct columns *col, int64_t value)
{
	int64_t level = value * ROWS * EIGHTHS / col->top;

	return value && !level ? 1 : level;
}

static void
add_cell(struct buf *b, int64_t eighths, bool is_line)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆",
		"▇", "█" };
	static const char *const ascii[] = { " ", ".", ".", ":", ":", ":", "#",
		"#", "#" };
	bool has_blocks = is_utf8();

	if (eighths < 0)
		eighths = 0;
	if (eighths > EIGHTHS)
		eighths = EIGHTHS;
	if (eighths == 0 && is_line)
		buf_add(b, has_blocks ? S("┄") : S("-"));
	else
		buf_add(b, str_of((has_blocks ? blocks : ascii)[eighths]));
}

static void
add_row(struct cli *c, const struct chart *s, const struct columns *col,
	int row)
{
	int line = (int)((level_of(col, s->threshold) - 1) / EIGHTHS);
	const char *axis = is_utf8() ? "┤" : "|";

	if (row == line)
		buf_printf(&c->out, "%7" PRId64 " %s", s->threshold, axis);
	else if (row == ROWS - 1)
		buf_printf(&c->out, "%7" PRId64 " %s", col->top, axis);
	else if (row == 0)
		buf_printf(&c->out, "%7d %s", 0, axis);
	else
		buf_printf(&c->out, "%7s %s", "", axis);
	for (unsigned i = 0; i < col->n; i++)
		add_cell(&c->out, level_of(col, col->value[i]) - row * EIGHTHS,
			row == line);
	buf_addc(&c->out, '\n');
}

static void
add_times(struct cli *c, const struct chart *s, unsigned columns)
{
	struct buf from CLEANUP(buf_free) = { 0 };
	struct buf to CLEANUP(buf_free) = { 0 };

	text_add_time(&from, &c->clock, s->from);
	text_add_time(&to, &c->clock, s->to);
	int gap = (int)columns - (int)from.n - (int)to.n;
	buf_printf(&c->out, "%*s%s", LABEL, "", buf_text(&from));
	buf_printf(&c->out, "%*s%s\n", gap > 1 ? gap : 1, "", buf_text(&to));
}

void
chart_steps(struct cli *c, const struct chart *s)
{
	struct columns col = { .n = COLUMNS_ELSE };

	if (c->width)
		col.n = c->width > LABEL + COLUMNS_MIN ? c->width - LABEL
						       : COLUMNS_MIN;
	if (col.n > COLUMNS_MAX)
		col.n = COLUMNS_MAX;
	if (s->to <= s->from || s->threshold <= 0)
		return;
	fill(s, &col);
	for (int row = ROWS - 1; row >= 0; row--)
		add_row(c, s, &col, row);
	add_times(c, s, col.n);
}
