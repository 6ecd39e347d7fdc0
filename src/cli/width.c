/* SPDX-License-Identifier: ISC */

#include "cli/width.h"

#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"

void
width_init(void)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* The first character: its columns, and its bytes in @ret_n. */
static size_t
first(struct str s, size_t *ret_n)
{
	uint32_t code;
	size_t n = utf8_decode(s, &code);
	int columns = n ? wcwidth((wchar_t)code) : 1;

	*ret_n = n ? n : 1;
	return columns < 0 ? 1 : (size_t)columns;
}

size_t
width_of(struct str s)
{
	size_t columns = 0, n;

	for (; s.n; s = str_from(s, n))
		columns += first(s, &n);
	return columns;
}

struct str
width_cut(struct str s, size_t width)
{
	struct str rest = s;
	size_t n;

	while (rest.n) {
		size_t columns = first(rest, &n);

		if (columns > width)
			break;
		width -= columns;
		rest = str_from(rest, n);
	}
	return (struct str){ s.p, s.n - rest.n };
}
