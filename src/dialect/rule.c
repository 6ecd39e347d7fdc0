/* SPDX-License-Identifier: ISC */
#include "dialect/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "core/event.h"
#include "dialect/cause.h"

enum {
	TEXT_MAX = 1024,
};

static const char fields_help[] =
	"expected a field: %address%, %account%, %session%, %helo%, %word%, "
	"%number% or %rest%; %% is a percent sign";

#define NAME(name)                     \
	{                              \
		name, sizeof(name) - 1 \
	}

static const struct str names[FIELDS] = {
	[FIELD_ADDRESS] = NAME("%address%"),
	[FIELD_ACCOUNT] = NAME("%account%"),
	[FIELD_SESSION] = NAME("%session%"),
	[FIELD_HELO] = NAME("%helo%"),
	[FIELD_WORD] = NAME("%word%"),
	[FIELD_NUMBER] = NAME("%number%"),
	[FIELD_REST] = NAME("%rest%"),
};

bool
rule_takes(enum rule_field f, unsigned char c)
{
	switch (f) {
	case FIELD_ADDRESS: return c && strchr("0123456789abcdefABCDEF.:", c);
	case FIELD_SESSION:
	case FIELD_WORD: return c > ' ';
	case FIELD_NUMBER: return c >= '0' && c <= '9';
	default: return true;
	}
}

void
rule_free(struct rule *r)
{
	free(r->text);
	free(r);
}

/* --- from text ------------------------------------------------------------ */

/* What is read, and where in it. */
struct reading_of {
	struct rule *r;
	const char *begin;
	struct str s; /* still to come */
	bool is_behind_field;
	struct err *err;
};

static int
fail(struct reading_of *in, const char *what)
{
	return err_set(in->err, "column %zu: %s",
		(size_t)(in->s.p - in->begin) + 1, what);
}

static void
byte_put(struct rule *r, unsigned char c)
{
	state_put(&r->next[c], r->items++);
}

static void
field_put(struct rule *r, enum rule_field f)
{
	for (unsigned c = 0; c < 256; c++) {
		if (!rule_takes(f, (unsigned char)c))
			continue;
		state_put(&r->next[c], r->items);
		state_put(&r->stay[c], r->items + 1);
	}
	if (f < FIELDS_KEPT)
		r->fields[f] = (int)r->items;
	r->items++;
}

static int
field_read(struct reading_of *in)
{
	unsigned f = 0;

	while (f < FIELDS && !str_starts(in->s, names[f]))
		f++;
	if (f == FIELDS)
		return fail(in, fields_help);
	if (in->is_behind_field)
		return fail(in, "two fields side by side; put the text that "
				"stands between them");
	if (f < FIELDS_KEPT && in->r->fields[f] >= 0)
		return fail(in, "such a field stands here already; only "
				"%word%, %number% and %rest% may come again");
	field_put(in->r, f);
	in->s = str_from(in->s, names[f].n);
	in->is_behind_field = true;
	return 0;
}

/* A byte, "%%", or a field. */
static int
item_read(struct reading_of *in)
{
	if (in->r->items == RULE_ITEMS_MAX)
		return fail(in, "the line is too long for a rule");
	if (*in->s.p == '%' && !str_starts(in->s, S("%%")))
		return field_read(in);
	byte_put(in->r, (unsigned char)*in->s.p);
	in->s = str_from(in->s, *in->s.p == '%' ? 2 : 1);
	in->is_behind_field = false;
	return 0;
}

/* The next word, with the blanks behind it cut off. */
static struct str
word_read(struct reading_of *in)
{
	struct str word, rest;

	str_cut(in->s, ' ', &word, &rest);
	while (str_take(&rest, S(" ")))
		;
	in->s = rest;
	return word;
}

/* "event service program: " */
static int
head_read(struct reading_of *in)
{
	struct str at = in->s, word = word_read(in);
	enum event_kind kind;

	if (event_kind_find(word, &kind)) {
		in->r->kind = (int)kind;
	} else if (str_eq(word, S("nothing"))) {
		in->r->kind = CAUSE_NOTHING;
	} else {
		in->s = at;
		return fail(in, "expected the name of an event, such as "
				"login_failure, or nothing");
	}
	in->r->service = word_read(in);
	at = in->s;
	word = word_read(in);
	if (!in->r->service.n || word.n < 2 || !str_ends(word, S(":"))) {
		in->s = at;
		return fail(in, "expected \"event service program: line\"; "
				"the program is \"*\" for any, \"-\" for "
				"lines without a tag");
	}
	word.n--;
	in->r->program = word;
	return 0;
}

static int
line_read(struct reading_of *in)
{
	if (!in->s.n)
		return fail(in, "expected the line that the program writes");
	while (in->s.n)
		if (item_read(in) < 0)
			return -1;
	if (in->r->kind != CAUSE_NOTHING && in->r->fields[FIELD_ADDRESS] < 0)
		return fail(in, "the line has no %address%; without it nobody "
				"can be scored");
	return 0;
}

struct rule *
rule_new(struct str text, struct err *err)
{
	struct rule *r = mem_alloc(1, sizeof(*r));
	struct reading_of in = { .r = r, .err = err };

	for (unsigned f = 0; f < FIELDS_KEPT; f++)
		r->fields[f] = -1;
	if (text.n > TEXT_MAX)
		text.n = TEXT_MAX + 1; /* too long for the line's items, too */
	r->text = mem_alloc(text.n + 1, 1);
	memcpy(r->text, text.p, text.n);
	in.begin = r->text;
	in.s = (struct str){ r->text, text.n };
	if (head_read(&in) < 0 || line_read(&in) < 0) {
		rule_free(r);
		return NULL;
	}
	return r;
}
