/* SPDX-License-Identifier: ISC */

#include "core/event.h"

#include "base/num.h"

const struct event_type event_types[EVENT_KINDS] = {
#define EVENT_TYPE(number, id, label, weight, is_settable, meaning) \
	[EVENT_##number] = { id, label, weight, is_settable, meaning },
#include "core/event_types.inc"
};

bool
event_kind_find(struct str s, enum event_kind *ret)
{
	int64_t number;
	bool is_number = num_parse(s, 0, EVENT_KINDS - 1, &number);

	for (int k = 0; k < EVENT_KINDS; k++) {
		const char *id = event_types[k].id;

		if (!id)
			continue;
		if (is_number ? number == k : str_eq(s, str_of(id))) {
			*ret = (enum event_kind)k;
			return true;
		}
	}
	return false;
}
