/* SPDX-License-Identifier: ISC */

#include "control/text.h"

#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"

static const struct {
	const char *name;
	int64_t span_s;
} units[] = {
	{ " d", 86400 },
	{ " h", 3600 },
	{ " min", 60 },
	{ " s", 1 },
};

void
text_add_span(struct buf *b, int64_t span_s)
{
	size_t u = 0;

	while (u + 1 < ARRAY_LEN(units) && span_s < units[u].span_s)
		u++;
	num_add(b, span_s / units[u].span_s);
	buf_add(b, str_of(units[u].name));
	/* Two units at most, and seconds only alone. */
	if (u + 2 >= ARRAY_LEN(units))
		return;
	int64_t rest = span_s % units[u].span_s / units[u + 1].span_s;
	if (rest == 0)
		return;
	buf_addc(b, ' ');
	num_add(b, rest);
	buf_add(b, str_of(units[u + 1].name));
}

void
text_add_count(struct buf *b, int64_t n, const char *one, const char *many)
{
	num_add(b, n);
	buf_addc(b, ' ');
	buf_add(b, str_of(n == 1 ? one : many));
}

static int64_t
local_of(const struct zone *z, int64_t t)
{
	unsigned i = z->n;

	if (i == 0)
		return t;
	for (i = z->n - 1; i > 0; i--) {
		const struct zone_step *s = &z->steps[i];

		if (t + s->offset_s >= s->from_local)
			break;
	}
	return t + z->steps[i].offset_s;
}

void
text_add_time(struct buf *b, const struct text_clock *c, int64_t t)
{
	if (c->is_exact) {
		stamp_add(b, t);
		return;
	}
	struct civil at = stamp_civil(local_of(&c->zone, t));
	struct civil now = stamp_civil(local_of(&c->zone, c->now));

	if (at.year != now.year || at.month != now.month || at.day != now.day)
		buf_printf(b, "%04d-%02d-%02d ", at.year, at.month, at.day);
	buf_printf(b, "%02d:%02d:%02d", at.hour, at.minute, at.second);
}

/* The largest unit of which there are two, so that an hour and a half is
 * "90m". */
static void
add_distance(struct buf *b, int64_t span_s)
{
	static const char letters[] = "dhms";
	size_t u = 0;

	while (u + 1 < ARRAY_LEN(units) && span_s < 2 * units[u].span_s)
		u++;
	num_add(b, span_s / units[u].span_s);
	buf_addc(b, letters[u]);
}

void
text_add_when(struct buf *b, const struct text_clock *c, int64_t t)
{
	if (c->is_exact) {
		stamp_add(b, t);
	} else if (t > c->now) {
		buf_add(b, S("in "));
		add_distance(b, t - c->now);
	} else if (t < c->now) {
		add_distance(b, c->now - t);
		buf_add(b, S(" ago"));
	} else {
		buf_add(b, S("now"));
	}
}
