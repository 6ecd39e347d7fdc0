/* SPDX-License-Identifier: ISC */

#include "base/num.h"

#define SPAN_MAX_S (INT64_C(999999999) * 60)

bool
num_parse(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	bool minus = min < 0 && s.n > 1 && s.p[0] == '-';
	int64_t v = 0;

	if (minus)
		s = str_from(s, 1);
	if (s.n == 0 || s.n > 19)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 || v > (INT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (minus)
		v = -v;
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
num_parse_hex(struct str s, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 16)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int digit = hex_digit(s.p[i]);

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*ret = v;
	return true;
}

void
num_add(struct buf *b, int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	size_t n = 1;

	for (uint64_t least = 10; u >= least && n < 19; least *= 10)
		n++;
	if (v < 0)
		buf_addc(b, '-');
	/* Straight to its place, from the end. */
	char *at = (b->cap - b->n < n ? buf_room(b, n) : b->p + b->n) + n;
	b->n += n;
	do {
		*--at = (char)('0' + u % 10);
		u /= 10;
	} while (u);
}

static const struct {
	char name;
	int64_t span_s;
} units[] = {
	{ 'w', 604800 },
	{ 'd', 86400 },
	{ 'h', 3600 },
	{ 'm', 60 },
	{ 's', 1 },
};

static int64_t
unit_of(char name)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (units[i].name == name)
			return units[i].span_s;
	}
	return 0;
}

bool
num_parse_span(struct str s, int64_t unit_s, int64_t *ret)
{
	int64_t sum = 0, v, smallest = INT64_MAX;

	if (num_parse(s, 0, SPAN_MAX_S / unit_s, &v)) {
		*ret = v * unit_s;
		return true;
	}
	while (s.n) {
		size_t n = 0;

		while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			n++;
		int64_t unit = n < s.n ? unit_of(s.p[n]) : 0;
		struct str digits = { s.p, n };

		if (!unit || unit >= smallest ||
			!num_parse(digits, 0, SPAN_MAX_S / unit, &v))
			return false;
		sum += v * unit;
		smallest = unit;
		s = str_from(s, n + 1);
	}
	if (smallest == INT64_MAX || sum > SPAN_MAX_S)
		return false;
	*ret = sum;
	return true;
}

void
num_add_span(struct buf *b, int64_t span_s)
{
	if (span_s == 0)
		buf_add(b, S("0s"));
	/* Weeks are read, but not written: "14d" says it better. */
	for (size_t i = 1; i < ARRAY_LEN(units); i++) {
		int64_t n = span_s / units[i].span_s;

		if (n == 0)
			continue;
		num_add(b, n);
		buf_addc(b, units[i].name);
		span_s -= n * units[i].span_s;
	}
}
