/* SPDX-License-Identifier: ISC */

/*
 * The IDS log: a line for every event, in a file that others may rotate.
 * Lines gather in memory; a thread of libuv's pool writes what there is,
 * so that the loop never waits for this disk.
 */

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "hooks/hook.h"
#include "hooks/ids_log/format.h"
#include "sys/append.h"
#include "sys/log.h"

enum {
	GATHERED_MAX = 4 << 20, /* bytes of lines; more are dropped */
};

struct ids_log {
	struct node *node;
	uv_loop_t *loop;
	struct node_observer observer;
	char *format, *path;

	struct buf lines; /* gathered */
	uv_work_t work;
	bool is_writing; /* what follows is the thread's */
	struct buf batch;
	struct append file;
	struct err failed; /* of this batch, or "" */
	uint64_t batch_lost;
	bool batch_reopens;

	bool is_to_reopen, is_stopping, is_failing;
	uint64_t lines_n, dropped, errors;
	char last_error[sizeof(struct err)];
};

static const struct hook_option_type options[] = {
	{ "file", NULL, false, "Whole path of the file." },
	{ "format", "%T %I %e %E %D", false,
		"A line: %T time, %I address, %e number and %E name of the "
		"event, %D the server's words, %% a percent sign." },
	{ 0 },
};

extern const struct hook hook_ids_log;

static void begin_write(struct ids_log *l);

static void
fini(struct ids_log *l)
{
	append_close(&l->file);
	buf_free(&l->lines);
	buf_free(&l->batch);
	free(l->format);
	free(l->path);
	free(l);
}

/* Trouble is told when it begins and when it is over. */
static void
tell(struct ids_log *l)
{
	bool is_failing = *l->failed.text;

	if (is_failing) {
		memcpy(l->last_error, l->failed.text, sizeof(l->last_error));
		l->errors++;
	}
	if (is_failing && !l->is_failing)
		log_line(LOG_LEVEL_ERROR, "ids_log.failed", "%s",
			l->failed.text);
	if (!is_failing && l->is_failing)
		log_line(LOG_LEVEL_NOTICE, "ids_log.again",
			"file=%s dropped=%llu: lines are written again",
			l->path, (unsigned long long)l->dropped);
	l->is_failing = is_failing;
}

static void
on_written(uv_work_t *work, int status)
{
	struct ids_log *l = work->data;

	(void)status;
	l->is_writing = false;
	l->dropped += l->batch_lost;
	tell(l);
	if (l->lines.n || l->is_to_reopen)
		begin_write(l);
	else if (l->is_stopping)
		fini(l);
}

/* In the pool. */
static void
write_batch(uv_work_t *work)
{
	struct ids_log *l = work->data;

	l->failed.text[0] = '\0';
	l->batch_lost = 0;
	if (l->batch_reopens)
		append_close(&l->file);
	(void)append_write(
		&l->file, buf_str(&l->batch), &l->batch_lost, &l->failed);
}

static void
begin_write(struct ids_log *l)
{
	struct buf empty = l->batch;

	empty.n = 0;
	l->batch = l->lines;
	l->lines = empty;
	l->batch_reopens = l->is_to_reopen;
	l->is_to_reopen = false;
	l->is_writing = true;
	uv_queue_work(l->loop, &l->work, write_batch, on_written);
}

static void
on_effect(void *ctx, const struct effect *e, const struct node_cause *cause)
{
	struct ids_log *l = ctx;

	if (e->type != EFFECT_EVENT)
		return;
	l->lines_n++;
	if (l->lines.n > GATHERED_MAX) {
		l->dropped++;
		return;
	}
	format_add(&l->lines, str_of(l->format), cause->event, e->event.kind);
	if (!l->is_writing)
		begin_write(l);
}

/* --- the hook --------------------------------------------------------------- */

static int
ids_log_check(const struct hook_config *config, struct err *err)
{
	const char *file = hook_option(&hook_ids_log, config, "file");
	const char *format = hook_option(&hook_ids_log, config, "format");
	struct err why;

	if (!file || *file != '/')
		return err_set(err,
			"%s: file: expected the whole path of a file, not "
			"\"%s\"",
			config->source, file ? file : "");
	if (format_check(str_of(format), &why) == 0)
		return 0;
	return err_set(err, "%s: format: %s", config->source, why.text);
}

static int
ids_log_start(const struct hook_config *config, struct node *node,
	uv_loop_t *loop, void **ret, struct err *err)
{
	if (ids_log_check(config, err) < 0)
		return -1;

	struct ids_log *l = mem_alloc(1, sizeof(*l));
	l->node = node;
	l->loop = loop;
	l->format = strdup(hook_option(&hook_ids_log, config, "format"));
	l->path = strdup(hook_option(&hook_ids_log, config, "file"));
	if (!l->format || !l->path)
		abort();
	l->file = (struct append){ .path = l->path, .fd = -1 };
	l->work.data = l;
	l->observer = (struct node_observer){ .effect = on_effect, .ctx = l };
	node_observe(node, &l->observer);
	*ret = l;
	return 0;
}

static void
ids_log_stop(void *running)
{
	struct ids_log *l = running;

	node_unobserve(l->node, &l->observer);
	l->is_stopping = true;
	if (!l->is_writing)
		fini(l);
}

/* The name is looked at before each write anyway; this lets go of a file
 * that nobody else wants, such as one on a disk to be unmounted. */
static void
ids_log_reopen(void *running)
{
	struct ids_log *l = running;

	l->is_to_reopen = true;
	if (!l->is_writing)
		begin_write(l);
}

static void
ids_log_status(void *running, struct json *j)
{
	const struct ids_log *l = running;

	json_member_str(j, "file", str_of(l->path));
	json_member_int(j, "lines", (int64_t)(l->lines_n - l->dropped));
	json_member_int(j, "dropped", (int64_t)l->dropped);
	json_member_int(j, "errors", (int64_t)l->errors);
	if (l->is_failing)
		json_member_str(j, "trouble", str_of(l->last_error));
}

const struct hook hook_ids_log = {
	.name = "ids_log",
	.summary = "writes a line for every event to a file",
	.is_writing = true,
	.options = options,
	.check = ids_log_check,
	.start = ids_log_start,
	.stop = ids_log_stop,
	.reopen = ids_log_reopen,
	.status = ids_log_status,
};
