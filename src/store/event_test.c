/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "store/fixture.h"

enum {
	SEEN_MAX = 8,
};

/* What a replay was given; sources end to end. */
struct seen {
	unsigned n;
	uint64_t ids[SEEN_MAX];
	struct stored stored;
	char text[64];
};

static int
on_stored(void *ctx, const struct stored *e)
{
	size_t n = strlen(((struct seen *)ctx)->text);
	struct seen *seen = ctx;

	assert_in_range(seen->n, 0, SEEN_MAX - 1);
	seen->ids[seen->n++] = e->id;
	seen->stored = *e;
	snprintf(seen->text + n, sizeof(seen->text) - n, "%.*s|",
		(int)e->source.n, e->source.n ? e->source.p : "");
	return 0;
}

static struct store_event
full_event(void)
{
	struct store_event e = fixture_event(7, "2001:db8::7");

	e.event.kind = EVENT_LOGIN_FAILURE;
	e.event.account = S("ann \0\xff' or 1=1");
	e.event.session = S("4Xyz");
	e.event.helo = S("mail.example");
	e.event.detail = S("535 5.7.8 Error");
	e.event.count = 5;
	e.event.span_s = 87;
	e.event.is_summary = true;
	e.identity = (struct identity){ UINT32_MAX, 1, 0x80000000 };
	e.outcome = OUTCOME_JOINED;
	e.count = 3;
	e.points = 150;
	e.is_cause = true;
	return e;
}

static void
assert_full(const struct store_event *e)
{
	struct store_event want = full_event();

	assert_int_equal(e->id, 7);
	assert_int_equal(e->event.time, AT + 7);
	assert_memory_equal(&e->event.addr, &want.event.addr, 16);
	assert_int_equal(e->kind, EVENT_AUTH_FAILURE);
	assert_int_equal(e->event.kind, EVENT_LOGIN_FAILURE);
	assert_int_equal(e->event.count, 5);
	assert_int_equal(e->event.span_s, 87);
	assert_true(e->event.is_summary);
	assert_memory_equal(
		&e->identity, &want.identity, sizeof(want.identity));
	assert_int_equal(e->outcome, OUTCOME_JOINED);
	assert_int_equal(e->count, 3);
	assert_int_equal(e->points, 150);
	assert_true(e->is_cause);
	assert_false(e->is_forgiven);
}

static void
test_an_event_comes_back_whole(void **state)
{
	struct fixture *f = *state;
	struct store_event e = full_event();
	struct found seen;

	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	seen = fixture_find(f, (struct store_query){ .kind = -1 });
	assert_int_equal(seen.n, 1);
	assert_full(&seen.last);
	assert_string_equal(seen.text,
		"postfix-log|smtp|ann |4Xyz|mail.example|535 5.7.8 Error|");
	/* Bytes behind the NUL, too. */
	assert_int_equal(seen.last.event.account.n, e.event.account.n);
}

static void
test_replay_gets_what_was_stored_in_order_of_numbers(void **state)
{
	struct fixture *f = *state;
	struct store_event e = full_event();
	struct seen seen = { .n = 0 };

	fixture_add(f, &e);
	for (uint64_t id = 8; id < 8 + 3; id++) {
		e = fixture_event(id, "192.0.2.1");
		/* Told late: its time doesn't change its place. */
		e.event.time = id == 9 ? AT : AT + 100;
		e.event.source = id == 10 ? S("dovecot-log") : S("");
		fixture_add(f, &e);
	}
	fixture_ok(f, store_commit(f->store, &f->err));
	fixture_reopen(f);
	assert_int_equal(f->opened.last_event, 10);
	assert_int_equal(
		store_load_events(f->store, AT + 1, on_stored, &seen, &f->err),
		0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.ids[0], 7);
	assert_int_equal(seen.ids[1], 8);
	assert_int_equal(seen.ids[2], 10);
	assert_string_equal(seen.text, "postfix-log||dovecot-log|");
	assert_int_equal(seen.stored.told, 1);
}

static void
test_replay_gets_every_member(void **state)
{
	struct fixture *f = *state;
	struct store_event e = full_event();
	struct seen seen = { .n = 0 };

	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	assert_int_equal(
		store_load_events(f->store, 0, on_stored, &seen, &f->err), 0);
	assert_int_equal(seen.stored.id, 7);
	assert_int_equal(seen.stored.time, AT + 7);
	assert_memory_equal(&seen.stored.addr, &e.event.addr, 16);
	assert_memory_equal(
		&seen.stored.identity, &e.identity, sizeof(e.identity));
	assert_int_equal(seen.stored.count, 3);
	assert_int_equal(seen.stored.kind, EVENT_AUTH_FAILURE);
	assert_int_equal(seen.stored.outcome, OUTCOME_JOINED);
	assert_true(seen.stored.is_cause);
	assert_true(seen.stored.is_summary);
	assert_int_equal(seen.stored.told, 5);
	assert_int_equal(seen.stored.span_s, 87);
}

static void
test_what_is_added_twice_is_there_once(void **state)
{
	struct fixture *f = *state;
	struct store_event e = fixture_event(1, "192.0.2.1");

	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	fixture_add(f, &e);
	fixture_ok(f, store_commit(f->store, &f->err));
	assert_int_equal(
		fixture_find(f, (struct store_query){ .kind = -1 }).n, 1);
}

struct at {
	unsigned n;
	struct log_position p;
};

static int
on_position(void *ctx, struct str name, const struct log_position *p)
{
	struct at *at = ctx;

	assert_true(str_eq(name, S("mail\0log")));
	at->n++;
	at->p = *p;
	return 0;
}

static void
test_a_position_is_kept_as_it_was_last_set(void **state)
{
	struct fixture *f = *state;
	struct log_position p = { UINT64_MAX, 2, 3, UINT64_MAX - 1,
		UINT32_MAX };
	struct at at = { .n = 0 };

	for (p.offset = 1; p.offset < 4; p.offset++)
		assert_int_equal(store_set_position(
					 f->store, S("mail\0log"), &p, &f->err),
			0);
	fixture_ok(f, store_commit(f->store, &f->err));
	fixture_reopen(f);
	assert_int_equal(
		store_load_positions(f->store, on_position, &at, &f->err), 0);
	assert_int_equal(at.n, 1);
	assert_int_equal(at.p.offset, 3);
	assert_int_equal(at.p.device, UINT64_MAX);
	assert_int_equal(at.p.inode, 2);
	assert_int_equal(at.p.fingerprint, UINT64_MAX - 1);
	assert_int_equal(at.p.fingerprint_n, UINT32_MAX);
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_an_event_comes_back_whole),
		T(test_replay_gets_what_was_stored_in_order_of_numbers),
		T(test_replay_gets_every_member),
		T(test_what_is_added_twice_is_there_once),
		T(test_a_position_is_kept_as_it_was_last_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
