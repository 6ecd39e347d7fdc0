/* SPDX-License-Identifier: ISC */

/*
 * Lists that come as text, an entry a line.  What is right is taken, what
 * is wrong is told with its line and column: nothing is lost unseen.
 */

#include "base/num.h"
#include "web/lists.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SPAN_S = 30 * 60,
	ERRORS_MAX = 1000, /* that are told one by one */
};

/* A line, taken apart. */
struct line {
	unsigned number;
	struct str text; /* all of it */
	struct prefix prefix;
	int64_t span_s;
	struct str note;
};

struct import {
	struct line line;
	bool is_forced, is_dry;
	bool has_self;
	struct addr self;
	uint64_t added, wrong;
};

/* Takes an entry, or says why not. */
typedef int import_one(struct ask *a, struct import *i, struct err *err);

static unsigned
column_of(const struct line *l, const char *at)
{
	unsigned column = 1;

	for (const char *c = l->text.p; c < at; c++)
		column += ((unsigned char)*c & 0xc0) != 0x80;
	return column;
}

static void
tell(struct ask *a, struct import *i, const char *at, const struct err *err)
{
	struct json *j = &a->out;

	if (++i->wrong > ERRORS_MAX)
		return;
	json_open(j, '{');
	json_member_int(j, "line", i->line.number);
	json_member_int(j, "column", column_of(&i->line, at));
	json_member_str(j, "detail", str_of(err->text));
	json_close(j, '}');
}

/* The next word, cut off @rest. */
static struct str
take_word(struct str *rest)
{
	struct str word = *rest = str_trim(*rest);

	for (word.n = 0; word.n < rest->n && rest->p[word.n] != ' ' &&
			 rest->p[word.n] != '\t';
		word.n++)
		;
	*rest = str_trim(str_from(*rest, word.n));
	return word;
}

/* "30", "2h", "none": how long, when it stands there. */
static void
take_span(struct str *rest, int64_t *ret)
{
	struct str behind = *rest, word = take_word(&behind);

	*ret = SPAN_S;
	if (str_eq(word, S("none")))
		*ret = ENGINE_NO_END_S;
	else if (!num_parse_span(word, 60, ret) || *ret < 1)
		return;
	*rest = behind;
}

static void
take_line(struct ask *a, struct import *i, import_one *one, bool has_span)
{
	struct line *l = &i->line;
	struct str rest = str_trim(l->text), word = take_word(&rest);
	struct err err;

	if (!word.n || *word.p == '#')
		return;
	if (!prefix_parse(word, &l->prefix, &err)) {
		tell(a, i, word.p, &err);
		return;
	}
	if (has_span)
		take_span(&rest, &l->span_s);
	l->note = rest;
	if (rest.n > NOTE_MAX) {
		err_set(&err, "the note has %zu bytes; at most %d are kept",
			rest.n, NOTE_MAX);
		tell(a, i, rest.p, &err);
	} else if (one(a, i, &err)) {
		tell(a, i, word.p, &err);
	} else {
		i->added++;
	}
}

static void
import(struct ask *a, import_one *one, bool has_span)
{
	struct import i = { .is_forced = ask_flag(a, "force"),
		.is_dry = ask_flag(a, "dry_run") };
	struct str text = http_body(a->request);
	struct json *j = &a->out;

	if (!self_get(a, &i.self, &i.has_self))
		return;
	ask_hold(a); /* it may be stored before we are done here */
	json_open(j, '{');
	json_member_bool(j, "dry_run", i.is_dry);
	json_key(j, "errors");
	json_open(j, '[');
	while (text.n) {
		str_cut(text, '\n', &i.line.text, &text);
		if (str_ends(i.line.text, S("\r")))
			i.line.text.n--;
		i.line.number++;
		take_line(a, &i, one, has_span);
	}
	json_close(j, ']');
	json_member_int(j, "added", (int64_t)i.added);
	json_member_int(j, "wrong", (int64_t)i.wrong);
	json_close(j, '}');
	ask_on_done(a, NULL);
}

static int
add_block(struct ask *a, struct import *i, struct err *err)
{
	const struct wish w = { .prefix = i->line.prefix,
		.span_s = i->line.span_s,
		.is_forced = i->is_forced,
		.has_self = i->has_self,
		.self = i->self };
	enum problem ignored;

	if (!wish_is_sensible(a, &w, &ignored, err))
		return -1;
	if (i->is_dry)
		return 0;
	ask_hold(a);
	node_block(a->node,
		&(struct node_block){
			w.prefix, w.span_s, str_of(a->by), i->line.note },
		ask_on_done, a);
	return 0;
}

static int
add_never(struct ask *a, struct import *i, struct err *err)
{
	struct prefix *p = &i->line.prefix;
	struct store_never entry;

	if (never_find(a, p, &entry) && prefix_eq(&entry.prefix, p))
		return err_set(err, "it is in the never-block list already");
	if (prefix_is_wide(p) && !i->is_forced)
		return err_set(err,
			"so wide a network takes force: it would protect much "
			"of the internet");
	if (i->is_dry)
		return 0;
	ask_hold(a);
	node_never_add(a->node,
		&(struct node_never){ *p, str_of(a->by), i->line.note },
		ask_on_done, a);
	return 0;
}

void
blocks_import(struct ask *a)
{
	import(a, add_block, true);
}

void
never_import(struct ask *a)
{
	import(a, add_never, false);
}
