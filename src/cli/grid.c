/* SPDX-License-Identifier: ISC */

#include "cli/grid.h"

#include <stdlib.h>

#include "base/csv.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cli/width.h"

enum {
	GAP = 2, /* between columns */
};

void
grid_add_safe(struct grid *t, struct str s)
{
	if (t->cells_n == t->cells_cap) {
		t->cells_cap = t->cells_cap ? t->cells_cap * 2 : 64;
		t->cells = mem_grow(t->cells, t->cells_cap, sizeof(*t->cells));
	}
	t->cells[t->cells_n++] = arena_str(&t->arena, s);
}

void
grid_add(struct grid *t, struct str s)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	utf8_add_safe(&b, s);
	grid_add_safe(t, buf_str(&b));
}

static void
add_blanks(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, ' ');
}

/* What a state means, at a glance. */
static const struct {
	const char *word;
	enum style style;
} words[] = {
	{ "active", STYLE_BAD },
	{ "locked", STYLE_BAD },
	{ "expired", STYLE_DIM },
	{ "removed", STYLE_DIM },
	{ "while_blocked", STYLE_DIM },
	{ "never", STYLE_GOOD },
	{ "would block", STYLE_WARN },
};

static enum style
style_of(struct str name, struct str cell)
{
	if (!str_eq(name, S("STATE")) && !str_eq(name, S("RESULT")))
		return STYLE_PLAIN;
	if (str_ends(cell, S(", blocked")))
		return STYLE_BAD;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_starts(cell, str_of(words[i].word)))
			return words[i].style;
	}
	return STYLE_PLAIN;
}

static void
add_cell(struct cli *c, struct str s, size_t width, enum style style)
{
	bool is_cut = width_of(s) > width;

	if (style != STYLE_PLAIN)
		cli_style(c, style);
	buf_add(&c->out, is_cut ? width_cut(s, width ? width - 1 : 0) : s);
	if (is_cut)
		buf_add(&c->out, S("…"));
	if (style != STYLE_PLAIN)
		cli_style(c, STYLE_PLAIN);
}

static void
print_row(const struct grid *t, struct cli *c, const struct str *row,
	const struct grid_view *v)
{
	size_t due = 0; /* blanks; not at the end of a line */

	for (unsigned i = 0; i < v->n; i++) {
		const struct grid_column *column = &t->columns[v->column[i]];
		struct str s = row[v->column[i]];
		size_t width = width_of(s);
		size_t pad = v->width[i] > width ? v->width[i] - width : 0;

		if (column->align == GRID_RIGHT) {
			due += pad;
			pad = 0;
		}
		if (s.n) {
			add_blanks(&c->out, due);
			due = 0;
			add_cell(c, s, v->width[i],
				style_of(str_of(column->name), s));
		}
		due += pad + GAP;
	}
	buf_addc(&c->out, '\n');
}

static void
print_head(const struct grid *t, struct cli *c, const struct grid_view *v)
{
	struct str names[GRID_COLUMNS_MAX];

	for (unsigned i = 0; i < t->columns_n; i++)
		names[i] = str_of(t->columns[i].name);
	cli_style(c, STYLE_BOLD);
	print_row(t, c, names, v);
	c->out.n--;
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

static void
set_widths(const struct grid *t, struct grid_view *v, bool has_head)
{
	for (unsigned i = 0; i < v->n; i++) {
		unsigned at = v->column[i];

		v->width[i] = has_head ? width_of(str_of(t->columns[at].name))
				       : 0;
		for (size_t k = at; k < t->cells_n; k += t->columns_n) {
			size_t w = width_of(t->cells[k]);

			if (w > v->width[i])
				v->width[i] = w;
		}
	}
}

static void
print_table(const struct grid *t, struct cli *c, struct grid_view *v)
{
	bool has_head = !cli_has(c, OPT_NO_HEADER);

	set_widths(t, v, has_head);
	grid_fit(t, v, c);
	if (has_head)
		print_head(t, c, v);
	for (size_t i = 0; i < t->cells_n; i += t->columns_n)
		print_row(t, c, &t->cells[i], v);
}

static void
print_values(const struct grid *t, struct cli *c, const struct grid_view *v)
{
	if (!cli_has(c, OPT_NO_HEADER)) {
		for (unsigned i = 0; i < v->n; i++) {
			buf_add(&c->out, i ? S(",") : S(""));
			grid_add_name(&c->out, &t->columns[v->column[i]]);
		}
		buf_add(&c->out, S("\r\n"));
	}
	for (size_t row = 0; row < t->cells_n; row += t->columns_n) {
		for (unsigned i = 0; i < v->n; i++) {
			if (i)
				buf_addc(&c->out, ',');
			csv_add(&c->out, t->cells[row + v->column[i]]);
		}
		buf_add(&c->out, S("\r\n"));
	}
}

void
grid_print(struct grid *t, struct cli *c)
{
	struct grid_view v;

	grid_choose(t, c, &v);
	if (cli_has(c, OPT_CSV))
		print_values(t, c, &v);
	else
		print_table(t, c, &v);
	t->cells_n = 0;
	arena_free(&t->arena);
}

void
grid_free(struct grid *t)
{
	arena_free(&t->arena);
	free(t->cells);
	t->cells = NULL;
	t->cells_n = t->cells_cap = 0;
}
