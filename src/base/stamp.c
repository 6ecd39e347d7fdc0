/* SPDX-License-Identifier: ISC */

#include "base/stamp.h"

#include "base/num.h"

#define DAY_S 86400

/* Source: the proleptic Gregorian calendar, counted from 1 March so that
 * the leap day is a year's last. */
int64_t
stamp_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	       1 - 719468;
}

int64_t
stamp_of(const struct civil *c)
{
	return stamp_days(c->year, c->month, c->day) * DAY_S + c->hour * 3600 +
	       c->minute * 60 + c->second;
}

struct civil
stamp_civil(int64_t t)
{
	int64_t days = t / DAY_S, rest = t % DAY_S;

	if (rest < 0) {
		rest += DAY_S;
		days--;
	}
	int64_t z = days + 719468;
	int64_t era = z / 146097, doe = z % 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
	};
}

/* A number of exactly @n digits at the head of @s. */
static bool
take_digits(struct str *s, size_t n, int min, int max, int *ret)
{
	struct str digits = { s->p, n };
	int64_t v;

	if (s->n < n || !num_parse(digits, min, max, &v))
		return false;
	*s = str_from(*s, n);
	*ret = (int)v;
	return true;
}

static bool
take_zone(struct str *s, int *ret_offset_s)
{
	int hours, minutes, sign = s->n && s->p[0] == '-' ? -1 : 1;

	if (str_take(s, S("Z")) || str_take(s, S("z"))) {
		*ret_offset_s = 0;
		return true;
	}
	if (!str_take(s, S("+")) && !str_take(s, S("-")))
		return false;
	if (!take_digits(s, 2, 0, 23, &hours))
		return false;
	str_take(s, S(":"));
	if (!take_digits(s, 2, 0, 59, &minutes))
		return false;
	*ret_offset_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool
stamp_parse(struct str s, int64_t *ret)
{
	struct civil c;
	int offset_s;

	if (!take_digits(&s, 4, 1, 9999, &c.year) || !str_take(&s, S("-")) ||
		!take_digits(&s, 2, 1, 12, &c.month) || !str_take(&s, S("-")) ||
		!take_digits(&s, 2, 1, 31, &c.day))
		return false;
	if (!str_take(&s, S("T")) && !str_take(&s, S(" ")) &&
		!str_take(&s, S("t")))
		return false;
	if (!take_digits(&s, 2, 0, 23, &c.hour) || !str_take(&s, S(":")) ||
		!take_digits(&s, 2, 0, 59, &c.minute) ||
		!str_take(&s, S(":")) || !take_digits(&s, 2, 0, 60, &c.second))
		return false;
	if (str_take(&s, S("."))) {
		while (s.n && s.p[0] >= '0' && s.p[0] <= '9')
			s = str_from(s, 1);
	}
	if (!take_zone(&s, &offset_s) || s.n)
		return false;
	*ret = stamp_of(&c) - offset_s;
	return true;
}

static void
add_two(struct buf *b, char before, int v)
{
	buf_addc(b, before);
	buf_addc(b, (char)('0' + v / 10));
	buf_addc(b, (char)('0' + v % 10));
}

void
stamp_add(struct buf *b, int64_t t)
{
	struct civil c = stamp_civil(t);

	buf_addc(b, (char)('0' + c.year / 1000));
	buf_addc(b, (char)('0' + c.year / 100 % 10));
	buf_addc(b, (char)('0' + c.year / 10 % 10));
	buf_addc(b, (char)('0' + c.year % 10));
	add_two(b, '-', c.month);
	add_two(b, '-', c.day);
	add_two(b, 'T', c.hour);
	add_two(b, ':', c.minute);
	add_two(b, ':', c.second);
	buf_addc(b, 'Z');
}
