/* SPDX-License-Identifier: ISC */
#include "dialect/dovecot/state.h"

struct talk *
talk_get(struct dovecot *d, struct str id)
{
	uint64_t key = hash_bytes(&d->key, id);
	int i = slots_find(&d->slots, key);

	if (i < 0) {
		i = slots_take(&d->slots, key);
		d->talks[i].excused = 0;
		d->talks[i].last.time = 0;
	}
	return &d->talks[i];
}

const struct talk *
talk_take(struct dovecot *d, struct str id)
{
	int i = id.n ? slots_find(&d->slots, hash_bytes(&d->key, id)) : -1;

	if (i < 0)
		return NULL;
	slots_drop(&d->slots, i);
	return &d->talks[i];
}

void
talk_tell(struct dovecot *d, const struct try *t, struct events *ret)
{
	struct try *kept = &d->told;

	*kept = *t;
	ret->list[ret->n++] = (struct event){
		.kind = EVENT_LOGIN_FAILURE,
		.addr = kept->addr,
		.time = kept->time,
		.count = 1,
		.account = { kept->user, kept->user_n },
		.session = { kept->session, kept->session_n },
		.detail = { kept->detail, kept->detail_n },
	};
	if (str_eq(ret->list[ret->n - 1].account, S("?")))
		ret->list[ret->n - 1].account = (struct str){ 0 };
}
