/* SPDX-License-Identifier: ISC */
#include "dialect/when.h"

/*!include:re2c "dialect/automaton.re" */

enum {
	TAI_AHEAD_S = 10, /* TAI64's 1970 began so long before UTC's */
};

/* Digits of base 10 or 16 as a number. */
static int64_t
number_of(const char *p, const char *end, int base)
{
	int64_t n = 0;

	for (; p < end; p++)
		n = n * base + (*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
	return n;
}

static int
month_of(const char *p)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (*p <= '9')
		return (int)number_of(p, p + 2, 10);
	for (int i = 0; i < 12; i++)
		if ((p[0] | 0x20) == names[3 * i] &&
			(p[1] | 0x20) == names[3 * i + 1] &&
			(p[2] | 0x20) == names[3 * i + 2])
			return i + 1;
	return 0;
}

/* "3" or "24", a blank may stand in front. */
static int
day_of(const char *p, const char *end)
{
	if (*p == ' ')
		p++;
	return (int)number_of(p, end, 10);
}

bool
when_read(struct str s, struct when_said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *y, *m, *d, *de, *c, *z, *ze, *n, *ne;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	*ret = (struct when_said){ 0 };
	/*!re2c
	number = [0-9]+;
	two    = [0-9]{2};
	year   = [0-9]{4};
	name   = [A-Z][a-z]{2};
	month  = name | two;
	day    = [ 0-9]? [0-9];
	sep    = [-/ ];
	clock  = two ":" two ":" two;
	rest   = ([.,] number)?;
	zone   = (" "? @z ("Z" | [-+] two ":"? two | "UTC" | "GMT")
		@ze)?;
	week   = (name [a-z]* ","? " "+)?;

	week @y year sep @m month sep @d day @de [T ] " "? @c clock rest zone
		{ goto date; }
	week @d day @de sep @m name sep @y year [: ] " "? @c clock rest zone
		{ goto date; }
	week @m name " " @d day @de " " @c clock " " @y year zone
		{ goto date; }
	week @m name " " @d day @de " " @y year " " @c clock rest zone
		{ goto date; }
	"@4" @n [0-9a-f]{15} @ne [0-9a-f]{8} {
		ret->seconds = number_of(n, ne, 16) - TAI_AHEAD_S;
		return cur == end && ret->seconds > 0;
	}
	@n [1-9][0-9]{8,9} @ne rest {
		ret->seconds = number_of(n, ne, 10);
		return cur == end;
	}
	* { return false; }
	*/
date:
	ret->civil = (struct civil){ (int)number_of(y, y + 4, 10), month_of(m),
		day_of(d, de), (int)number_of(c, c + 2, 10),
		(int)number_of(c + 3, c + 5, 10),
		(int)number_of(c + 6, c + 8, 10) };
	if (z)
		ret->zone = ze - z == 3 ? S("Z") : RUN(z, ze);
	return cur == end;
}
