/* SPDX-License-Identifier: ISC */

#include "daemon/conf_text.h"

#include <string.h>

/* Take @n bytes on: as they are, or as blanks. */
static void
take(struct conf_text *t, struct str *rest, size_t n, bool is_comment)
{
	for (size_t i = 0; i < n; i++) {
		char c = rest->p[i];

		t->line += c == '\n';
		buf_addc(&t->text, is_comment && c != '\n' ? ' ' : c);
	}
	*rest = str_from(*rest, n);
}

static size_t
quoted_len(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] != s.p[0])
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

/* Up to @end, with it or without. */
static size_t
len_until(struct str s, struct str end, bool is_with)
{
	ptrdiff_t at = str_find(s, end);

	return at < 0 ? s.n : (size_t)at + (is_with ? end.n : 0);
}

/* How long the comment is that begins here; 0: it is none.  Within a word
 * only '#' begins one. */
static size_t
comment_len(struct str s, bool is_in_word)
{
	if (*s.p == '#' || (!is_in_word && str_starts(s, S("//"))))
		return len_until(s, S("\n"), false);
	if (!is_in_word && str_starts(s, S("/*")))
		return len_until(s, S("*/"), true);
	return 0;
}

static void
brace_open(struct conf_text *t)
{
	if (t->open_n < CONF_BRACES_MAX)
		t->open[t->open_n] = t->line;
	t->open_n++;
}

static void
brace_close(struct conf_text *t)
{
	if (t->open_n == 0)
		return;
	if (--t->open_n > 0 || t->sections_n == CONF_SECTIONS_MAX * 2)
		return;
	t->sections[t->sections_n].first = t->open[0];
	t->sections[t->sections_n++].last = t->line;
}

void
conf_text_read(struct conf_text *ret, struct str text)
{
	bool is_in_word = false;

	ret->line = 1;
	while (text.n) {
		size_t n = comment_len(text, is_in_word);
		char c = *text.p;

		is_in_word = n == 0 && !memchr(" \t\r\n{}()=,+\"'", c, 13);
		if (n) {
			take(ret, &text, n, true);
			continue;
		}
		if (c == '{')
			brace_open(ret);
		else if (c == '}')
			brace_close(ret);
		n = c == '"' || c == '\'' ? quoted_len(text) : 1;
		take(ret, &text, n < text.n ? n : text.n, false);
	}
}

unsigned
conf_text_first(const struct conf_text *t, unsigned last)
{
	for (unsigned i = 0; i < t->sections_n; i++)
		if (t->sections[i].last == last)
			return t->sections[i].first;
	return last;
}

unsigned
conf_text_open(const struct conf_text *t)
{
	if (t->open_n == 0)
		return 0;
	return t->open[t->open_n < CONF_BRACES_MAX ? t->open_n - 1
						   : CONF_BRACES_MAX - 1];
}
