/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "store/fixture.h"

struct seen {
	unsigned n;
	uint64_t id;
	struct prefix prefix;
	int64_t added;
	char text[256];
};

static void
note_texts(struct seen *seen, struct str a, struct str b, struct str c)
{
	snprintf(seen->text, sizeof(seen->text), "%.*s|%.*s|%.*s", (int)a.n,
		a.n ? a.p : "", (int)b.n, b.n ? b.p : "", (int)c.n,
		c.n ? c.p : "");
}

static int
on_never(void *ctx, const struct store_never *n)
{
	struct seen *seen = ctx;

	seen->n++;
	seen->id = n->id;
	seen->prefix = n->prefix;
	seen->added = n->added;
	note_texts(seen, n->by, n->note, S(""));
	return 0;
}

static int
on_change(void *ctx, const struct store_change *c)
{
	struct seen *seen = ctx;

	/* The first is the newest. */
	if (seen->n++ == 0)
		note_texts(seen, c->name, c->before, c->after);
	return 0;
}

static void
test_never_entries_are_known_by_their_prefix(void **state)
{
	struct fixture *f = *state;
	struct store_never n = { .prefix = fixture_prefix("192.0.2.0/24"),
		.added = AT,
		.by = S("ann"),
		.note = S("office") };
	struct seen seen = { .n = 0 };
	uint64_t first, id;

	fixture_ok(f, store_add_never(f->store, &n, &first, &f->err));
	n.prefix = fixture_prefix("192.0.2.0/25");
	fixture_ok(f, store_add_never(f->store, &n, &id, &f->err));
	assert_int_not_equal(id, first);
	n.prefix = fixture_prefix("192.0.2.0/24");
	n.note = S("home");
	fixture_ok(f, store_add_never(f->store, &n, &id, &f->err));
	assert_int_equal(id, first);
	n.prefix = fixture_prefix("192.0.2.0/25");
	fixture_ok(f, store_remove_never(f->store, &n.prefix, &f->err));
	fixture_reopen(f);
	fixture_ok(f, store_load_never(f->store, on_never, &seen, &f->err));
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.id, first);
	assert_int_equal(seen.prefix.len, 96 + 24);
	assert_int_equal(seen.added, AT);
	assert_string_equal(seen.text, "ann|home|");
}

static void
set(struct fixture *f, struct str name, struct str before, struct str after)
{
	struct store_change c = { .time = AT,
		.name = name,
		.before = before,
		.after = after,
		.by = S("ann") };

	fixture_ok(f, store_set_setting(f->store, &c, &f->err));
}

static void
test_settings_last_and_have_a_history(void **state)
{
	struct fixture *f = *state;
	struct settings got, usual = settings_default();
	struct store_change_query all = { .limit = 10 };
	struct seen seen = { .n = 0 };

	set(f, S("smtp.threshold"), S("1000"), S("77"));
	fixture_reopen(f);
	fixture_ok(f, store_load_settings(f->store, &got, &f->err));
	assert_int_equal(got.limits[COMPONENT_SMTP].threshold, 77);
	assert_string_equal(f->err.text, "");
	set(f, S("smtp.threshold"), S("77"), S(""));
	fixture_reopen(f);
	fixture_ok(f, store_load_settings(f->store, &got, &f->err));
	assert_memory_equal(&got, &usual, sizeof(got));
	fixture_ok(f,
		store_find_changes(f->store, &all, on_change, &seen, &f->err));
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.text, "smtp.threshold|77|");
	all.before = 2;
	fixture_ok(f,
		store_find_changes(f->store, &all, on_change, &seen, &f->err));
	assert_int_equal(seen.n, 3);
	all.name = S("login.threshold");
	fixture_ok(f,
		store_find_changes(f->store, &all, on_change, &seen, &f->err));
	assert_int_equal(seen.n, 3);
}

static void
test_a_value_no_longer_allowed_is_passed_over_and_told(void **state)
{
	struct fixture *f = *state;
	struct settings got;

	set(f, S("no.such"), S(""), S("1"));
	set(f, S("smtp.threshold"), S(""), S("77"));
	fixture_ok(f, store_load_settings(f->store, &got, &f->err));
	assert_int_equal(got.limits[COMPONENT_SMTP].threshold, 77);
	assert_non_null(strstr(f->err.text, "no.such"));
}

#define T(name) \
	cmocka_unit_test_setup_teardown(name, fixture_make, fixture_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_never_entries_are_known_by_their_prefix),
		T(test_settings_last_and_have_a_history),
		T(test_a_value_no_longer_allowed_is_passed_over_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
