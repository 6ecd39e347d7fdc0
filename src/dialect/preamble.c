/* SPDX-License-Identifier: ISC */
#include "dialect/preamble.h"

#include <string.h>

#include "base/def.h"
#include "dialect/when.h"

enum {
	DAY_S = 86400,
	RFC3164_N = 15, /* "Nov 24 03:03:04" */
	ISO_N = 19,	/* "2026-11-24T03:03:04" */
	PID_DIGITS = 9, /* more are no pid */
};

/* Two digits, or -1; a blank may stand for the first one. */
static int
two_read(const char *p)
{
	int tens = *p == ' ' ? 0 : p[0] - '0';
	int ones = p[1] - '0';

	if (tens < 0 || tens > 9 || ones < 0 || ones > 9)
		return -1;
	return tens * 10 + ones;
}

/* "03:03:04" */
static bool
clock_read(const char *p, struct civil *c)
{
	c->hour = two_read(p);
	c->minute = two_read(p + 3);
	c->second = two_read(p + 6);
	return c->hour >= 0 && c->hour <= 23 && c->minute >= 0 &&
	       c->minute <= 59 && c->second >= 0 && c->second <= 60 &&
	       p[2] == ':' && p[5] == ':';
}

static int
month_read(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(p, names + 3 * (size_t)i, 3) == 0)
			return i + 1;
	return 0;
}

/* The 29th of February is no day of most years. */
static bool
is_day(const struct civil *c)
{
	return stamp_days(c->year, c->month, c->day) <
	       stamp_days(c->year + c->month / 12, c->month % 12 + 1, 1);
}

/* Local civil time, as if it were UTC, to seconds since 1970. */
static int64_t
zone_utc(const struct zone *z, int64_t local)
{
	unsigned i = z->n;

	if (!z->n)
		return local;
	while (i > 1 && z->steps[i - 1].from_local > local)
		i--;
	return local - z->steps[i - 1].offset_s;
}

/* The newest year in which the date is a day and isn't more than a day
 * behind @arrival.  Eight years back there was a leap year. */
static bool
year_guess(const struct zone *z, int64_t arrival, struct civil *c, int64_t *ret)
{
	int year = stamp_civil(arrival).year + 1;

	for (int back = 0; back <= 9; back++) {
		c->year = year - back;
		if (!is_day(c))
			continue;
		*ret = zone_utc(z, stamp_of(c));
		if (*ret <= arrival + DAY_S)
			return true;
	}
	return false;
}

static bool
rfc3164_read(struct preamble *p, const char *s, int64_t arrival)
{
	struct civil c = { .month = month_read(s), .day = two_read(s + 4) };
	int64_t t;

	if (!c.month || c.day < 1 || c.day > 31 || !clock_read(s + 7, &c) ||
		!year_guess(&p->zone, arrival, &c, &t))
		return false;
	p->time = t;
	p->arrival = arrival / DAY_S;
	return true;
}

/* "+01:00", "+0100", "Z", or nothing: bytes it takes, or -1. */
static int
offset_read(struct str s, int *ret_s)
{
	int hours, minutes, n;

	*ret_s = 0;
	if (s.n && *s.p == 'Z')
		return 1;
	if (s.n < 5 || (*s.p != '+' && *s.p != '-'))
		return 0;
	n = s.n >= 6 && s.p[3] == ':' ? 6 : 5;
	hours = two_read(s.p + 1);
	minutes = two_read(s.p + n - 2);
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return -1;
	*ret_s = (hours * 60 + minutes) * (*s.p == '-' ? -60 : 60);
	return n;
}

/* @zone stands behind the fraction. */
static bool
iso_read(struct preamble *p, const char *s, struct str zone)
{
	struct civil c = { .year = two_read(s) * 100 + two_read(s + 2),
		.month = two_read(s + 5),
		.day = two_read(s + 8) };
	int offset;

	if (c.year < 1970 || c.month < 1 || c.month > 12 || c.day < 1 ||
		!is_day(&c) || !clock_read(s + 11, &c) ||
		offset_read(zone, &offset) != (int)zone.n)
		return false;
	p->time = zone.n ? stamp_of(&c) - offset
			 : zone_utc(&p->zone, stamp_of(&c));
	p->arrival = -1;
	return true;
}

/* Remember the text of the time that has just been read. */
static void
stamp_keep(struct preamble *p, struct str stamp, struct str zone)
{
	p->stamp_n = 0;
	if (stamp.n + zone.n > sizeof(p->stamp))
		return;
	memcpy(p->stamp, stamp.p, stamp.n);
	if (zone.n)
		memcpy(p->stamp + stamp.n, zone.p, zone.n);
	p->stamp_n = (unsigned)(stamp.n + zone.n);
}

static inline bool
stamp_same(const struct preamble *p, struct str stamp, struct str zone)
{
	return p->stamp_n == stamp.n + zone.n &&
	       memcmp(p->stamp, stamp.p, stamp.n) == 0 &&
	       (!zone.n || memcmp(p->stamp + stamp.n, zone.p, zone.n) == 0);
}

/* "Nov 24 03:03:04 " */
static bool
rfc3164_take(struct preamble *p, struct str *s, int64_t arrival)
{
	struct str stamp = { s->p, RFC3164_N };

	if (s->n <= RFC3164_N || s->p[RFC3164_N] != ' ' || s->p[3] != ' ' ||
		s->p[6] != ' ')
		return false;
	if (!stamp_same(p, stamp, (struct str){ 0 }) ||
		p->arrival != arrival / DAY_S) {
		p->stamp_n = 0;
		if (!rfc3164_read(p, s->p, arrival))
			return false;
		stamp_keep(p, stamp, (struct str){ 0 });
	}
	*s = str_from(*s, RFC3164_N + 1);
	return true;
}

/* "2026-11-24T03:03:04.123456+01:00 ", 'T' or a blank, the rest optional. */
static bool
iso_take(struct preamble *p, struct str *s)
{
	struct str stamp = { s->p, ISO_N };
	struct str zone;
	size_t from = ISO_N, to;

	if (s->n <= ISO_N || s->p[4] != '-' || s->p[7] != '-' ||
		(s->p[10] != 'T' && s->p[10] != ' '))
		return false;
	if (s->p[from] == '.' || s->p[from] == ',')
		for (from++; from < s->n && s->p[from] >= '0' &&
			     from < ISO_N + 12 && s->p[from] <= '9';)
			from++;
	for (to = from; to < s->n && to < from + 8 && s->p[to] != ' ';)
		to++;
	if (to >= s->n || s->p[to] != ' ')
		return false;
	zone = (struct str){ s->p + from, to - from };
	if (!stamp_same(p, stamp, zone)) {
		p->stamp_n = 0;
		if (!iso_read(p, s->p, zone))
			return false;
		stamp_keep(p, stamp, zone);
	}
	*s = str_from(*s, to + 1);
	return true;
}

/* The number in front of @s's last byte, a ']', behind '['; cut off. */
static bool
pid_cut(struct str *s, uint32_t *ret)
{
	const char *last = s->p + s->n - 1, *p = last;
	uint32_t pid = 0;

	while (p > s->p && (unsigned char)(p[-1] - '0') <= 9)
		p--;
	if (p == s->p || p[-1] != '[' || last - p > PID_DIGITS)
		return false;
	s->n = (size_t)(p - 1 - s->p);
	for (; p < last; p++)
		pid = pid * 10 + (uint32_t)(*p - '0');
	*ret = pid;
	return true;
}

/* "prog[123]:" or "prog:" */
static bool
tag_read(struct str tag, struct line *ret)
{
	if (tag.n < 2 || tag.p[tag.n - 1] != ':')
		return false;
	tag.n--;
	if (tag.p[tag.n - 1] == ']' && !pid_cut(&tag, &ret->pid))
		return false;
	ret->program = tag;
	return tag.n > 0;
}

/* The first word of @s, cut off with its blank. */
static inline struct str
word_cut(struct str *s)
{
	const char *blank = s->n ? memchr(s->p, ' ', s->n) : NULL;
	struct str word = { s->p, blank ? (size_t)(blank - s->p) : s->n };
	size_t n = word.n + (blank != NULL);

	s->p += n;
	s->n -= n;
	return word;
}

/* Where syslog has its host, Dovecot's own log has "imap(user)<1><x>:", and
 * a user may be called anything. */
static inline bool
is_host(struct str s)
{
	return s.n && !memchr(s.p, '(', s.n);
}

/* Remember "time host ", all of @whole up to @rest. */
static void
head_keep(struct preamble *p, struct str whole, struct str rest, size_t host_n)
{
	size_t n = whole.n - rest.n;

	if (n > sizeof(p->head) || whole.p[n - 1] != ' ')
		return;
	memcpy(p->head, whole.p, n);
	p->head_n = (unsigned)n;
	p->host_n = (unsigned)host_n;
}

/* The time and host of the line before, as in nearly every line. */
static inline bool
head_take(struct preamble *p, struct str *s, int64_t arrival, struct line *ret)
{
	if (!p->head_n || s->n < p->head_n ||
		memcmp(s->p, p->head, p->head_n) != 0 ||
		(p->arrival >= 0 && p->arrival != arrival / DAY_S))
		return false;
	ret->time = p->time;
	ret->host = (struct str){ s->p + p->head_n - p->host_n - 1, p->host_n };
	s->p += p->head_n;
	s->n -= p->head_n;
	return true;
}

bool
preamble_time(struct preamble *p, struct str *s, int64_t arrival, int64_t *ret)
{
	bool is_iso = s->n && (unsigned char)(*s->p - '0') <= 9;

	if (is_iso ? !iso_take(p, s) : !rfc3164_take(p, s, arrival))
		return false;
	*ret = p->time;
	return true;
}

bool
preamble_when(struct preamble *p, struct str s, int64_t *ret)
{
	struct when_said said;
	struct civil c;
	int offset;

	if (!when_read(s, &said))
		return false;
	if (said.seconds) {
		*ret = said.seconds;
		return true;
	}
	c = said.civil;
	if (c.year < 1970 || c.month < 1 || c.month > 12 || c.day < 1 ||
		!is_day(&c) || c.hour > 23 || c.minute > 59 || c.second > 60 ||
		offset_read(said.zone, &offset) != (int)said.zone.n)
		return false;
	*ret = said.zone.n ? stamp_of(&c) - offset
			   : zone_utc(&p->zone, stamp_of(&c));
	return true;
}

/* Time, host and tag, each in its turn. */
static bool
parts_read(struct preamble *p, struct str *s, int64_t arrival, struct line *ret)
{
	struct str whole = *s, word;

	p->head_n = 0;
	preamble_time(p, s, arrival, &ret->time);
	word = word_cut(s);
	if (tag_read(word, ret))
		return true;
	ret->host = word;
	if (!ret->time || !is_host(word))
		return false;
	head_keep(p, whole, *s, word.n);
	return tag_read(word_cut(s), ret);
}

bool
preamble_read(
	struct preamble *p, struct str s, int64_t arrival, struct line *ret)
{
	bool is_tagged;

	*ret = (struct line){ 0 };
	if (head_take(p, &s, arrival, ret))
		is_tagged = tag_read(word_cut(&s), ret);
	else
		is_tagged = parts_read(p, &s, arrival, ret);
	ret->text = s;
	return is_tagged;
}
