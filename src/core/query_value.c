/* SPDX-License-Identifier: ISC */

/* The values of a search, and what is said of wrong ones. */

#include <stdarg.h>
#include <stdio.h>

#include "base/near.h"
#include "base/num.h"
#include "base/stamp.h"
#include "core/event.h"
#include "core/hints.h"
#include "core/query_inside.h"

static unsigned
column_of(const struct query_parser *p, const char *at)
{
	unsigned column = 1;

	for (const char *c = p->in->text.p; c < at; c++)
		column += ((unsigned char)*c & 0xc0) != 0x80;
	return column;
}

int
query_fail(struct query_parser *p, const char *at, const char *fmt, ...)
{
	va_list ap;

	p->err->column = column_of(p, at);
	va_start(ap, fmt);
	vsnprintf(p->err->text, sizeof(p->err->text), fmt, ap);
	va_end(ap);
	return -1;
}

struct nearest {
	struct str word, best;
	unsigned distance;
};

static void
consider(struct nearest *n, const char *name)
{
	struct str s = str_of(name);
	unsigned d = near_distance(n->word, s);

	if (near_enough(n->word, s) && (!n->best.p || d < n->distance)) {
		n->best = s;
		n->distance = d;
	}
}

/* What isn't a name, cut to a length that fits a message. */
static int
shown(struct str s)
{
	return s.n < 40 ? (int)s.n : 40;
}

int
query_fail_field(struct query_parser *p, struct str name)
{
	const struct query_fields *f = p->in->fields;
	struct nearest near = { .word = name };
	struct buf all CLEANUP(buf_free) = { 0 };

	for (unsigned i = 0; i < f->n; i++) {
		consider(&near, f->rows[i].name);
		buf_printf(&all, "%s%s", i ? ", " : "", f->rows[i].name);
	}
	if (near.best.p)
		return query_fail(p, name.p,
			"there is no field \"%.*s\"; did you mean \"%.*s\"?",
			shown(name), name.p, (int)near.best.n, near.best.p);
	return query_fail(p, name.p,
		"there is no field \"%.*s\"; expected one of %s, or quotes "
		"around a text to look for",
		shown(name), name.p, buf_text(&all));
}

/* --- values --------------------------------------------------------------- */

static int
take_quoted(struct query_parser *p, struct query_piece *ret)
{
	char *to = arena_alloc(p->arena, (size_t)(p->end - p->at));
	size_t n = 0;

	for (p->at++; p->at < p->end && *p->at != '"'; p->at++) {
		if (*p->at == '\\' && p->at + 1 < p->end)
			p->at++;
		to[n++] = *p->at;
	}
	if (p->at == p->end)
		return query_fail(p, ret->at, "the quotes are not closed");
	p->at++;
	ret->text = (struct str){ to, n };
	ret->is_quoted = true;
	return 0;
}

/* Up to a blank, or to a comma when @stops_at_comma. */
int
query_take(struct query_parser *p, bool stops_at_comma, struct query_piece *ret)
{
	*ret = (struct query_piece){ .at = p->at };
	if (p->at < p->end && *p->at == '"')
		return take_quoted(p, ret);
	while (p->at < p->end && !is_blank(*p->at) && *p->at != '"' &&
		!(stops_at_comma && *p->at == ','))
		p->at++;
	ret->text = arena_str(
		p->arena, (struct str){ ret->at, (size_t)(p->at - ret->at) });
	return 0;
}

static int
fail_kind(struct query_parser *p, const struct query_piece *v)
{
	struct nearest near = { .word = v->text };

	for (int k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id)
			consider(&near, event_types[k].id);
	}
	if (near.best.p)
		return query_fail(p, v->at,
			"no kind of event is called \"%.*s\"; did you mean "
			"\"%.*s\"?",
			shown(v->text), v->text.p, (int)near.best.n,
			near.best.p);
	return query_fail(p, v->at,
		"no kind of event is called \"%.*s\"; expected a name such as "
		"relay_denied, or a number",
		shown(v->text), v->text.p);
}

static int
read_choice(struct query_parser *p, const struct query_field *f,
	const struct query_piece *v, int64_t *ret)
{
	struct nearest near = { .word = v->text };
	struct buf all CLEANUP(buf_free) = { 0 };

	for (int i = 0; f->choices[i]; i++) {
		if (str_eq(v->text, str_of(f->choices[i]))) {
			*ret = i;
			return 0;
		}
		consider(&near, f->choices[i]);
		buf_printf(&all, "%s%s", i ? ", " : "", f->choices[i]);
	}
	return query_fail(p, v->at, "%s is one of %s, not \"%.*s\"%s%.*s%s",
		f->name, buf_text(&all), shown(v->text), v->text.p,
		near.best.p ? "; did you mean \"" : "", (int)near.best.n,
		near.best.p ? near.best.p : "", near.best.p ? "\"?" : "");
}

/* A point in time, or a span from now: @direction 1 ahead, -1 back. */
static int
read_time(struct query_parser *p, const struct query_field *f,
	const struct query_piece *v, int direction, int64_t *ret)
{
	int64_t span;

	if (stamp_parse(v->text, ret))
		return 0;
	if (num_parse_span(v->text, 60, &span)) {
		*ret = p->in->now + direction * span;
		return 0;
	}
	return query_fail(p, v->at,
		"%s takes a span such as 30m, 2h or 7d, or a time such as "
		"2026-11-24T06:28:02Z, not \"%.*s\"",
		f->name, shown(v->text), v->text.p);
}

static int
read_hint(struct query_parser *p, const struct query_piece *v, int64_t *ret)
{
	enum hint_kind kind;

	if (str_eq(v->text, S("any")))
		*ret = (int64_t)hint_innocent_bits();
	else if (hint_kind_find(v->text, &kind))
		*ret = INT64_C(1) << kind;
	else
		return query_fail(p, v->at,
			"no kind of hint is called \"%.*s\"; expected any, or "
			"one of docs/hints.md such as known_user",
			shown(v->text), v->text.p);
	return 0;
}

static void
read_name(const struct query_field *f, const struct query_piece *v,
	union query_value *ret)
{
	ret->name.text = v->text;
	ret->name.is_open = f->type == QUERY_IS_NAME && !v->is_quoted &&
			    str_ends(v->text, S("*"));
	if (ret->name.is_open)
		ret->name.text.n--;
}

int
query_read(struct query_parser *p, const struct query_field *f,
	const struct query_piece *v, union query_value *ret)
{
	enum event_kind kind;
	struct err err;

	switch (f->type) {
	case QUERY_IS_PREFIX:
		return prefix_parse(v->text, &ret->prefix, &err)
			       ? 0
			       : query_fail(p, v->at, "%s", err.text);
	case QUERY_IS_KIND:
		if (!event_kind_find(v->text, &kind))
			return fail_kind(p, v);
		ret->number = kind;
		return 0;
	case QUERY_IS_CHOICE: return read_choice(p, f, v, &ret->number);
	case QUERY_IS_TIME: return read_time(p, f, v, -1, &ret->number);
	case QUERY_IS_END: return read_time(p, f, v, 1, &ret->number);
	case QUERY_IS_NUMBER:
		return num_parse(v->text, 0, INT64_MAX - 1, &ret->number)
			       ? 0
			       : query_fail(p, v->at,
					 "%s takes a whole number, not "
					 "\"%.*s\"",
					 f->name, shown(v->text), v->text.p);
	case QUERY_IS_HINT: return read_hint(p, v, &ret->number);
	case QUERY_IS_PART:
	case QUERY_IS_NAME: read_name(f, v, ret); return 0;
	}
	return -1;
}
