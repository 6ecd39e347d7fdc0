/* SPDX-License-Identifier: ISC */

/*
 * control.db to take away, and back.  Bytes go over the connection, so
 * that the rights of whoever asks decide about files, not the daemon's.
 */

#include "sys/log.h"
#include "web/access.h"
#include "web/route.h"

#define TYPE "application/vnd.sqlite3"

struct backup {
	bool has_failed;
	struct err err;
};

static void
backup_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct backup *b = a->state;

	(void)events;
	b->has_failed = store_backup(store, &a->text, &b->err) < 0;
}

static void
backup_done(struct ask *a)
{
	struct backup *b = a->state;

	if (b->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", b->err.text);
	} else {
		/* It holds every secret that is kept. */
		access_audit(a, S("control.db"), S(""), S(""));
		ask_reply_as(a, 200, TYPE);
	}
}

void
backup_get(struct ask *a)
{
	a->state = arena_alloc(&a->arena, sizeof(struct backup));
	ask_read(a, backup_read, backup_done);
}

static void
on_restored(void *ctx, const struct err *failed)
{
	struct ask *a = ctx;
	struct engine_stats s;

	if (failed) {
		ask_fail(a, PROBLEM_VALIDATION, "#", "%s", failed->text);
		return;
	}
	access_reload(a->api->access);
	log_line(LOG_LEVEL_NOTICE, "restore.done", "by=%s", a->by);
	engine_stats(node_engine(a->node), &s);
	json_open(&a->out, '{');
	json_member_int(&a->out, "blocks", (int64_t)s.blocks_live);
	json_member_int(&a->out, "never", (int64_t)s.never);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
restore_post(struct ask *a)
{
	if (!http_is_type(a->request, TYPE)) {
		ask_fail(a, PROBLEM_MEDIA_TYPE, NULL,
			"Content-Type must be " TYPE);
		return;
	}
	node_restore(a->node, http_body(a->request), on_restored, a);
}
