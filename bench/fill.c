/* SPDX-License-Identifier: ISC */

/*
 * fill - a store with many live blocks and many events in the window
 *
 *	fill FOLDER BLOCKS EVENTS
 *
 * For bench/restart: how long does bratticed need to load them?
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/num.h"
#include "store/store.h"

static struct addr
nth_addr(uint32_t head, uint32_t i)
{
	struct addr a = { .b = { [10] = 0xff, [11] = 0xff } };
	uint32_t v = head + i;

	for (int k = 0; k < 4; k++)
		a.b[12 + k] = (uint8_t)(v >> (24 - 8 * k));
	return a;
}

static void
need(int r, const struct err *err)
{
	if (r >= 0)
		return;
	fprintf(stderr, "fill: %s\n", err->text);
	exit(1);
}

static void
add_block(struct store *s, uint32_t i, int64_t now)
{
	struct addr a = nth_addr(0x0b000000, i);
	struct store_block row = { .block = {
					   .id = i + 1,
					   .prefix = { a, ADDR_BITS },
					   .cause_addr = a,
					   .from = now - 60,
					   .until = now + 86400 + i % 3600,
					   .origin = ORIGIN_AUTOMATIC,
					   .component = COMPONENT_SMTP,
					   .score = 1000,
					   .threshold = 1000,
				   } };
	struct err err;

	need(store_add_block(s, &row, NULL, &err), &err);
}

static void
add_event(struct store *s, uint32_t i, int64_t now)
{
	struct store_event row = {
		.id = i + 1,
		.event = {
			.kind = EVENT_BAD_RECIPIENT,
			.addr = nth_addr(0x2d000000, i % 300000),
			.time = now - 3000 + i / 500,
			.count = 1,
			.source = S("postfix-log"),
			.service = S("smtp"),
			.detail = S("550 5.1.1 User unknown"),
		},
		.identity = { .session = i + 1 },
		.outcome = OUTCOME_SCORED,
		.kind = EVENT_BAD_RECIPIENT,
		.count = 1,
		.points = 50,
	};
	struct err err;

	need(store_add_event(s, &row, &err), &err);
}

int
main(int argc, char **argv)
{
	int64_t blocks, events, now = time(NULL);
	struct store_opened opened = { 0 };
	struct err err;

	if (argc != 4 || !num_parse(str_of(argv[2]), 0, 10000000, &blocks) ||
		!num_parse(str_of(argv[3]), 0, 10000000, &events)) {
		fprintf(stderr, "usage: fill FOLDER BLOCKS EVENTS\n");
		return 2;
	}
	struct store_config config = { argv[1], now };
	struct store *s = store_open(&config, &opened, &err);
	need(s ? 0 : -1, &err);
	for (int64_t i = 0; i < events; i++) {
		add_event(s, (uint32_t)i, now);
		if (i % 10000 == 9999)
			need(store_commit(s, &err), &err);
	}
	for (int64_t i = 0; i < blocks; i++) {
		add_block(s, (uint32_t)i, now);
		if (i % 100000 == 99999)
			need(store_commit(s, &err), &err);
	}
	need(store_commit(s, &err), &err);
	store_close(s);
	return 0;
}
