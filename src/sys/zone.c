/* SPDX-License-Identifier: ISC */

#include "sys/zone.h"

#include <string.h>
#include <time.h>

#define DAY_S	 INT64_C(86400)
#define AHEAD_S	 (DAY_S * 366 * 2)
#define BACK_S	 (DAY_S * 366 * 20)
#define STRIDE_S (DAY_S * 20) /* no zone changes twice as fast for long */

static int32_t
offset_at(int64_t t)
{
	time_t when = t;
	struct tm tm;

	return localtime_r(&when, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second in (a, b] that has b's offset. */
static int64_t
change_find(int64_t a, int64_t b)
{
	int32_t want = offset_at(b);

	while (b - a > 1) {
		int64_t mid = a + (b - a) / 2;

		if (offset_at(mid) == want)
			b = mid;
		else
			a = mid;
	}
	return b;
}

void
zone_local(struct zone *ret, int64_t now)
{
	struct zone_step found[ZONE_STEPS_MAX]; /* newest first */
	unsigned n = 0;
	int64_t t = now + AHEAD_S, oldest = now - BACK_S;
	int32_t offset;

	tzset();
	offset = offset_at(t);
	for (; t > oldest && n < ZONE_STEPS_MAX - 1; t -= STRIDE_S) {
		int32_t before = offset_at(t - STRIDE_S);

		if (before == offset)
			continue;
		found[n].from_local = change_find(t - STRIDE_S, t) + offset;
		found[n++].offset_s = offset;
		offset = before;
	}
	found[n].from_local = t + offset;
	found[n++].offset_s = offset;

	memset(ret, 0, sizeof(*ret));
	ret->n = n;
	for (unsigned i = 0; i < n; i++)
		ret->steps[i] = found[n - 1 - i];
}
