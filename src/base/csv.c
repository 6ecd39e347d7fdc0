/* SPDX-License-Identifier: ISC */
#include "base/csv.h"

static bool
is_formula(struct str s)
{
	return s.n && memchr("=+-@\t\r", *s.p, 6);
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr(",\"\r\n", s.p[i], 4))
			return false;
	return !is_formula(s);
}

void
csv_add(struct buf *b, struct str s)
{
	if (is_plain(s)) {
		buf_add(b, s);
		return;
	}
	buf_addc(b, '"');
	if (is_formula(s))
		buf_addc(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, '"');
}
