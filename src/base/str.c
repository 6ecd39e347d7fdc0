/* SPDX-License-Identifier: ISC */

#include "base/str.h"

struct str
str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
str_eq_case(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	}
	return true;
}

bool
str_cut(struct str s, char sep, struct str *ret_head, struct str *ret_tail)
{
	const char *at = s.n ? memchr(s.p, sep, s.n) : NULL;

	if (!at) {
		*ret_head = s;
		*ret_tail = (struct str){ s.p + s.n, 0 };
		return false;
	}
	size_t head = (size_t)(at - s.p);
	*ret_head = (struct str){ s.p, head };
	*ret_tail = (struct str){ at + 1, s.n - head - 1 };
	return true;
}

ptrdiff_t
str_find(struct str s, struct str what)
{
	const char *at = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;

	return at ? at - s.p : -1;
}

ptrdiff_t
str_rfind(struct str s, struct str what)
{
	for (size_t end = s.n; end >= what.n; end--) {
		const char *last = memrchr(s.p, what.p[0], end - what.n + 1);

		if (!last)
			return -1;
		if (memcmp(last, what.p, what.n) == 0)
			return last - s.p;
		end = (size_t)(last - s.p) + what.n;
	}
	return -1;
}

struct str
str_trim(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_from(s, 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}
