/* SPDX-License-Identifier: ISC */

/* A node with a real loop, a real store in a folder of its own. */

#include "node/node.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"

struct bench {
	uv_loop_t loop;
	struct node *node;
	char folder[64];
	unsigned waits; /* changes that aren't durable yet */
	bool is_closed;
};

static void
remove_folder(const char *folder)
{
	char name[128];
	static const char *const files[] = { "control.db", "control.db-wal",
		"events.db", "events.db-wal", "events.db-shm" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, files[i]);
		unlink(name);
	}
	rmdir(folder);
}

static void
on_done(void *ctx, const struct err *failed)
{
	struct bench *b = ctx;

	assert_null(failed);
	b->waits--;
}

static void
start(struct bench *b)
{
	struct node_config config = { b->folder, 64, 100000, 100000 };
	struct err err;

	b->is_closed = false;
	b->node = node_open(&config, &b->loop, &err);
	assert_non_null(b->node);
	while (!node_is_loaded(b->node))
		uv_run(&b->loop, UV_RUN_ONCE);
}

static void
on_closed(void *ctx)
{
	((struct bench *)ctx)->is_closed = true;
}

static void
stop(struct bench *b)
{
	node_close(b->node, on_closed, b);
	while (!b->is_closed)
		uv_run(&b->loop, UV_RUN_ONCE);
}

static void
settle(struct bench *b)
{
	while (b->waits)
		uv_run(&b->loop, UV_RUN_ONCE);
}

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "%s/brattice-node-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(b->folder) || uv_loop_init(&b->loop))
		return -1;
	start(b);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	stop(b);
	uv_loop_close(&b->loop);
	remove_folder(b->folder);
	free(b);
	return 0;
}

static struct addr
addr_of(const char *text)
{
	struct addr a;

	assert_true(addr_parse(str_of(text), &a));
	return a;
}

static struct prefix
prefix_of(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(str_of(text), &p, NULL));
	return p;
}

static void
set(struct bench *b, const char *name, const char *value)
{
	struct node_pair pair = { str_of(name), str_of(value) };
	struct node_change change = { &pair, 1, S("root") };
	struct err err;

	b->waits++;
	assert_int_equal(node_set(b->node, &change, &err, on_done, b), 0);
	settle(b);
}

static void
report(struct bench *b, const char *addr, enum event_kind kind, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct event ev = { .kind = kind,
			.addr = addr_of(addr),
			.count = 1,
			.source = S("test") };

		node_report(b->node, &ev);
	}
}

static enum verdict_word
ask(struct bench *b, const char *addr)
{
	struct addr a = addr_of(addr);

	return node_check(b->node, &a).word;
}

static uint64_t
block(struct bench *b, const char *prefix)
{
	struct node_block what = { prefix_of(prefix), 600, S("root"),
		S("by hand") };

	b->waits++;
	uint64_t id = node_block(b->node, &what, on_done, b);
	settle(b);
	return id;
}

static unsigned
never(struct bench *b, const char *prefix)
{
	struct node_never what = { prefix_of(prefix), S("root"), S("ours") };

	b->waits++;
	unsigned lifted = node_never_add(b->node, &what, on_done, b);
	settle(b);
	return lifted;
}

static void
test_blocks_at_the_threshold_and_remembers_it(void **state)
{
	struct bench *b = *state;

	set(b, "mode", "enforce");
	report(b, "203.0.113.7", EVENT_RELAY_DENIED, 9);
	assert_int_equal(ask(b, "203.0.113.7"), VERDICT_ALLOW);
	report(b, "203.0.113.7", EVENT_RELAY_DENIED, 1);
	assert_int_equal(ask(b, "203.0.113.7"), VERDICT_REFUSE);
	stop(b);
	start(b);
	assert_int_equal(ask(b, "203.0.113.7"), VERDICT_REFUSE);
	assert_int_equal(ask(b, "203.0.113.8"), VERDICT_ALLOW);
}

static void
test_windows_survive_a_restart(void **state)
{
	struct bench *b = *state;

	set(b, "mode", "enforce");
	report(b, "203.0.113.9", EVENT_RELAY_DENIED, 9);
	stop(b);
	start(b);
	assert_int_equal(ask(b, "203.0.113.9"), VERDICT_ALLOW);
	report(b, "203.0.113.9", EVENT_RELAY_DENIED, 1);
	assert_int_equal(ask(b, "203.0.113.9"), VERDICT_REFUSE);
}

static void
test_a_removed_block_stays_removed(void **state)
{
	struct bench *b = *state;

	set(b, "mode", "enforce");
	report(b, "203.0.113.10", EVENT_RELAY_DENIED, 10);
	struct addr a = addr_of("203.0.113.10");
	struct verdict v = node_check(b->node, &a);
	assert_int_equal(v.word, VERDICT_REFUSE);
	b->waits++;
	assert_true(node_unblock(b->node, v.block_id, S("root"), on_done, b));
	settle(b);
	assert_int_equal(ask(b, "203.0.113.10"), VERDICT_ALLOW);
	stop(b);
	start(b);
	assert_int_equal(ask(b, "203.0.113.10"), VERDICT_ALLOW);
	report(b, "203.0.113.10", EVENT_RELAY_DENIED, 9);
	assert_int_equal(ask(b, "203.0.113.10"), VERDICT_ALLOW);
}

static void
test_a_never_entry_lifts_blocks_in_the_next_reply(void **state)
{
	struct bench *b = *state;

	set(b, "mode", "enforce");
	block(b, "198.51.100.7");
	block(b, "198.51.100.9");
	block(b, "192.0.2.1");
	assert_int_equal(ask(b, "198.51.100.7"), VERDICT_REFUSE);
	assert_int_equal(never(b, "198.51.100.0/24"), 2);
	assert_int_equal(ask(b, "198.51.100.7"), VERDICT_ALLOW);
	assert_int_equal(ask(b, "192.0.2.1"), VERDICT_REFUSE);
	report(b, "198.51.100.7", EVENT_VIRUS, 100);
	assert_int_equal(ask(b, "198.51.100.7"), VERDICT_ALLOW);
	stop(b);
	start(b);
	assert_int_equal(ask(b, "198.51.100.9"), VERDICT_ALLOW);
	assert_int_equal(ask(b, "192.0.2.1"), VERDICT_REFUSE);
}

static void
test_a_removed_never_entry_no_longer_protects(void **state)
{
	struct bench *b = *state;
	struct prefix p = prefix_of("198.51.100.0/24");

	set(b, "mode", "enforce");
	never(b, "198.51.100.0/24");
	b->waits++;
	assert_true(node_never_remove(b->node, &p, on_done, b));
	settle(b);
	assert_false(node_never_remove(b->node, &p, on_done, b));
	stop(b);
	start(b);
	block(b, "198.51.100.7");
	assert_int_equal(ask(b, "198.51.100.7"), VERDICT_REFUSE);
}

static void
test_a_new_number_is_never_an_old_one(void **state)
{
	struct bench *b = *state;
	uint64_t first = block(b, "192.0.2.1");

	b->waits++;
	assert_true(node_unblock(b->node, first, S("root"), on_done, b));
	settle(b);
	stop(b);
	start(b);
	assert_true(block(b, "192.0.2.2") > first);
}

static void
test_a_setting_goes_back_to_its_default(void **state)
{
	struct bench *b = *state;

	set(b, "smtp.threshold", "300");
	stop(b);
	start(b);
	const struct settings *s = engine_settings(node_engine(b->node));
	assert_int_equal(s->limits[COMPONENT_SMTP].threshold, 300);
	set(b, "smtp.threshold", "");
	s = engine_settings(node_engine(b->node));
	assert_int_equal(s->limits[COMPONENT_SMTP].threshold, 1000);
}

static void
test_a_bad_setting_changes_nothing(void **state)
{
	struct bench *b = *state;
	struct node_pair pairs[] = { { S("smtp.threshold"), S("300") },
		{ S("smtp.period"), S("yesterday") } };
	struct node_change change = { pairs, 2, S("root") };
	struct err err;

	assert_int_equal(node_set(b->node, &change, &err, on_done, b), -1);
	const struct settings *s = engine_settings(node_engine(b->node));
	assert_int_equal(s->limits[COMPONENT_SMTP].threshold, 1000);
}

static void
test_a_log_position_is_found_again(void **state)
{
	struct bench *b = *state;
	struct log_position at = { 1, 2, 4711, 99, 64 }, found;

	assert_false(node_log_resume(b->node, S("mail"), &found));
	node_log_position(b->node, S("mail"), &at);
	stop(b);
	start(b);
	assert_true(node_log_resume(b->node, S("mail"), &found));
	assert_int_equal(found.offset, 4711);
	assert_int_equal(found.inode, 2);
}

static void
test_own_addresses_are_never_blocked(void **state)
{
	struct bench *b = *state;
	struct addr a = addr_of("192.0.2.200");

	set(b, "mode", "enforce");
	node_own_address(b->node, &a);
	report(b, "192.0.2.200", EVENT_VIRUS, 100);
	assert_int_equal(ask(b, "192.0.2.200"), VERDICT_ALLOW);
	never(b, "192.0.2.200");
	struct prefix p = prefix_of("192.0.2.200");
	b->waits++;
	assert_true(node_never_remove(b->node, &p, on_done, b));
	settle(b);
	block(b, "192.0.2.200");
	assert_int_equal(ask(b, "192.0.2.200"), VERDICT_ALLOW);
}

struct count_query {
	struct node_query query;
	struct bench *bench;
	unsigned rows;
};

static int
count_row(void *ctx, const struct store_event *e)
{
	struct count_query *c = ctx;

	assert_int_equal(e->kind, EVENT_SPAM);
	c->rows++;
	return 0;
}

static void
read_rows(
	struct node_query *q, struct store *store, struct store_reader *events)
{
	struct count_query *c = CONTAINER_OF(q, struct count_query, query);
	struct store_query what = { .kind = -1, .limit = 100 };
	struct err err;

	(void)store;
	assert_int_equal(
		store_find_events(events, &what, count_row, c, &err), 0);
}

static void
rows_read(struct node_query *q)
{
	CONTAINER_OF(q, struct count_query, query)->bench->waits--;
}

static void
test_a_query_sees_what_was_reported_before_it(void **state)
{
	struct bench *b = *state;
	struct count_query c = { { read_rows, rows_read, NULL }, b, 0 };

	report(b, "203.0.113.7", EVENT_SPAM, 7);
	b->waits++;
	node_read(b->node, &c.query);
	settle(b);
	assert_int_equal(c.rows, 7);
}

static void
test_events_wait_while_the_store_loads(void **state)
{
	struct bench *b = *state;
	struct node_config config = { b->folder, 64, 100000, 100000 };
	struct err err;

	set(b, "mode", "enforce");
	stop(b);
	b->is_closed = false;
	b->node = node_open(&config, &b->loop, &err);
	assert_false(node_is_loaded(b->node));
	report(b, "203.0.113.11", EVENT_RELAY_DENIED, 10);
	assert_int_equal(ask(b, "203.0.113.11"), VERDICT_ALLOW);
	while (!node_is_loaded(b->node))
		uv_run(&b->loop, UV_RUN_ONCE);
	assert_int_equal(ask(b, "203.0.113.11"), VERDICT_REFUSE);
}

struct told {
	struct node_observer observer;
	unsigned effects[EFFECT_TRUST + 1];
	unsigned replaced, settings;
	uint64_t event; /* number of the one with the words */
};

static void
on_effect(void *ctx, const struct effect *e, const struct node_cause *cause)
{
	struct told *t = ctx;

	t->effects[e->type]++;
	assert_int_equal(cause->event != NULL, e->type == EFFECT_EVENT);
	if (cause->event && str_eq(cause->event->detail, S("the words")))
		t->event = cause->event_id;
	else
		assert_true(str_eq(cause->by, S("root")));
	if (e->type == EFFECT_BLOCK)
		assert_true(str_eq(cause->note, S("why")));
}

static void
on_settings(void *ctx, const struct node_change *change)
{
	struct told *t = ctx;

	t->settings += change->n;
	assert_true(str_eq(change->by, S("root")));
}

static void
on_replaced(void *ctx)
{
	struct told *t = ctx;

	t->replaced++;
}

static void
test_observers_are_told_what_comes_of_facts(void **state)
{
	struct bench *b = *state;
	struct told t = { .observer = {
				  on_effect, on_settings, on_replaced, &t } };
	struct event ev = { .kind = EVENT_SPAM,
		.addr = addr_of("192.0.2.9"),
		.count = 1,
		.source = S("test"),
		.detail = S("the words") };
	struct node_block what = {
		.span_s = 60, .by = S("root"), .note = S("why")
	};

	assert_true(prefix_parse(S("198.51.100.0/24"), &what.prefix, NULL));
	node_observe(b->node, &t.observer);
	node_report(b->node, &ev);
	assert_int_equal(t.event, 1);
	set(b, "smtp.threshold", "900");
	assert_int_equal(t.settings, 1);
	b->waits = 2;
	uint64_t id = node_block(b->node, &what, on_done, b);
	assert_true(node_unblock(b->node, id, S("root"), on_done, b));
	assert_int_equal(t.effects[EFFECT_EVENT], 1);
	assert_int_equal(t.effects[EFFECT_BLOCK], 1);
	assert_int_equal(t.effects[EFFECT_LIFT], 1);
	node_unobserve(b->node, &t.observer);
	node_report(b->node, &ev);
	assert_int_equal(t.effects[EFFECT_EVENT], 1);
	settle(b);
	assert_int_equal(t.replaced, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_blocks_at_the_threshold_and_remembers_it),
		TEST(test_windows_survive_a_restart),
		TEST(test_a_removed_block_stays_removed),
		TEST(test_a_never_entry_lifts_blocks_in_the_next_reply),
		TEST(test_a_removed_never_entry_no_longer_protects),
		TEST(test_a_new_number_is_never_an_old_one),
		TEST(test_a_setting_goes_back_to_its_default),
		TEST(test_a_bad_setting_changes_nothing),
		TEST(test_a_log_position_is_found_again),
		TEST(test_own_addresses_are_never_blocked),
		TEST(test_a_query_sees_what_was_reported_before_it),
		TEST(test_events_wait_while_the_store_loads),
		TEST(test_observers_are_told_what_comes_of_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
