/* SPDX-License-Identifier: ISC */

#include "control/suggest.h"

enum {
	WORD_MAX = 40,
};

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Source: V. I. Levenshtein's distance, with neighbours swapped as one
 * slip; two rows behind are kept. */
static unsigned
distance(struct str a, struct str b)
{
	unsigned row[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];

			now[j] = least(least(last[j], now[j - 1]) + 1,
				last[j - 1] + !same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1])
				now[j] = least(
					now[j], row[(i + 1) % 3][j - 2] + 1);
		}
	}
	return row[a.n % 3][b.n];
}

void
suggest(struct suggestion *s, struct str word, const char *name)
{
	struct str n = str_of(name);

	if (word.n == 0 || word.n > WORD_MAX || n.n > WORD_MAX)
		return;
	unsigned d = distance(word, n);
	/* A third of the letters may be wrong, or the end missing. */
	bool is_near = d <= (n.n + 2) / 3 ||
		       (word.n >= 3 && str_starts(n, word));
	if (is_near && (!s->name || d < s->distance))
		*s = (struct suggestion){ name, d };
}
