/* SPDX-License-Identifier: ISC */

#include "hooks/events/protocol.h"

#include <stddef.h>

#include "base/addr.h"
#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"

static const char expected_address[] = "expected an IPv4 or IPv6 address";

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str
skip_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_blank(s.p[n]))
		n++;
	return str_from(s, n);
}

/* Take the next word; empty at the end of the line. */
static struct str
take_word(struct str *rest)
{
	struct str s = skip_blanks(*rest);
	size_t n = 0;

	while (n < s.n && !is_blank(s.p[n]))
		n++;
	*rest = str_from(s, n);
	return (struct str){ s.p, n };
}

/* What stands behind a backslash.  0 when nothing can. */
static size_t
unescape(struct str s, char *ret)
{
	static const char from[] = "\\\"nrt", to[] = "\\\"\n\r\t";
	uint64_t code;

	if (s.n >= 3 && s.p[0] == 'x' &&
		num_parse_hex((struct str){ s.p + 1, 2 }, &code)) {
		*ret = (char)code;
		return 3;
	}
	for (size_t i = 0; s.n && from[i]; i++) {
		if (s.p[0] != from[i])
			continue;
		*ret = to[i];
		return 1;
	}
	return 0;
}

/* A value in double quotes, @rest behind the opening one. */
static const char *
take_quoted(struct str *rest, struct events_request *r, struct str *ret)
{
	char *to = r->text + r->text_n;
	size_t n = 0, i = 0;

	while (i < rest->n && rest->p[i] != '"') {
		size_t used = 0;

		to[n] = rest->p[i++];
		if (to[n] == '\\') {
			used = unescape(str_from(*rest, i), &to[n]);
			if (!used)
				return "expected \\\\, \\\", \\n, \\r, \\t or "
				       "\\x with two digits";
		}
		i += used;
		n++;
	}
	if (i == rest->n)
		return "expected a closing double quote";
	*rest = str_from(*rest, i + 1);
	if (rest->n && !is_blank(rest->p[0]))
		return "expected a blank behind a double quote";
	*ret = (struct str){ to, n };
	r->text_n += n;
	return NULL;
}

/* What a key of EVENT fills. */
enum key_type {
	KEY_TEXT,
	KEY_REST, /* text that may take the rest of the line */
	KEY_TIME,
	KEY_COUNT,
};

struct key {
	struct str name;
	enum key_type type;
	size_t at; /* offset in struct event */
};

#define KEY(literal, type, member)                      \
	{                                               \
		{ literal, sizeof(literal) - 1 }, type, \
			offsetof(struct event, member)  \
	}

static const struct key keys[] = {
	KEY("time", KEY_TIME, time),
	KEY("account", KEY_TEXT, account),
	KEY("service", KEY_TEXT, service),
	KEY("session", KEY_TEXT, session),
	KEY("helo", KEY_TEXT, helo),
	KEY("source", KEY_TEXT, source),
	KEY("tag", KEY_TEXT, tag),
	KEY("count", KEY_COUNT, count),
	KEY("detail", KEY_REST, detail),
};

static const struct key *
key_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (str_eq(keys[i].name, name))
			return &keys[i];
	}
	return NULL;
}

static const char *
set_key(const struct key *k, struct str value, struct event *ev)
{
	int64_t number;

	switch (k->type) {
	case KEY_TEXT:
	case KEY_REST: *(struct str *)((char *)ev + k->at) = value; return NULL;
	case KEY_TIME:
		if (num_parse(value, 1, INT64_C(253402300799), &ev->time) ||
			stamp_parse(value, &ev->time))
			return NULL;
		return "expected a time: seconds since 1970, or "
		       "2026-11-24T06:28:02Z";
	case KEY_COUNT:
		if (!num_parse(value, 1, 10000, &number))
			return "expected a count from 1 to 10000";
		ev->count = (uint32_t)number;
		ev->is_summary = number > 1;
		return NULL;
	}
	return NULL;
}

/* One "key=value"; @rest isn't empty. */
static const char *
parse_pair(struct str *rest, struct events_request *r)
{
	const struct key *k = NULL;
	struct str name, value;
	const char *expected;

	if (str_cut(*rest, '=', &name, rest))
		k = key_find(name);
	if (!k)
		return "expected time=, account=, service=, session=, helo=, "
		       "source=, tag=, count= or detail=";
	if (str_take(rest, S("\""))) {
		expected = take_quoted(rest, r, &value);
		if (expected)
			return expected;
	} else if (k->type == KEY_REST) {
		value = *rest;
		*rest = str_from(*rest, rest->n);
	} else {
		value = rest->n && is_blank(rest->p[0]) ? S("")
							: take_word(rest);
	}
	return set_key(k, value, &r->event);
}

static const char *
parse_event(struct str rest, struct events_request *r)
{
	const char *expected;

	r->event.count = 1;
	r->event.source = S("events");
	if (!event_kind_find(take_word(&rest), &r->event.kind))
		return "expected the name or number of a kind of event";
	if (!addr_parse(take_word(&rest), &r->event.addr))
		return expected_address;
	for (;;) {
		rest = skip_blanks(rest);
		if (rest.n == 0)
			return NULL;
		expected = parse_pair(&rest, r);
		if (expected)
			return expected;
	}
}

/* What follows the address of CONNECT isn't looked at. */
static const char *
parse_address(struct str rest, struct events_request *r)
{
	return addr_parse(take_word(&rest), &r->event.addr) ? NULL
							    : expected_address;
}

static const char *
parse_nothing(struct str rest, struct events_request *r)
{
	(void)r;
	return skip_blanks(rest).n ? "expected nothing behind this word" : NULL;
}

/* Control characters never come as they are: a terminal or log would show
 * what the client wants. */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

const char *
events_parse(struct str line, struct events_request *ret)
{
	static const struct {
		struct str name;
		const char *(*parse)(struct str rest, struct events_request *r);
	} verbs[EVENTS_VERBS] = {
		[EVENTS_CONNECT] = { { "CONNECT", 7 }, parse_address },
		[EVENTS_CHECK] = { { "CHECK", 5 }, parse_address },
		[EVENTS_EVENT] = { { "EVENT", 5 }, parse_event },
		[EVENTS_PING] = { { "PING", 4 }, parse_nothing },
		[EVENTS_QUIT] = { { "QUIT", 4 }, parse_nothing },
	};
	const char *expected;
	struct str word;

	ret->verb = EVENTS_VERBS;
	if (has_control(line))
		return "expected no control characters but in quotes, escaped";
	ret->event = (struct event){ 0 };
	ret->text_n = 0;
	word = take_word(&line);
	for (size_t i = 0; i < EVENTS_VERBS; i++) {
		if (!str_eq(word, verbs[i].name))
			continue;
		expected = verbs[i].parse(line, ret);
		if (!expected)
			ret->verb = (enum events_verb)i;
		return expected;
	}
	return "expected CONNECT, CHECK, EVENT, PING or QUIT";
}

void
events_block(struct buf *out, int64_t left_s, struct str text)
{
	buf_add(out, S("BLOCK "));
	num_add(out, left_s);
	buf_addc(out, ' ');
	buf_add(out, text);
	buf_addc(out, '\n');
}

void
events_error(struct buf *out, const char *expected)
{
	buf_add(out, S("ERR "));
	buf_add(out, str_of(expected));
	buf_addc(out, '\n');
}
