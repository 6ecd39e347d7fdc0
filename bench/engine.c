/* SPDX-License-Identifier: ISC */

/*
 * engine - events through the engine, beside a bare hash table
 *
 *	engine [ADDRESSES [EVENTS]]
 *
 * The bare table is open-addressing with linear probing, load ≤ 0.75, its
 * entries of 64 bytes in place, under the same keyed hash; an update counts
 * up and notes the time.  Both first see every address once.  Then events
 * come by Zipf's law (exponent 1), 5,000 a second of event time, so that
 * windows expire and the loudest addresses get blocked, with default
 * settings: 40 % bad_recipient, 20 % each of auth_failure and
 * good_recipient, 10 % relay_denied, 5 % each of syntax and probe; one
 * source, a session each, an account with the failures; whose event comes
 * is told four events ahead, as a reader of logs can.  The two take turns,
 * and the median of their ratios is printed.
 */

#include "core/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "median.h"

enum {
	ROUNDS = 11,
	AHEAD = 4,
	RATE = 5000, /* events in a second of event time */
	START = 1800000000,
	FULL_ADDRESSES = 1000000, /* of the measurement of memory */
	FULL_EVENTS = 4,
};

struct bare_entry {
	struct addr key;
	uint64_t count;
	int64_t time;
	uint64_t rest[4];
};

struct bare {
	struct bare_entry *p;
	uint64_t mask;
};

static const struct hash_key key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
static const enum event_kind mix[20] = { 3, 0, 3, 4, 3, 1, 0, 3, 4, 9, 3, 0, 3,
	4, 3, 1, 0, 3, 4, 17 };

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t
resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long size, pages = 0;

	if (!f || fscanf(f, "%lu %lu", &size, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Neighbouring ranks are addresses far apart. */
static struct addr
addr_of(uint32_t rank)
{
	struct addr a = { { [10] = 0xff, [11] = 0xff } };
	uint32_t x = rank * 0x9e3779b1 + 0x01000000;

	memcpy(a.b + 12, &x, sizeof(x));
	return a;
}

static uint64_t
random_next(void)
{
	static uint64_t state = 42;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint32_t *
ranks_new(uint32_t addresses, uint32_t n)
{
	uint32_t *ranks = mem_alloc(n + (size_t)AHEAD, sizeof(*ranks));
	double top = log((double)addresses);

	for (uint32_t i = 0; i < n; i++) {
		double u = (double)(random_next() >> 11) * 0x1p-53;

		ranks[i] = (uint32_t)exp(u * top) - 1;
	}
	return ranks;
}

static struct bare
bare_new(uint32_t addresses)
{
	uint64_t n = 1024;

	while (n * 3 / 4 < addresses)
		n *= 2;
	/* Aligned to the cache's lines, as the engine's entries are. */
	struct bare_entry *p = aligned_alloc(64, n * sizeof(*p));

	if (!p)
		abort();
	memset(p, 0, n * sizeof(*p));
	return (struct bare){ p, n - 1 };
}

static void
bare_update(struct bare *b, const struct addr *a, int64_t now)
{
	uint64_t i = addr_hash(&key, a) & b->mask;

	while (b->p[i].count && !addr_eq(&b->p[i].key, a))
		i = (i + 1) & b->mask;
	b->p[i].key = *a;
	b->p[i].count++;
	b->p[i].time = now;
}

static void
engine_update(struct engine *e, const struct addr *a, uint32_t i, int64_t now)
{
	static struct effects effects;
	static char session[] = "session 00000000";
	enum event_kind kind = mix[i % 20];
	struct event ev = {
		.kind = kind,
		.addr = *a,
		.time = now,
		.count = 1,
		.source = S("postfix-log"),
		.service = S("smtp"),
	};
	struct fact f = { FACT_EVENT, { { .event = &ev, .event_id = i + 1 } } };

	memcpy(session + 8, &i, sizeof(i));
	ev.session = (struct str){ session, 12 };
	if (kind == EVENT_AUTH_FAILURE)
		ev.account = S("somebody@example.test");
	engine_apply(e, &f, now, &effects);
	if (i % 64 == 0)
		engine_tick(e, now, &effects);
}

static struct engine *
engine_of(uint32_t addresses)
{
	struct engine_config config = {
		.key = key,
		.max_v4 = addresses + addresses / 8 + 1024,
		.max_v6 = 1024,
		.acts = 1 << 18,
		.v6_len = 64,
	};
	struct settings settings = settings_default();

	return engine_new(&config, &settings);
}

static void
speed(uint32_t addresses, uint32_t events)
{
	struct bare bare = bare_new(addresses);
	struct engine *e = engine_of(addresses);
	uint32_t *ranks = ranks_new(addresses, events), step = events / ROUNDS;
	double bare_ns[ROUNDS], engine_ns[ROUNDS], ratio[ROUNDS];
	struct engine_stats stats;
	uint64_t sent = 0;

	for (uint32_t i = 0; i < addresses; i++) {
		struct addr a = addr_of(i);

		bare_update(&bare, &a, START);
		engine_update(e, &a, i, START + (int64_t)(sent++ / RATE));
	}
	for (int r = 0; r < ROUNDS; r++) {
		const uint32_t *part = ranks + (size_t)r * step;
		double t0 = cpu_ns();

		for (uint32_t i = 0; i < step; i++) {
			struct addr a = addr_of(part[i]);

			bare_update(&bare, &a, START + i / RATE);
		}
		double t1 = cpu_ns();

		for (uint32_t i = 0; i < step; i++) {
			struct addr a = addr_of(part[i]);
			struct addr ahead = addr_of(part[i + AHEAD]);

			engine_prefetch(e, &ahead);
			engine_update(e, &a, (uint32_t)sent,
				START + (int64_t)(sent / RATE));
			sent++;
		}
		double t2 = cpu_ns();

		bare_ns[r] = (t1 - t0) / step;
		engine_ns[r] = (t2 - t1) / step;
		ratio[r] = (t2 - t1) / (t1 - t0);
	}
	engine_stats(e, &stats);
	printf("engine: %u addresses: %.0f ns an event, bare table %.0f ns: "
	       "ratio %.2f (goal <= 3)\n",
		addresses, median_of(engine_ns, ROUNDS),
		median_of(bare_ns, ROUNDS), median_of(ratio, ROUNDS));
	printf("engine: %u addresses: %.0f %% of the events scored, %.0f %% "
	       "while blocked; %llu tracked, %llu blocks live\n",
		addresses, 100.0 * (double)stats.outcomes[0] / (double)sent,
		100.0 * (double)stats.outcomes[3] / (double)sent,
		(unsigned long long)stats.tracked_v4,
		(unsigned long long)stats.blocks_live);
	engine_free(e);
	free(bare.p);
	free(ranks);
}

/* Memory with four events in the window of each address. */
static void
memory(void)
{
	uint64_t before = resident();
	struct engine *e = engine_of(FULL_ADDRESSES);
	struct engine_stats stats;

	for (uint32_t i = 0; i < FULL_ADDRESSES * FULL_EVENTS; i++) {
		struct addr a = addr_of(i % FULL_ADDRESSES);

		engine_update(e, &a, i, START + i / RATE);
	}
	engine_stats(e, &stats);
	printf("engine: %d addresses with %d events each: %.1f bytes an "
	       "address, %.1f resident (goal <= 128)\n",
		FULL_ADDRESSES, FULL_EVENTS,
		(double)stats.bytes / FULL_ADDRESSES,
		(double)(resident() - before) / FULL_ADDRESSES);
	engine_free(e);
}

int
main(int argc, char **argv)
{
	uint32_t events = 11000000;

	if (argc > 2)
		events = (uint32_t)strtoul(argv[2], NULL, 10);
	if (argc > 1) {
		speed((uint32_t)strtoul(argv[1], NULL, 10), events);
		return 0;
	}
	memory();
	speed(1000000, events);
	speed(10000000, events);
	return 0;
}
