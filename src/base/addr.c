/* SPDX-License-Identifier: ISC */

#include "base/addr.h"

#include "base/num.h"

static const uint8_t v4_head[12] = { [10] = 0xff, [11] = 0xff };
static const uint8_t nat64_head[12] = { 0x00, 0x64, 0xff, 0x9b };

void
addr_canonical(struct addr *a)
{
	if (memcmp(a->b, nat64_head, sizeof(nat64_head)) == 0)
		memcpy(a->b, v4_head, sizeof(v4_head));
}

/* "192.0.2.1": four numbers 0 … 255, no leading zeros, nothing else. */
static bool
parse_v4(struct str s, uint8_t ret[4])
{
	const char *p = s.p, *end = p + s.n;

	for (unsigned part = 0; part < 4; part++) {
		if (part && (p == end || *p++ != '.'))
			return false;
		const char *first = p;
		unsigned value = 0, digit;

		for (; p < end && (digit = (unsigned)(*p - '0')) <= 9; p++) {
			value = value * 10 + digit;
			if (value > 255)
				return false;
		}
		if (p == first || (*first == '0' && p - first > 1))
			return false;
		ret[part] = (uint8_t)value;
	}
	return p == end;
}

/* Where an IPv6 text stands: groups so far and where "::" was. */
struct v6 {
	uint8_t b[16];
	unsigned n; /* bytes in use */
	int gap;    /* byte offset of "::", or -1 */
};

static bool
take_group(struct v6 *v, struct str group, bool is_last)
{
	uint64_t value;

	if (is_last && group.n > 4 && v->n <= 12 &&
		parse_v4(group, v->b + v->n)) {
		v->n += 4;
		return true;
	}
	if (group.n > 4 || v->n > 14 || !num_parse_hex(group, &value))
		return false;
	v->b[v->n++] = (uint8_t)(value >> 8);
	v->b[v->n++] = (uint8_t)value;
	return true;
}

static bool
take_groups(struct v6 *v, struct str s)
{
	while (s.n) {
		struct str group, rest;
		bool more = str_cut(s, ':', &group, &rest);

		if (!take_group(v, group, !more))
			return false;
		if (more && rest.n == 0)
			return false; /* a single ':' at the end */
		if (rest.n && rest.p[0] == ':') {
			if (v->gap >= 0)
				return false;
			v->gap = (int)v->n;
			rest = str_from(rest, 1);
			if (rest.n && rest.p[0] == ':')
				return false;
		}
		s = rest;
	}
	return true;
}

static bool
parse_v6(struct str s, uint8_t ret[16])
{
	struct v6 v = { .gap = -1 };

	if (s.n < 2 || s.n > 45)
		return false;
	if (str_take(&s, S("::")))
		v.gap = 0;
	if (s.n && s.p[0] == ':')
		return false;
	if (!take_groups(&v, s))
		return false;
	if (v.gap < 0 ? v.n != 16 : v.n > 14)
		return false;
	memset(ret, 0, 16);
	if (v.gap < 0) {
		memcpy(ret, v.b, 16);
		return true;
	}
	unsigned head = (unsigned)v.gap, tail = v.n - head;
	memcpy(ret, v.b, head);
	memcpy(ret + 16 - tail, v.b + head, tail);
	return true;
}

bool
addr_parse(struct str s, struct addr *ret)
{
	struct addr a;

	memcpy(a.b, v4_head, sizeof(v4_head));
	if (!parse_v4(s, a.b + 12)) {
		if (!parse_v6(s, a.b))
			return false;
		addr_canonical(&a);
	}
	*ret = a;
	return true;
}

static char *
put_octet(char *at, unsigned v)
{
	if (v >= 100)
		*at++ = (char)('0' + v / 100);
	if (v >= 10)
		*at++ = (char)('0' + v / 10 % 10);
	*at++ = (char)('0' + v % 10);
	return at;
}

static void
add_v4(struct buf *b, const uint8_t v4[4])
{
	char *begin = buf_room(b, sizeof("255.255.255.255")), *at = begin;

	for (int i = 0; i < 4; i++) {
		at = put_octet(at, v4[i]);
		*at++ = '.';
	}
	b->n += (size_t)(at - begin) - 1;
}

static unsigned
group(const struct addr *a, int i)
{
	return (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

/* The longest run of two or more zero groups, the first of equals. */
static int
longest_gap(const struct addr *a, int *ret_len)
{
	int best = -1, best_len = 1;

	for (int i = 0; i < 8; i++) {
		int len = 0;

		while (i + len < 8 && group(a, i + len) == 0)
			len++;
		if (len > best_len) {
			best = i;
			best_len = len;
		}
		i += len;
	}
	*ret_len = best_len;
	return best;
}

static void
add_group(struct buf *b, unsigned value)
{
	static const char digits[] = "0123456789abcdef";
	bool started = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned d = value >> shift & 15;

		if (d || started || shift == 0) {
			buf_addc(b, digits[d]);
			started = true;
		}
	}
}

void
addr_add(struct buf *b, const struct addr *a)
{
	int len, gap;

	if (addr_is_v4(a)) {
		add_v4(b, a->b + 12);
		return;
	}
	gap = longest_gap(a, &len);
	for (int i = 0; i < 8; i++) {
		if (i == gap) {
			buf_add(b, S("::"));
			i += len - 1;
			continue;
		}
		if (i && i != gap + len)
			buf_addc(b, ':');
		else if (i && gap < 0)
			buf_addc(b, ':');
		add_group(b, group(a, i));
	}
}

const char *
addr_format(const struct addr *a, char text[ADDR_TEXT_MAX])
{
	struct prefix p = { *a, ADDR_BITS };
	char longer[PREFIX_TEXT_MAX];

	prefix_format(&p, longer);
	memcpy(text, longer, ADDR_TEXT_MAX);
	text[ADDR_TEXT_MAX - 1] = '\0';
	return text;
}

struct prefix
addr_prefix(const struct addr *a, unsigned len)
{
	struct prefix p = { *a, (uint8_t)len };

	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = len > i * 8 ? len - i * 8 : 0;

		if (keep < 8)
			p.addr.b[i] &= (uint8_t)(0xff00 >> keep);
	}
	return p;
}

static bool
parse_len(struct str s, const struct addr *a, unsigned *ret)
{
	unsigned base = addr_is_v4(a) ? ADDR_V4_BITS : 0;
	int64_t len;

	if (s.n > 3 || (s.n > 1 && s.p[0] == '0') ||
		!num_parse(s, 0, ADDR_BITS - base, &len))
		return false;
	*ret = base + (unsigned)len;
	return true;
}

/* "::ffff:192.0.2.0/120" counts its bits in IPv6, not in IPv4. */
static bool
is_v6_text(struct str s)
{
	return memchr(s.p, ':', s.n) != NULL;
}

bool
prefix_parse(struct str s, struct prefix *ret, struct err *err)
{
	struct str host, bits;
	struct addr a;
	unsigned len = ADDR_BITS;
	bool has_len = s.n && str_cut(s, '/', &host, &bits);

	if (s.n == 0)
		return err_set(err, "address or CIDR expected"), false;
	if (!addr_parse(host, &a)) {
		err_set(err,
			"\"%.*s\" is no address or CIDR, expected for example "
			"192.0.2.1, 192.0.2.0/24 or 2001:db8::/32",
			(int)(s.n < 80 ? s.n : 80), s.p);
		return false;
	}
	if (has_len && is_v6_text(host) && addr_is_v4(&a)) {
		int64_t v;

		if (!num_parse(bits, ADDR_V4_BITS, ADDR_BITS, &v))
			return err_set(err, "a length of 96 to 128 expected "
					    "behind an IPv4-mapped address"),
			       false;
		len = (unsigned)v;
	} else if (has_len && !parse_len(bits, &a, &len)) {
		err_set(err, "a length of 0 to %d expected behind the \"/\"",
			addr_is_v4(&a) ? 32 : 128);
		return false;
	}
	struct prefix p = addr_prefix(&a, len);
	if (!addr_eq(&p.addr, &a)) {
		char text[PREFIX_TEXT_MAX];

		err_set(err,
			"%.*s has bits behind its length; did you mean %s?",
			(int)(s.n < 80 ? s.n : 80), s.p,
			prefix_format(&p, text));
		return false;
	}
	*ret = p;
	return true;
}

void
prefix_add(struct buf *b, const struct prefix *p)
{
	unsigned base = 0;

	/* A prefix shorter than ::ffff:0:0/96 is no IPv4, whatever its bits. */
	if (p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr))
		base = ADDR_V4_BITS;
	addr_add(b, &p->addr);
	if (p->len == ADDR_BITS)
		return;
	buf_addc(b, '/');
	num_add(b, p->len - base);
}

const char *
prefix_format(const struct prefix *p, char text[PREFIX_TEXT_MAX])
{
	/* A fixed buffer: the text never exceeds PREFIX_TEXT_MAX - 1. */
	struct buf b = { text, 0, PREFIX_TEXT_MAX };

	prefix_add(&b, p);
	text[b.n] = '\0';
	return text;
}

static bool
prefix_is_v4(const struct prefix *p)
{
	return p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);
}

bool
prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
	if (inner->len < outer->len ||
		prefix_is_v4(outer) != prefix_is_v4(inner))
		return false;
	struct prefix cut = addr_prefix(&inner->addr, outer->len);
	return addr_eq(&cut.addr, &outer->addr);
}

bool
prefix_eq(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_eq(&a->addr, &b->addr);
}
