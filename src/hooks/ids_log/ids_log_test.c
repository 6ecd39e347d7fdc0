/* SPDX-License-Identifier: ISC */

/* The hook with a real loop and file; of the node only the observers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/def.h"
#include "base/test.h"
#include "hooks/hook.h"
#include "sys/disk.h"

extern const struct hook hook_ids_log;

struct node {
	struct node_observer *observer;
};

struct bench {
	uv_loop_t loop;
	struct node node;
	char folder[64], path[80], old[80];
	void *running;
};

void
node_observe(struct node *n, struct node_observer *o)
{
	n->observer = o;
}

void
node_unobserve(struct node *n, struct node_observer *o)
{
	assert_ptr_equal(n->observer, o);
	n->observer = NULL;
}

static int
begin(struct bench *b)
{
	const struct hook_option options[] = { { "file", b->path },
		{ "format", "%e %D" } };
	const struct hook_config config = { .source = "ids_log",
		.options = options,
		.options_n = ARRAY_LEN(options) };
	struct err err;

	return hook_ids_log.start(
		&config, &b->node, &b->loop, &b->running, &err);
}

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "/tmp/brattice-ids-XXXXXX");
	if (!mkdtemp(b->folder) || uv_loop_init(&b->loop))
		return -1;
	snprintf(b->path, sizeof(b->path), "%s/ids.log", b->folder);
	snprintf(b->old, sizeof(b->old), "%s/ids.log.1", b->folder);
	*state = b;
	return begin(b);
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	hook_ids_log.stop(b->running);
	assert_null(b->node.observer);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&b->loop), 0);
	unlink(b->path);
	unlink(b->old);
	rmdir(b->folder);
	free(b);
	return 0;
}

static void
tell(struct bench *b, const char *detail)
{
	struct node_observer *o = b->node.observer;
	struct event ev = { .kind = EVENT_SPAM, .detail = str_of(detail) };
	struct effect e = { .type = EFFECT_EVENT };

	e.event.kind = EVENT_SPAM;
	o->effect(o->ctx, &e, &(struct node_cause){ .event = &ev });
}

/* What the file holds once everything is written. */
static void
expect(struct bench *b, const char *path, const char *want)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct err err;

	uv_run(&b->loop, UV_RUN_DEFAULT);
	assert_int_equal(disk_read(path, 1 << 20, &text, &err), 0);
	assert_string_equal(buf_text(&text), want);
}

static void
expect_status(struct bench *b, const char *want)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &text };

	json_open(&j, '{');
	hook_ids_log.status(b->running, &j);
	json_close(&j, '}');
	if (!strstr(buf_text(&text), want))
		fail_msg("%s lacks %s", buf_text(&text), want);
}

static void
test_writes_events_and_nothing_else(void **state)
{
	struct bench *b = *state;
	struct effect e = { .type = EFFECT_BLOCK };

	tell(b, "one");
	b->node.observer->effect(b->node.observer->ctx, &e, NULL);
	tell(b, "two\nlines");
	expect(b, b->path, "5 one\n5 two\\x0alines\n");
	expect_status(b, "\"lines\":2,\"dropped\":0");
}

static void
test_is_rotated_by_anyone(void **state)
{
	struct bench *b = *state;

	tell(b, "one");
	expect(b, b->path, "5 one\n");
	assert_int_equal(rename(b->path, b->old), 0);
	tell(b, "two");
	expect(b, b->path, "5 two\n");
	expect(b, b->old, "5 one\n");
	unlink(b->path);
	tell(b, "three");
	expect(b, b->path, "5 three\n");
	/* copytruncate: the next line is the first of the file. */
	assert_int_equal(truncate(b->path, 0), 0);
	tell(b, "copied");
	expect(b, b->path, "5 copied\n");
	/* SIGHUP: the file is there before the next event. */
	assert_int_equal(rename(b->path, b->old), 0);
	hook_ids_log.reopen(b->running);
	expect(b, b->path, "");
	hook_ids_log.reopen(b->running);
	hook_ids_log.reopen(b->running);
	tell(b, "four");
	expect(b, b->path, "5 four\n");
}

static void
test_a_full_disk_costs_lines_and_is_told(void **state)
{
	struct bench *b = *state;
	char detail[400];

	if (mount("none", b->folder, "tmpfs", 0, "size=64k") < 0)
		skip(); /* not root */
	memset(detail, 'x', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	for (unsigned i = 0; i < 400; i++)
		tell(b, detail);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	tell(b, detail);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	expect_status(b, "\"errors\":2,\"trouble\":\"");
	unlink(b->path);
	tell(b, "again");
	expect(b, b->path, "5 again\n");
	hook_ids_log.reopen(b->running);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	unlink(b->path);
	umount2(b->folder, MNT_DETACH);
}

static void
test_more_than_fits_is_dropped(void **state)
{
	struct bench *b = *state;
	char detail[500];

	memset(detail, 'y', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	for (unsigned i = 0; i < 20000; i++)
		tell(b, detail); /* the loop doesn't run */
	uv_run(&b->loop, UV_RUN_DEFAULT);
	struct buf text CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &text };
	json_open(&j, '{');
	hook_ids_log.status(b->running, &j);
	assert_null(strstr(buf_text(&text), "\"dropped\":0"));
	assert_non_null(strstr(buf_text(&text), "\"errors\":0"));
}

static void
test_what_is_gathered_is_written_at_the_end(void **state)
{
	struct bench *b = *state;

	tell(b, "one");
	tell(b, "two");
	hook_ids_log.stop(b->running);
	expect(b, b->path, "5 one\n5 two\n");
	begin(b);
}

static const struct {
	const char *name, *value, *err;
} wrong[] = {
	{ "file", "ids.log", "file: expected the whole path" },
	{ "format", "%q", "format: \"%q\"" },
};

static void
test_options_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		const struct hook_option options[] = { { "file", "/x" },
			{ wrong[i].name, wrong[i].value } };
		const struct hook_config config = {
			.source = "ids_log", .options = options, .options_n = 2
		};
		struct err err = { { 0 } };

		assert_int_equal(hook_ids_log.check(&config, &err), -1);
		assert_non_null(strstr(err.text, wrong[i].err));
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(test_writes_events_and_nothing_else),
		TEST(test_is_rotated_by_anyone),
		TEST(test_a_full_disk_costs_lines_and_is_told),
		TEST(test_more_than_fits_is_dropped),
		TEST(test_what_is_gathered_is_written_at_the_end),
		TEST(test_options_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
