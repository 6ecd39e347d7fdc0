/* SPDX-License-Identifier: ISC */

#include "base/near.h"

#include <string.h>

/* Three rows of the table of distances of all beginnings. */
struct rows {
	unsigned before[NEAR_MAX + 1];
	unsigned last[NEAR_MAX + 1];
	unsigned now[NEAR_MAX + 1];
};

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
step(const struct rows *r, struct str a, struct str b, size_t i, size_t j)
{
	unsigned change = r->last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
	unsigned d = least(change, least(r->last[j], r->now[j - 1]) + 1);

	if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
		a.p[i - 2] == b.p[j - 1])
		d = least(d, r->before[j - 2] + 1);
	return d;
}

/* Source: the restricted Damerau-Levenshtein distance. */
unsigned
near_distance(struct str a, struct str b)
{
	struct rows r = { 0 };

	if (a.n > NEAR_MAX || b.n > NEAR_MAX)
		return NEAR_MAX + 1;
	for (size_t j = 0; j <= b.n; j++)
		r.now[j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		memcpy(r.before, r.last, sizeof(r.last));
		memcpy(r.last, r.now, sizeof(r.now));
		r.now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++)
			r.now[j] = step(&r, a, b, i, j);
	}
	return r.now[b.n];
}

bool
near_enough(struct str typed, struct str meant)
{
	size_t n = typed.n > meant.n ? typed.n : meant.n;

	return near_distance(typed, meant) <= n / 3;
}
