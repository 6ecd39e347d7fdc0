/* SPDX-License-Identifier: ISC */

#include "base/json.h"

#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"

static void
separate(struct json *j)
{
	if (j->comma)
		buf_addc(j->b, ',');
	j->comma = true;
}

void
json_open(struct json *j, char bracket)
{
	separate(j);
	buf_addc(j->b, bracket);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	buf_addc(j->b, bracket);
	j->comma = true;
}

void
json_key(struct json *j, const char *name)
{
	separate(j);
	buf_addc(j->b, '"');
	buf_add(j->b, str_of(name));
	buf_add(j->b, S("\":"));
	j->comma = false;
}

static void
add_escape(struct buf *b, unsigned code)
{
	static const char digits[] = "0123456789abcdef";

	switch (code) {
	case '"': buf_add(b, S("\\\"")); return;
	case '\\': buf_add(b, S("\\\\")); return;
	case '\n': buf_add(b, S("\\n")); return;
	case '\r': buf_add(b, S("\\r")); return;
	case '\t': buf_add(b, S("\\t")); return;
	default: break;
	}
	buf_add(b, S("\\u"));
	for (int shift = 12; shift >= 0; shift -= 4)
		buf_addc(b, digits[code >> shift & 15]);
}

/* One character that isn't plain; returns its length [bytes]. */
static size_t
add_special(struct buf *b, struct str s)
{
	uint32_t code;
	size_t n = utf8_decode(s, &code);

	if (n == 0) {
		buf_add(b, S("\xef\xbf\xbd"));
		return 1;
	}
	if (n == 1 || code == 0x2028 || code == 0x2029)
		add_escape(b, code);
	else
		buf_add(b, (struct str){ s.p, n });
	return n;
}

/* Sixteen bytes that are treated alike, signed. */
typedef signed char lane_bytes __attribute__((vector_size(16)));
typedef uint64_t lane_words __attribute__((vector_size(16)));

/* Are all plain?  Signed, what isn't ASCII is below ' '; one up, DEL is,
 * too. */
static inline bool
lane_is_plain(lane_bytes b)
{
	lane_words special = (lane_words)((b + 1 <= 0x20) | (b == '"') |
					  (b == '\\'));

	return (special[0] | special[1]) == 0;
}

/* Copy plain bytes to @to, where there is room for all of @s; returns how
 * many stand at its beginning.  Sixteen at a time: nearly all that is ever
 * written is plain.  The last sixteen may overlap. */
static size_t
plain_copy(char *to, struct str s)
{
	const size_t lane = sizeof(lane_bytes);
	lane_bytes b;
	size_t n = 0;

	for (; n + lane <= s.n; n += lane) {
		memcpy(&b, s.p + n, lane);
		if (!lane_is_plain(b))
			break;
		memcpy(to + n, &b, lane);
	}
	if (n && n + lane > s.n) {
		memcpy(&b, s.p + s.n - lane, lane);
		memcpy(to + s.n - lane, &b, lane);
		if (lane_is_plain(b))
			return s.n;
	}
	for (; n < s.n && json_is_plain((unsigned char)s.p[n]); n++)
		to[n] = s.p[n];
	return n;
}

void
json_quote(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	while (s.n) {
		if (UNLIKELY(b->cap - b->n < s.n))
			buf_room(b, s.n);
		size_t plain = plain_copy(b->p + b->n, s);

		b->n += plain;
		s = str_from(s, plain);
		if (s.n)
			s = str_from(s, add_special(b, s));
	}
	buf_addc(b, '"');
}

void
json_str(struct json *j, struct str s)
{
	separate(j);
	json_quote(j->b, s);
}

void
json_int(struct json *j, int64_t v)
{
	separate(j);
	num_add(j->b, v);
}

void
json_bool(struct json *j, bool v)
{
	separate(j);
	buf_add(j->b, v ? S("true") : S("false"));
}

void
json_null(struct json *j)
{
	separate(j);
	buf_add(j->b, S("null"));
}

void
json_time(struct json *j, int64_t t)
{
	separate(j);
	buf_addc(j->b, '"');
	stamp_add(j->b, t);
	buf_addc(j->b, '"');
}
