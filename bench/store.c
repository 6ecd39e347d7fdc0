/* SPDX-License-Identifier: ISC */
/*
 * What the store costs: durable events a second, bytes an event, the load
 * at start, look-ups, beside the bare work of the disk.
 *
 *     bench-store FOLDER [EVENTS [BLOCKS]]     FOLDER must be empty
 */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "sys/clock.h"

enum {
	BATCH = 1000,
	BLOCK_BATCH = 20,
	LOOKUPS = 200,
	DAY_S = 86400,
};

static const int64_t epoch = 1790000000;

static double
now_s(void)
{
	return (double)clock_mono_ns() * 1e-9;
}

static void
die(const char *what, const struct err *err)
{
	fprintf(stderr, "bench-store: %s: %s\n", what, err->text);
	exit(1);
}

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

/* A few addresses come often, most seldom. */
static struct addr
address(uint64_t i)
{
	uint64_t r = mix(i), rank = r % 1000000;
	struct addr a = { .b = { [10] = 0xff, [11] = 0xff } };

	if (r >> 40 & 1)
		rank = rank * (r >> 41 & 0xffff) >> 16;
	rank = mix(rank + 77);
	memcpy(a.b + 12, &rank, 4);
	return a;
}

static void
make_event(uint64_t id, const char *detail, char *text, size_t text_n,
	struct store_event *ret)
{
	uint64_t r = mix(id * 3);

	snprintf(text, text_n, "user%u@example.org",
		(unsigned)(r % 20000 * (r >> 32 & 0xff) >> 8));
	*ret = (struct store_event){
		.id = id,
		.event = {
			.kind = r & 1 ? EVENT_AUTH_FAILURE
				      : EVENT_BAD_RECIPIENT,
			.addr = address(id),
			.time = epoch + (int64_t)(id / 300),
			.count = 1,
			.source = S("postfix-log"),
			.service = S("submission"),
			.account = r & 2 ? str_of(text) : S(""),
			.detail = str_of(detail),
		},
		.identity = { (uint32_t)r, (uint32_t)(r >> 16),
			(uint32_t)(r >> 8) },
		.count = 1,
		.points = 50,
	};
	ret->kind = ret->event.kind;
}

static double
add_events(struct store *s, uint64_t n, const char *detail)
{
	struct log_position p = { 1, 2, 0, 3, 64 };
	double start = now_s();
	struct store_event e;
	char text[64];
	struct err err;

	for (uint64_t i = 1; i <= n; i++) {
		make_event(i, detail, text, sizeof(text), &e);
		if (store_add_event(s, &e, &err))
			die("event", &err);
		if (i % BATCH && i != n)
			continue;
		p.offset = (int64_t)i * 200;
		if (store_set_position(s, S("mail.log"), &p, &err) ||
			store_commit(s, &err))
			die("commit", &err);
	}
	return (double)n / (now_s() - start);
}

static struct store_block
make_block(uint64_t id)
{
	struct addr a = address(id * 7919);
	struct store_block b = { .block = {
					 .id = id,
					 .prefix = addr_prefix(&a, ADDR_BITS),
					 .cause_addr = a,
					 .from = epoch + (int64_t)id / 300,
					 .until = epoch + DAY_S +
						  (int64_t)id / 300,
					 .cause = id,
					 .score = 1000,
					 .threshold = 1000,
				 } };

	return b;
}

static double
add_blocks(struct store *s, uint64_t n, uint64_t batch,
	const struct explanation *why)
{
	static uint64_t id;
	double start = now_s();
	struct err err;

	for (uint64_t i = 1; i <= n; i++) {
		struct store_block b = make_block(++id);

		if (store_add_block(s, &b, why, &err))
			die("block", &err);
		if ((i % batch == 0 || i == n) && store_commit(s, &err))
			die("commit", &err);
	}
	return (double)n / (now_s() - start);
}

static int
on_stored(void *ctx, const struct stored *e)
{
	uint64_t *sum = ctx;

	*sum += e->id + e->source.n;
	return 0;
}

static int
on_block(void *ctx, const struct store_block *b)
{
	uint64_t *sum = ctx;

	*sum += b->block.id + b->note.n;
	return 0;
}

static int
on_event(void *ctx, const struct store_event *e)
{
	uint64_t *n = ctx;

	(void)e;
	++*n;
	return 0;
}

static void
load(const char *folder)
{
	struct store_config c = { .folder = folder, .now = epoch };
	double t0 = now_s(), t1, t2, t3, t4;
	int64_t cpu = clock_cpu_ns();
	struct store_opened opened;
	struct store *s;
	uint64_t sum = 0;
	struct err err;

	s = store_open(&c, &opened, &err);
	if (!s)
		die("open", &err);
	t1 = now_s();
	if (store_load_blocks(s, 0, on_block, &sum, &err))
		die("blocks", &err);
	t2 = now_s();
	if (store_load_events(s, 0, on_stored, &sum, &err))
		die("events", &err);
	t3 = now_s();
	cpu = clock_cpu_ns() - cpu;
	store_close(s);
	t4 = now_s();
	printf("load: open %.3f s, blocks %.3f s, events %.3f s, all %.3f s, "
	       "CPU %.3f s; close %.3f s\n",
		t1 - t0, t2 - t1, t3 - t2, t3 - t0, (double)cpu * 1e-9,
		t4 - t3);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
look_up(struct store_reader *r, const char *name, unsigned len,
	struct store_query q)
{
	double t[LOOKUPS];
	uint64_t rows = 0;
	struct err err;

	for (unsigned i = 0; i < LOOKUPS; i++) {
		struct addr a = address((uint64_t)i * 31);
		struct prefix p = addr_prefix(&a, len);
		double start = now_s();

		if (len)
			q.prefix = &p;
		if (store_find_events(r, &q, on_event, &rows, &err))
			die(name, &err);
		t[i] = now_s() - start;
	}
	qsort(t, LOOKUPS, sizeof(t[0]), compare);
	printf("find %-22s median %7.3f ms, worst %7.3f ms, rows %.1f\n", name,
		t[LOOKUPS / 2] * 1e3, t[LOOKUPS - 1] * 1e3,
		(double)rows / LOOKUPS);
}

static void
look_up_all(const char *folder)
{
	struct err err;
	struct store_reader *r = store_reader_open(folder, &err);
	struct store_query q = { .kind = -1, .limit = 50 };

	if (!r)
		die("reader", &err);
	look_up(r, "address", ADDR_BITS, q);
	look_up(r, "/24", ADDR_V4_BITS + 24, q);
	look_up(r, "/8", ADDR_V4_BITS + 8, q);
	look_up(r, "newest", 0, q);
	q.kind = EVENT_VIRUS;
	look_up(r, "kind that never came", 0, q);
	q.kind = -1;
	q.account = S("user77@example.org");
	look_up(r, "account", 0, q);
	q.account = S("nobody");
	look_up(r, "account never seen", 0, q);
	store_reader_close(r);
}

static double
size_of(const char *folder, const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return stat(path, &st) ? 0 : (double)st.st_size;
}

static void
trim(struct store *s)
{
	struct settings settings = { .retention_days = 30, .retention_mib = 1 };
	double start = now_s(), worst = 0;
	unsigned slices = 0;
	bool more = true;
	struct err err;

	while (more && slices < 100) {
		double t = now_s();

		if (store_trim(s, &settings, epoch + DAY_S, &more, &err))
			die("trim", &err);
		t = now_s() - t;
		worst = t > worst ? t : worst;
		slices++;
	}
	printf("trim: %u slices of 1000 events, mean %.2f ms, worst %.2f ms\n",
		slices, (now_s() - start) / slices * 1e3, worst * 1e3);
}

static uint64_t
number(int argc, char **argv, int i, int64_t otherwise)
{
	int64_t v = otherwise;

	if (argc > i && !num_parse(str_of(argv[i]), 1, INT64_MAX, &v))
		exit(2);
	return (uint64_t)v;
}

int
main(int argc, char **argv)
{
	uint64_t events = number(argc, argv, 2, 1000000);
	uint64_t blocks = number(argc, argv, 3, 1000000);
	struct store_config c = { .folder = argc > 1 ? argv[1] : ".",
		.now = epoch };
	struct explanation why = { .component = COMPONENT_SMTP,
		.period_s = 3600,
		.score = 1000,
		.threshold = 1000 };
	const char *detail = getenv("DETAIL");
	struct store_opened opened;
	struct store *s;
	struct err err;

	s = store_open(&c, &opened, &err);
	if (!s)
		die("open", &err);
	printf("events: %.0f durable a second in batches of %d\n",
		add_events(s, events, detail ? detail : ""), BATCH);
	why.at = epoch + (int64_t)events / 300;
	why.weight[0] = why.weight[3] = 50;
	why.key = make_block(1).block.prefix;
	printf("blocks: %.0f a second one by one, %.0f in batches of %d "
	       "(each with its events)\n",
		add_blocks(s, 100, 1, &why),
		add_blocks(s, 1000, BLOCK_BATCH, &why), BLOCK_BATCH);
	add_blocks(s, blocks, 50000, NULL);
	store_close(s);
	printf("size: %.1f bytes an event, %.1f a block\n",
		size_of(c.folder, "events.db") / (double)events,
		size_of(c.folder, "control.db") / (double)blocks);
	load(c.folder);
	s = store_open(&c, &opened, &err);
	if (!s)
		die("open", &err);
	look_up_all(c.folder);
	trim(s);
	store_close(s);
	return 0;
}
