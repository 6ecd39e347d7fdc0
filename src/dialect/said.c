/* SPDX-License-Identifier: ISC */
#include "dialect/said.h"

#include <strings.h>

static bool
client_parse(struct str s, struct addr *ret)
{
	if (s.n > 5 && strncasecmp(s.p, "IPv6:", 5) == 0)
		s = str_from(s, 5);
	return addr_parse(s, ret);
}

enum reading
said_tell(const struct cause *causes, const struct said *said, struct str text,
	struct events *ret)
{
	struct event *ev = ret->list;

	ret->n = 0;
	if (!said->cause)
		return READING_UNKNOWN;
	if (causes[said->cause].kind == CAUSE_NOTHING || !said->addr.n)
		return READING_NOTHING;
	*ev = (struct event){
		.kind = (enum event_kind)causes[said->cause].kind,
		.count = said->count ? said->count : 1,
		.is_summary = said->count > 0,
		.account = said->account,
		.helo = said->helo,
		.session = said->session,
		.service = said->service,
		.detail = text,
	};
	if (!client_parse(said->addr, &ev->addr))
		return READING_AMBIGUOUS;
	ret->n = 1;
	return READING_EVENT;
}
