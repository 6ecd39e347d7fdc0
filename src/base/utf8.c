/* SPDX-License-Identifier: ISC */

#include "base/utf8.h"

#include <stdbool.h>

#include "base/def.h"

static const struct {
	unsigned char mask, lead;
	unsigned char n;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

size_t
utf8_decode(struct str s, uint32_t *ret_code)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t f = 0;

	while (f < ARRAY_LEN(forms) && (c & forms[f].mask) != forms[f].lead)
		f++;
	if (f == ARRAY_LEN(forms) || forms[f].n > s.n)
		return 0;
	uint32_t code = c & (unsigned char)~forms[f].mask;
	for (size_t i = 1; i < forms[f].n; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	if (code < forms[f].least || code > 0x10ffff ||
		(code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return forms[f].n;
}

/* Could it move the cursor, turn the reading direction, or hide? */
static bool
is_hostile(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '\\' ||
	       code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       code == 0xad || code == 0x180e || code == 0x3164 ||
	       (code >= 0xfff9 && code <= 0xfffb) ||
	       (code >= 0xe0000 && code <= 0xe0fff);
}

void
utf8_add_safe(struct buf *b, struct str s)
{
	while (s.n) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);

		if (n == 0 || (n == 1 && is_hostile(code)))
			buf_printf(b, "\\x%02x", (unsigned char)s.p[0]);
		else if (is_hostile(code))
			buf_printf(b, "\\u{%x}", (unsigned)code);
		else
			buf_add(b, (struct str){ s.p, n });
		s = str_from(s, n ? n : 1);
	}
}
