/* SPDX-License-Identifier: ISC */

#include "hooks/ids_log/format.h"

#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"

static void
add_time(struct buf *b, const struct event *ev, enum event_kind kind)
{
	(void)kind;
	stamp_add(b, ev->time);
}

static void
add_address(struct buf *b, const struct event *ev, enum event_kind kind)
{
	(void)kind;
	addr_add(b, &ev->addr);
}

static void
add_number(struct buf *b, const struct event *ev, enum event_kind kind)
{
	(void)ev;
	num_add(b, kind);
}

static void
add_name(struct buf *b, const struct event *ev, enum event_kind kind)
{
	(void)ev;
	buf_add(b, str_of(event_types[kind].id));
}

static void
add_detail(struct buf *b, const struct event *ev, enum event_kind kind)
{
	struct str s = ev->detail;

	(void)kind;
	if (s.n > EVENT_DETAIL_MAX)
		s.n = EVENT_DETAIL_MAX;
	utf8_add_safe(b, s);
}

static void
add_percent(struct buf *b, const struct event *ev, enum event_kind kind)
{
	(void)ev;
	(void)kind;
	buf_addc(b, '%');
}

static const struct directive {
	char letter;
	void (*add)(
		struct buf *b, const struct event *ev, enum event_kind kind);
} directives[] = {
	{ 'T', add_time },
	{ 'I', add_address },
	{ 'e', add_number },
	{ 'E', add_name },
	{ 'D', add_detail },
	{ '%', add_percent },
};

static const struct directive *
directive_find(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(directives); i++) {
		if (directives[i].letter == letter)
			return &directives[i];
	}
	return NULL;
}

int
format_check(struct str f, struct err *err)
{
	static const char expected[] = "expected %T, %I, %e, %E, %D or %%";
	size_t at;

	if (f.n == 0)
		return err_set(err, "a format is empty; %s", expected);
	for (at = 0; at < f.n; at++) {
		if ((unsigned char)f.p[at] < ' ')
			return err_set(err, "a format is one line of text");
		if (f.p[at] != '%')
			continue;
		if (++at == f.n)
			return err_set(err, "\"%%\" at the end: %s", expected);
		if (!directive_find(f.p[at]))
			return err_set(err, "\"%%%c\": %s", f.p[at], expected);
	}
	return 0;
}

void
format_add(struct buf *b, struct str f, const struct event *ev,
	enum event_kind kind)
{
	for (size_t at = 0; at < f.n; at++) {
		if (f.p[at] == '%')
			directive_find(f.p[++at])->add(b, ev, kind);
		else
			buf_addc(b, f.p[at]);
	}
	buf_addc(b, '\n');
}
