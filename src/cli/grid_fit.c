/* SPDX-License-Identifier: ISC */

/*
 * Which columns of a table give way when the terminal is narrow.
 */

#include <stdlib.h>

#include "base/utf8.h"
#include "cli/grid.h"
#include "control/suggest.h"

enum {
	GAP = 2,
	LAST_MIN = 4, /* of the only column that is left */
};

/* The first here are the first to go.  A column with a least width is cut
 * before anything goes; those not named here stay whole. */
static const struct {
	const char *name;
	size_t least; /* or 0: whole or not at all */
} yielding[] = {
	{ "COURSE", 0 },
	{ "COMPONENT", 0 },
	{ "SHARE", 0 },
	{ "CREATED", 0 },
	{ "NETWORKS", 10 },
	{ "AGENT", 10 },
	{ "MEANING", 30 },
	{ "DEFAULT", 8 },
	{ "SOURCE", 0 },
	{ "SERVICE", 0 },
	{ "COUNT", 0 },
	{ "ORIGIN", 0 },
	{ "HITS", 0 },
	{ "TOTP", 0 },
	{ "DISABLED", 0 },
	{ "SEEN", 0 },
	{ "VIA", 0 },
	{ "BY", 0 },
	{ "FROM", 0 },
	{ "BLOCKED", 0 },
	{ "ADDED", 0 },
	{ "POINTS", 0 },
	{ "SCOPES", 8 },
	{ "USED", 0 },
	{ "STATE", 8 },
	{ "RESULT", 8 },
	{ "DETAIL", 16 },
	{ "EVENTS", 12 },
	{ "BEFORE", 8 },
	{ "AFTER", 8 },
	{ "NOTE", 8 },
	{ "TARGET", 10 },
	{ "ACCOUNT", 8 },
	{ "WHY", 14 },
	{ "VALUE", 8 },
	{ "ID", 0 },
	{ "TIME", 0 },
	{ "UNTIL", 0 },
	{ "EXPIRES", 0 },
};

/* Its row above, or one behind the last. */
static size_t
rank_of(const struct grid *t, unsigned column)
{
	struct str name = str_of(t->columns[column].name);
	size_t i = 0;

	while (i < ARRAY_LEN(yielding) &&
		!str_eq(name, str_of(yielding[i].name)))
		i++;
	return i;
}

/* The width to which a column may be cut. */
static size_t
least_of(const struct grid *t, const struct grid_view *v, unsigned i)
{
	size_t rank = rank_of(t, v->column[i]);
	size_t least = rank < ARRAY_LEN(yielding) ? yielding[rank].least : 0;

	return least && least < v->width[i] ? least : v->width[i];
}

static size_t
sum_least(const struct grid *t, const struct grid_view *v)
{
	size_t sum = v->n ? (v->n - 1) * GAP : 0;

	for (unsigned i = 0; i < v->n; i++)
		sum += least_of(t, v, i);
	return sum;
}

/* The column that goes first, or v->n. */
static unsigned
find_first(const struct grid *t, const struct grid_view *v)
{
	size_t best = ARRAY_LEN(yielding);
	unsigned at = v->n;

	for (unsigned i = 0; i < v->n; i++) {
		size_t rank = rank_of(t, v->column[i]);

		if (rank < best) {
			best = rank;
			at = i;
		}
	}
	return at;
}

static void
leave_out(struct grid_view *v, unsigned at)
{
	v->n--;
	for (unsigned i = at; i < v->n; i++) {
		v->column[i] = v->column[i + 1];
		v->width[i] = v->width[i + 1];
	}
}

/* Room that is left goes to the columns that would go last. */
static void
share_out(const struct grid *t, struct grid_view *v, size_t spare)
{
	for (size_t rank = ARRAY_LEN(yielding) + 1; rank-- > 0;) {
		for (unsigned i = 0; i < v->n; i++) {
			if (rank_of(t, v->column[i]) != rank)
				continue;
			size_t least = least_of(t, v, i);
			size_t more = v->width[i] - least;

			if (more > spare)
				more = spare;
			v->width[i] = least + more;
			spare -= more;
		}
	}
}

/* Nothing may go any more: the widest is cut, addresses to the last. */
static void
squeeze(struct grid_view *v, size_t over)
{
	unsigned widest = 0;

	for (unsigned i = 1; i < v->n; i++) {
		if (v->width[i] > v->width[widest])
			widest = i;
	}
	if (v->n && v->width[widest] > over + LAST_MIN)
		v->width[widest] -= over;
}

void
grid_fit(const struct grid *t, struct grid_view *v, const struct cli *c)
{
	bool is_asked = c->call.option[OPT_COLUMNS];
	unsigned at = 0;
	size_t least;

	if (!c->width)
		return;
	while ((least = sum_least(t, v)) > c->width && !is_asked && v->n > 1 &&
		(at = find_first(t, v)) < v->n)
		leave_out(v, at);
	if (least > c->width)
		squeeze(v, least - c->width);
	else
		share_out(t, v, c->width - least);
}

void
grid_add_name(struct buf *b, const struct grid_column *column)
{
	for (const char *p = column->name; *p; p++)
		buf_addc(b, *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p);
}

static bool
is_named(const struct grid *t, unsigned i, struct str name)
{
	return str_eq_case(str_of(t->columns[i].name), name);
}

static void
fail_column(const struct grid *t, struct cli *c, struct str name)
{
	struct buf quoted CLEANUP(buf_free) = { 0 };
	struct buf names CLEANUP(buf_free) = { 0 };

	utf8_add_safe(&quoted, name);
	for (unsigned i = 0; i < t->columns_n; i++) {
		if (names.n && *t->columns[i].name)
			buf_add(&names, S(", "));
		grid_add_name(&names, &t->columns[i]);
	}
	exit(cli_fail(c, EXIT_CODE_USAGE,
		"--columns: there is no column \"%s\"; expected: %s",
		buf_text(&quoted), buf_text(&names)));
}

void
grid_choose(const struct grid *t, struct cli *c, struct grid_view *ret)
{
	struct str list = str_of(c->call.option[OPT_COLUMNS]), name;

	*ret = (struct grid_view){ 0 };
	for (unsigned i = 0; i < t->columns_n && !list.n; i++)
		ret->column[ret->n++] = i;
	while (list.n) {
		unsigned i = 0;

		str_cut(list, ',', &name, &list);
		while (i < t->columns_n && !is_named(t, i, str_trim(name)))
			i++;
		if (i == t->columns_n || ret->n == GRID_COLUMNS_MAX)
			fail_column(t, c, str_trim(name));
		else
			ret->column[ret->n++] = i;
	}
}
