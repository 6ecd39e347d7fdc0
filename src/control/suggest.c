/* SPDX-License-Identifier: ISC */

#include "control/suggest.h"

#include "base/near.h"

enum {
	HEAD_MIN = 3, /* letters of a beginning that says enough */
};

void
suggest(struct suggestion *s, struct str word, struct str name)
{
	unsigned distance = near_distance(word, name);
	bool is_head = word.n >= HEAD_MIN && str_starts(name, word);

	if (word.n == 0 || (!is_head && !near_enough(word, name)))
		return;
	if (s->name.n == 0 || distance < s->distance)
		*s = (struct suggestion){ name, distance };
}
