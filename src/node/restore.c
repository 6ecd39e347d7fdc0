/* SPDX-License-Identifier: ISC */

#include "node/restore.h"

#include <stdlib.h>

#include "base/mem.h"
#include "node/inside.h"
#include "node/load.h"
#include "sys/log.h"

/* --- in the storage thread ----------------------------------------------- */

/* What can't be loaded mustn't stay. */
static void
put_back(struct store *store, const struct buf *before)
{
	struct store_opened ignored;
	struct err err;

	if (store_restore(store, buf_str(before), &ignored, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "restore.stays", "%s", err.text);
}

void
restore_run(struct restore *r, struct store *store,
	const struct node_config *config)
{
	struct loaded *l = mem_alloc(1, sizeof(*l));
	struct buf before CLEANUP(buf_free) = { 0 };

	if (store_backup(store, &before, &r->err) == 0 &&
		store_restore(store, r->bytes, &l->opened, &r->err) == 0) {
		if (load_engine(store, config, l, &r->err) == 0) {
			r->loaded = l;
			return;
		}
		put_back(store, &before);
	}
	free(l);
}

/* --- in the loop ------------------------------------------------------------ */

void
node_restore(struct node *n, struct str bytes, node_on_done *fn, void *ctx)
{
	struct restore *r = mem_alloc(1, sizeof(*r));

	r->bytes = bytes;
	r->fn = fn;
	r->ctx = ctx;
	node_record(n, RECORD_RESTORE)->restore = r;
	node_flush(n);
	n->is_restoring = true;
}

void
node_restored(struct node *n, struct restore *r)
{
	n->is_restoring = false;
	if (r->loaded)
		node_take(n, r->loaded);
	else
		node_report_waiting(n);
	r->fn(r->ctx, r->loaded ? NULL : &r->err);
	free(r);
}
