/* SPDX-License-Identifier: ISC */

#include "cli/grid.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Columns on the terminal: characters, as nearly as matters here. */
static size_t
width_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* The first @width characters. */
static struct str
cut(struct str s, size_t width)
{
	size_t i = 0;

	for (; i < s.n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80 && width-- == 0)
			break;
	}
	return (struct str){ s.p, i };
}

void
grid_add(struct grid *t, struct str s)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	utf8_add_safe(&b, s);
	if (t->cells_n == t->cells_cap) {
		t->cells_cap = t->cells_cap ? t->cells_cap * 2 : 64;
		t->cells = mem_grow(t->cells, t->cells_cap, sizeof(*t->cells));
	}
	t->cells[t->cells_n++] = arena_str(&t->arena, buf_str(&b));
}

static void
add_blanks(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, ' ');
}

static void
print_row(const struct grid *t, struct cli *c, const struct str *row,
	const size_t *width)
{
	size_t at = 0;

	for (unsigned i = 0; i < t->columns_n; i++) {
		struct str s = row[i];
		bool is_last = i + 1 == t->columns_n;
		bool is_right = t->columns[i].align == GRID_RIGHT;

		if (is_last && c->width > at + 8)
			s = cut(s, c->width - at);
		size_t pad = width[i] - (is_last ? 0 : width_of(s));
		if (is_right)
			add_blanks(&c->out, width[i] - width_of(row[i]));
		buf_add(&c->out, s);
		if (!is_last)
			add_blanks(&c->out, (is_right ? 0 : pad) + 2);
		at += width[i] + 2;
	}
	while (c->out.n && c->out.p[c->out.n - 1] == ' ')
		c->out.n--;
	buf_addc(&c->out, '\n');
}

static void
print_head(const struct grid *t, struct cli *c, const size_t *width)
{
	struct str names[GRID_COLUMNS_MAX];

	for (unsigned i = 0; i < t->columns_n; i++)
		names[i] = str_of(t->columns[i].name);
	cli_style(c, STYLE_BOLD);
	print_row(t, c, names, width);
	c->out.n--;
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

void
grid_print(struct grid *t, struct cli *c)
{
	size_t width[GRID_COLUMNS_MAX];
	bool has_head = !cli_has(c, OPT_NO_HEADER);

	for (unsigned i = 0; i < t->columns_n; i++)
		width[i] = has_head ? width_of(str_of(t->columns[i].name)) : 0;
	for (size_t i = 0; i < t->cells_n; i++) {
		size_t w = width_of(t->cells[i]);

		if (w > width[i % t->columns_n])
			width[i % t->columns_n] = w;
	}
	if (has_head)
		print_head(t, c, width);
	for (size_t i = 0; i < t->cells_n; i += t->columns_n)
		print_row(t, c, &t->cells[i], width);
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
