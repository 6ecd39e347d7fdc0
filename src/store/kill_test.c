/* SPDX-License-Identifier: ISC */
/*
 * A process writes batches and says after each commit what it was
 * promised; it is killed at any moment, and what the files hold then is
 * compared.  STORE_KILLS and STORE_SEED set how often and how.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "store/fixture.h"

enum {
	KILLS = 40,
	BATCH = 50, /* events */
	ADDRESSES = 200,
	KILL_MIN_MS = 5,
	KILL_MAX_MS = 60,
};

/* What has been acknowledged, or what was found. */
struct sum {
	uint64_t events, position, blocks, nevers;
	int64_t setting;
};

static uint64_t
setting_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	int64_t v;

	if (text && num_parse(str_of(text), 1, INT64_MAX, &v))
		return (uint64_t)v;
	return otherwise;
}

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return *seed >> 33;
}

static void
address_text(uint64_t i, char text[40])
{
	snprintf(text, 40, "192.0.2.%u", (unsigned)(i % ADDRESSES));
}

static int
add_events(struct fixture *f, struct sum *sum)
{
	struct log_position p = { .device = 1, .inode = 2 };
	char text[40];

	for (unsigned i = 0; i < BATCH; i++) {
		struct store_event e;

		address_text(++sum->events, text);
		e = fixture_event(sum->events, text);
		e.event.time = AT;
		e.event.account = str_of(text);
		if (store_add_event(f->store, &e, &f->err))
			return -1;
	}
	sum->position = sum->events;
	p.offset = (int64_t)sum->position;
	return store_set_position(f->store, S("mail.log"), &p, &f->err);
}

static int
add_block(struct fixture *f, struct sum *sum)
{
	struct explanation why = {
		.at = AT, .period_s = 60, .score = 1000, .threshold = 1000
	};
	struct store_block b;
	char text[40];

	address_text(sum->events, text);
	b = fixture_block(++sum->blocks, text);
	b.block.cause = sum->events;
	why.key = b.block.prefix;
	why.weight[EVENT_AUTH_FAILURE] = 50;
	why.tally.count[EVENT_AUTH_FAILURE] = 20;
	return store_add_block(f->store, &b, &why, &f->err);
}

static int
add_control(struct fixture *f, struct sum *sum)
{
	struct store_never n = { .added = AT, .note = S("office") };
	struct addr a = { .b = { 0x20, 1 } };
	char text[24];
	struct store_change c = { 0, AT, S("smtp.threshold"), S(""), S(""),
		S("me") };
	uint64_t id;

	sum->nevers++;
	memcpy(a.b + 8, &sum->nevers, sizeof(sum->nevers));
	n.prefix = addr_prefix(&a, ADDR_BITS);
	snprintf(text, sizeof(text), "%lld", (long long)++sum->setting);
	c.after = str_of(text);
	if (store_add_never(f->store, &n, &id, &f->err))
		return -1;
	return store_set_setting(f->store, &c, &f->err);
}

/* Never returns; says what was committed. */
static void
write_batches(struct fixture *f, struct sum sum, int pipe, uint64_t seed)
{
	if (!fixture_open(f))
		_exit(1);
	if (write(pipe, &sum, sizeof(sum)) != sizeof(sum))
		_exit(3);
	for (;;) {
		uint64_t r = next(&seed);

		if (add_events(f, &sum) || (r & 1 && add_block(f, &sum)) ||
			(r & 2 && add_control(f, &sum)) ||
			store_commit(f->store, &f->err))
			_exit(2);
		if (write(pipe, &sum, sizeof(sum)) != sizeof(sum))
			_exit(3);
	}
}

/* Run the writer for a while; returns what it was promised last. */
static struct sum
run_and_kill(struct fixture *f, struct sum start, uint64_t *seed)
{
	uint64_t ms = KILL_MIN_MS +
		      next(seed) % (KILL_MAX_MS - KILL_MIN_MS + 1);
	struct timespec t = { 0, (long)ms * 1000000 };
	struct sum acked = start, got;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		write_batches(f, start, ends[1], *seed);
	}
	close(ends[1]);
	/* One in four dies while it opens the files, perhaps. */
	if (ms % 4)
		assert_int_equal(read(ends[0], &got, sizeof(got)), sizeof(got));
	nanosleep(&t, NULL);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	/* A pipe's record is whole: it is smaller than PIPE_BUF. */
	while (read(ends[0], &got, sizeof(got)) == sizeof(got))
		acked = got;
	close(ends[0]);
	return acked;
}

struct check {
	struct fixture *f;
	struct sum sum;
	uint64_t causes;
};

static int
on_stored(void *ctx, const struct stored *e)
{
	struct check *c = ctx;

	assert_int_equal(e->id, ++c->sum.events);
	return 0;
}

static int
on_position(void *ctx, struct str name, const struct log_position *p)
{
	struct check *c = ctx;

	(void)name;
	c->sum.position = (uint64_t)p->offset;
	return 0;
}

static int
on_never(void *ctx, const struct store_never *n)
{
	struct check *c = ctx;

	(void)n;
	c->sum.nevers++;
	return 0;
}

static int
on_cause(void *ctx, const struct store_event *e)
{
	struct check *c = ctx;

	assert_true(e->id <= c->sum.events);
	c->causes++;
	return 0;
}

/* Its events are kept with it, and are in the log, too. */
static int
on_block(void *ctx, const struct store_block *b)
{
	struct check *c = ctx;

	assert_int_equal(b->block.id, ++c->sum.blocks);
	assert_true(b->block.cause <= c->sum.events);
	return 0;
}

static void
check_whys(struct check *c, uint64_t first)
{
	for (uint64_t id = first + 1; id <= c->sum.blocks; id++) {
		struct store_why why;

		c->causes = 0;
		assert_int_equal(store_block_why(c->f->store, id, &why,
					 on_cause, c, &c->f->err),
			0);
		assert_true(why.is_found);
		assert_true(c->causes > 0);
	}
}

static struct sum
look(struct fixture *f, const struct sum *before)
{
	struct check c = { .f = f };
	struct settings settings = settings_default();

	if (!fixture_open(f))
		fail_msg("%s", f->err.text);
	assert_false(f->opened.events_moved);
	if (store_load_events(f->store, 0, on_stored, &c, &f->err) ||
		store_load_positions(f->store, on_position, &c, &f->err) ||
		store_load_never(f->store, on_never, &c, &f->err) ||
		store_load_blocks(f->store, 0, on_block, &c, &f->err) ||
		store_load_settings(f->store, &settings, &f->err))
		fail_msg("%s", f->err.text);
	check_whys(&c, before->blocks);
	c.sum.setting = settings.limits[COMPONENT_SMTP].threshold;
	store_close(f->store);
	f->store = NULL;
	return c.sum;
}

static void
test_nothing_acknowledged_is_lost_by_kills(void **state)
{
	uint64_t kills = setting_of("STORE_KILLS", KILLS);
	uint64_t seed = setting_of("STORE_SEED", (uint64_t)getpid());
	struct fixture *f = *state;
	struct sum at = { .setting = 0 };
	uint64_t acknowledged = 0;

	store_close(f->store);
	f->store = NULL;
	print_message("STORE_SEED=%llu\n", (unsigned long long)seed);
	for (uint64_t i = 0; i < kills; i++) {
		struct sum acked = run_and_kill(f, at, &seed), found;

		found = look(f, &at);
		acknowledged += acked.events > at.events;
		assert_in_range(found.events, acked.events, UINT64_MAX);
		assert_in_range(found.blocks, acked.blocks, UINT64_MAX);
		assert_in_range(found.nevers, acked.nevers, UINT64_MAX);
		/* The default is in force until it is first changed. */
		if (acked.setting)
			assert_in_range(
				found.setting, acked.setting, UINT64_MAX);
		assert_int_equal(found.position, found.events);
		if (!found.nevers)
			found.setting = 0;
		at = found;
	}
	print_message("%llu kills, %llu after a commit; %llu events, "
		      "%llu blocks\n",
		(unsigned long long)kills, (unsigned long long)acknowledged,
		(unsigned long long)at.events, (unsigned long long)at.blocks);
	assert_true(acknowledged > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_nothing_acknowledged_is_lost_by_kills,
			fixture_make, fixture_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
