/* SPDX-License-Identifier: ISC */

#include "cli/doctor/finding.h"

#include <stdarg.h>
#include <stdio.h>

enum {
	TEXT_MAX = 2048, /* longer sentences and pastes are cut */
};

static PRINTF_LIKE(2, 0) struct str
	keep(struct arena *a, const char *fmt, va_list ap)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), fmt, ap);
	return arena_str(a, str_of(text));
}

void
finding_add(struct findings *f, enum finding_level level, const char *topic,
	const char *fmt, ...)
{
	struct finding *one = arena_alloc(&f->arena, sizeof(*one));
	va_list ap;

	*one = (struct finding){ .level = level, .topic = topic };
	va_start(ap, fmt);
	one->text = keep(&f->arena, fmt, ap);
	va_end(ap);
	if (f->last)
		f->last->next = one;
	else
		f->first = one;
	f->last = one;
	f->n[level]++;
}

void
finding_paste(struct findings *f, const char *into, const char *fmt, ...)
{
	va_list ap;

	f->last->into = into;
	va_start(ap, fmt);
	f->last->paste = keep(&f->arena, fmt, ap);
	va_end(ap);
}

void
finding_free(struct findings *f)
{
	arena_free(&f->arena);
	*f = (struct findings){ .first = NULL };
}

bool
finding_value(struct str text, struct str name, struct str *ret)
{
	bool is_found = false;
	struct str line, key, value;

	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (!str_cut(line, '=', &key, &value) ||
			!str_eq(str_trim(key), name))
			continue;
		*ret = str_trim(value);
		is_found = true;
	}
	return is_found;
}

/* The rest of a line "hook key value". */
static bool
line_value(struct str line, struct str hook, struct str key, struct str *ret)
{
	struct str a, b, rest;

	str_cut(line, ' ', &a, &rest);
	str_cut(rest, ' ', &b, &rest);
	if (!str_eq(a, hook) || !str_eq(b, key))
		return false;
	*ret = rest;
	return true;
}

bool
finding_wiring(
	struct str wiring, struct str hook, struct str key, struct str *ret)
{
	struct str line;

	while (wiring.n) {
		str_cut(wiring, '\n', &line, &wiring);
		if (line_value(line, hook, key, ret))
			return true;
	}
	return false;
}

/* Postfix names sockets by their path in its queue folder. */
static bool
is_same(struct str listen, struct str address)
{
	if (str_take(&address, S("unix:")))
		return str_take(&listen, S("unix:")) &&
		       (str_eq(listen, address) ||
			       (address.n && address.p[0] != '/' &&
				       str_ends(listen, address)));
	str_take(&address, S("inet:"));
	return str_eq(listen, address);
}

bool
finding_listener(struct str wiring, struct str hook, struct str address)
{
	struct str line, listen;

	while (wiring.n) {
		str_cut(wiring, '\n', &line, &wiring);
		if (line_value(line, hook, S("listen"), &listen) &&
			is_same(listen, address))
			return true;
	}
	return false;
}
