/* SPDX-License-Identifier: ISC */

#include "hooks/tail/fake_node.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/test.h"
#include "dialect/rules.h"
#include "sys/clock.h"
#include "sys/disk.h"

extern const struct hook hook_tail;

/* --- node --------------------------------------------------------------- */

void
node_report(struct node *n, const struct event *ev)
{
	n->pending[n->pending_n++] = ev->count;
}

static void
position_set(struct fake_position *list, unsigned *n, const char *name,
	const struct log_position *p)
{
	unsigned i = 0;

	while (i < *n && strcmp(list[i].name, name) != 0)
		i++;
	if (i == *n)
		snprintf(list[(*n)++].name, sizeof(list[i].name), "%s", name);
	list[i].at = *p;
}

void
node_log_position(struct node *n, struct str name, const struct log_position *p)
{
	char text[512];

	snprintf(text, sizeof(text), "%.*s", (int)name.n, name.p);
	position_set(n->open, &n->open_n, text, p);
}

bool
node_log_resume(const struct node *n, struct str name, struct log_position *ret)
{
	for (unsigned i = 0; i < n->kept_n; i++)
		if (str_eq(str_of(n->kept[i].name), name)) {
			*ret = n->kept[i].at;
			return true;
		}
	return false;
}

bool
node_is_loaded(const struct node *n)
{
	return !n->is_loading;
}

bool
node_is_busy(const struct node *n)
{
	return n->is_busy;
}

int64_t
node_now(const struct node *n)
{
	(void)n;
	return clock_wall_s();
}

/* --- reader -------------------------------------------------------------- */

const struct dialect *const dialects[] = { NULL };
const unsigned dialects_n = 0;

static struct node *told; /* whom readers tell how much they were fed */

struct reader {
	char sessions[64];
};

struct reader *
reader_new(const char *dialect, const struct zone *zone,
	const struct hash_key *key)
{
	(void)dialect;
	(void)zone;
	(void)key;
	return mem_alloc(1, sizeof(struct reader));
}

void
reader_free(struct reader *r)
{
	free(r);
}

struct rules *
rules_new(void)
{
	return NULL;
}

void
rules_free(struct rules *rules)
{
	(void)rules;
}

int
rules_add(struct rules *rules, struct str text, struct err *err)
{
	(void)rules;
	(void)text;
	(void)err;
	return 0;
}

void
reader_rules(struct reader *r, const struct rules *rules)
{
	(void)r;
	(void)rules;
}

static bool
number_after(struct str line, size_t at, uint32_t *ret)
{
	struct str number, words;
	int64_t v;

	if (line.n <= at)
		return false;
	str_cut(str_from(line, at), ' ', &number, &words);
	if (!num_parse(number, 0, FAKE_NUMBERS - 1, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

enum reading
reader_feed(
	struct reader *r, struct str line, int64_t arrival, struct events *ret)
{
	uint32_t number;

	(void)arrival;
	ret->n = 0;
	told->lines++;
	if (line.n > told->longest)
		told->longest = line.n;
	if (str_starts(line, S("open ")) && line.n > 5)
		r->sessions[line.p[5] & 63] = 1;
	else if (str_starts(line, S("n ")) && number_after(line, 2, &number))
		ret->n = 1;
	else if (str_starts(line, S("fail ")) && line.n > 7 &&
		 r->sessions[line.p[5] & 63] && number_after(line, 7, &number))
		ret->n = 1;
	if (ret->n == 0)
		return READING_UNKNOWN;
	ret->list[0] = (struct event){ .count = number };
	return READING_EVENT;
}

void
reader_stats(const struct reader *r, struct reader_stats *ret)
{
	(void)r;
	*ret = (struct reader_stats){ 0 };
}

/* --- hook ---------------------------------------------------------------- */

const char *
hook_option(const struct hook *hook, const struct hook_config *config,
	const char *name)
{
	const struct hook_option_type *t = hook->options;

	for (size_t i = 0; i < config->options_n; i++)
		if (strcmp(config->options[i].name, name) == 0)
			return config->options[i].value;
	while (strcmp(t->name, name) != 0)
		t++;
	return t->initial;
}

const char *
fake_path(const struct fake *f, const char *name, char *room)
{
	snprintf(room, 128, "%s/%s", f->folder, name);
	return room;
}

void
fake_open(struct fake *f)
{
	strcpy(f->folder, "/tmp/brattice-tail-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	f->node.seen = mem_alloc(FAKE_NUMBERS, 1);
	f->node.pending = mem_alloc(FAKE_NUMBERS, sizeof(uint32_t));
	told = &f->node;
	assert_int_equal(uv_loop_init(&f->loop), 0);
}

void
fake_start(struct fake *f)
{
	char path[128];
	struct hook_option options[] = {
		{ "file", fake_path(f, f->file ? f->file : "log", path) },
		{ "start", f->start ? f->start : "end" },
	};
	struct hook_config config = {
		.source = "mail", .options = options, .options_n = 2
	};
	struct err err = { 0 };

	assert_int_equal(hook_tail.check(&config, &err), 0);
	assert_int_equal(
		hook_tail.start(&config, &f->node, &f->loop, &f->running, &err),
		0);
	fake_run(f, 1);
}

void
fake_commit(struct fake *f)
{
	struct node *n = &f->node;

	for (size_t i = 0; i < n->pending_n; i++)
		n->seen[n->pending[i]]++;
	for (unsigned i = 0; i < n->open_n; i++)
		position_set(
			n->kept, &n->kept_n, n->open[i].name, &n->open[i].at);
	n->pending_n = n->open_n = 0;
}

void
fake_kill(struct fake *f)
{
	if (!f->running)
		return;
	hook_tail.stop(f->running);
	f->running = NULL;
	uv_run(&f->loop, UV_RUN_DEFAULT);
	f->node.pending_n = f->node.open_n = 0;
}

static void
on_name(void *ctx, const char *name)
{
	char path[128];

	unlink(fake_path(ctx, name, path));
}

void
fake_close(struct fake *f)
{
	fake_kill(f);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	disk_list(f->folder, on_name, f);
	rmdir(f->folder);
	free(f->node.seen);
	free(f->node.pending);
}

void
fake_run(struct fake *f, unsigned ms)
{
	int64_t until = clock_mono_ns() + ms * INT64_C(1000000);

	do {
		if (!uv_run(&f->loop, UV_RUN_NOWAIT))
			break;
		usleep(100);
	} while (clock_mono_ns() < until);
}

bool
fake_wait(struct fake *f, uint32_t n, unsigned ms)
{
	int64_t until = clock_mono_ns() + ms * INT64_C(1000000);
	uint32_t at = 0;

	do {
		uv_run(&f->loop, UV_RUN_NOWAIT);
		fake_commit(f);
		while (at < n && f->node.seen[at])
			at++;
		if (at < n)
			usleep(200);
	} while (at < n && clock_mono_ns() < until);
	fake_run(f, 5); /* anything that comes twice */
	fake_commit(f);
	for (uint32_t i = 0; i < n; i++)
		if (f->node.seen[i] != 1) {
			print_message("%u of %u was seen %u times\n", i, n,
				f->node.seen[i]);
			return false;
		}
	return true;
}

int64_t
fake_status(struct fake *f, const char *name)
{
	struct buf b = { 0 };
	struct json j = { .b = &b };
	char key[64];
	const char *at;
	int64_t v = -1;

	json_open(&j, '{');
	hook_tail.status(f->running, &j);
	json_close(&j, '}');
	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(buf_text(&b), key);
	if (at)
		v = strtoll(at + strlen(key), NULL, 10);
	buf_free(&b);
	return v;
}

void
fake_append(struct fake *f, const char *name, const char *text)
{
	char path[128];
	int fd = open(
		fake_path(f, name, path), O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void
fake_move(struct fake *f, const char *from, const char *to)
{
	char a[128], b[128];

	assert_int_equal(rename(fake_path(f, from, a), fake_path(f, to, b)), 0);
}
