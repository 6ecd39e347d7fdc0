/* SPDX-License-Identifier: ISC */

/*
 * lists - a store with a long history, as a mail server would have it
 *
 *	lists FOLDER BLOCKS EVENTS
 *
 * For bench/lists.py: how long do searches take?  A month of events, the
 * newest now; of the blocks every tenth has ended.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "store/store.h"

enum {
	ADDRESSES = 1000000,
	ACCOUNTS = 20000,
	MONTH_S = 30 * 86400,
	DAY_S = 86400,
	EVENTS_AT_ONCE = 10000,
	BLOCKS_AT_ONCE = 50000,
	RARE = 100000, /* one of so many is a virus */
};

/* A sequence that is the same in every run. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static struct addr
address(uint64_t rank)
{
	struct addr a = { .b = { [10] = 0xff, [11] = 0xff } };
	uint64_t r = mix(rank + 1);

	memcpy(a.b + 12, &r, 4);
	return a;
}

static void
need(int rc, const struct err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "lists: %s\n", err->text);
	exit(1);
}

/* A few come often, most seldom. */
static uint64_t
rank_of(uint64_t r, uint64_t n)
{
	uint64_t rank = r % n;

	return r >> 40 & 1 ? rank * (r >> 41 & 0xffff) >> 16 : rank;
}

static void
add_event(struct store *s, uint64_t id, int64_t time)
{
	static const char *const services[] = { "smtp", "submission", "imap",
		"pop3" };
	static const enum event_kind kinds[] = { EVENT_AUTH_FAILURE,
		EVENT_BAD_RECIPIENT, EVENT_LOGIN_FAILURE, EVENT_RELAY_DENIED };
	uint64_t r = mix(id * 3), q = mix(r);
	char account[64], session[32];
	struct store_event e = { .id = id };
	struct err err;

	snprintf(account, sizeof(account), "user%u@example.org",
		(unsigned)rank_of(q, ACCOUNTS));
	snprintf(session, sizeof(session), "%08X", (unsigned)r);
	e.kind = id % RARE ? kinds[r % 4] : EVENT_VIRUS;
	e.outcome = r % 16 ? OUTCOME_SCORED : OUTCOME_REPEAT;
	e.count = 1;
	e.points = 50;
	e.identity = (struct identity){ (uint32_t)r, (uint32_t)(r >> 16),
		(uint32_t)(r >> 8) };
	e.event = (struct event){
		.kind = e.kind,
		.addr = address(rank_of(r, ADDRESSES)),
		.time = time,
		.count = 1,
		.source = r % 3 ? S("postfix-log") : S("dovecot-log"),
		.service = str_of(services[r % 4]),
		.account = r & 2 ? str_of(account) : S(""),
		.session = str_of(session),
		.detail = S("535 5.7.8 Error: authentication failed"),
	};
	need(store_add_event(s, &e, &err), &err);
}

static void
add_block(struct store *s, uint64_t id, int64_t now, uint64_t n)
{
	struct addr a = address(id % ADDRESSES);
	bool is_manual = id % 1000 == 1, has_ended = id % 10 == 0;
	struct store_block b = {
		.by = is_manual ? S("ann") : S(""),
		.note = is_manual ? S("ticket 4711") : S(""),
	};
	struct err err;

	b.block = (struct block){
		.id = id,
		.prefix = addr_prefix(&a, ADDR_BITS),
		.cause_addr = a,
		.from = now - (int64_t)((n - id) * DAY_S / n),
		.origin = is_manual ? ORIGIN_MANUAL : ORIGIN_AUTOMATIC,
		.component = mix(id) % 4 ? COMPONENT_SMTP : COMPONENT_LOGIN,
		.score = 1000 + (uint32_t)(mix(id) % 500),
		.threshold = 1000,
	};
	b.block.until = has_ended ? now - 60
				  : now + 60 + (int64_t)(mix(id) % DAY_S);
	need(store_add_block(s, &b, NULL, &err), &err);
}

int
main(int argc, char **argv)
{
	int64_t blocks, events, now = time(NULL);
	struct store_opened opened = { 0 };
	struct err err;

	if (argc != 4 || !num_parse(str_of(argv[2]), 0, 100000000, &blocks) ||
		!num_parse(str_of(argv[3]), 0, 100000000, &events)) {
		fprintf(stderr, "usage: lists FOLDER BLOCKS EVENTS\n");
		return 2;
	}
	struct store_config config = { argv[1], now };
	struct store *s = store_open(&config, &opened, &err);
	need(s ? 0 : -1, &err);
	for (int64_t i = 1; i <= events; i++) {
		add_event(
			s, (uint64_t)i, now - (events - i) * MONTH_S / events);
		if (i % EVENTS_AT_ONCE == 0)
			need(store_commit(s, &err), &err);
	}
	for (int64_t i = 1; i <= blocks; i++) {
		add_block(s, (uint64_t)i, now, (uint64_t)blocks);
		if (i % BLOCKS_AT_ONCE == 0)
			need(store_commit(s, &err), &err);
	}
	need(store_commit(s, &err), &err);
	store_close(s);
	return 0;
}
