/* SPDX-License-Identifier: ISC */

/*
 * Lists as files: read page by page, sent piece by piece, so that neither
 * memory nor a read transaction grows with them.
 */

#include <string.h>

#include "store/list.h"
#include "web/ask_stream.h"
#include "web/audit.h"
#include "web/export_format.h"
#include "web/lists.h"
#include "web/route.h"
#include "web/search.h"

enum {
	PAGE_ROWS = 500, /* in memory at once */
	PAGE_MS = 500,	 /* of the event log, before others have their turn */
};

struct export
{
	const struct export_format *format;
	ask_reader *read; /* the next page into @text */
	bool is_search;	  /* of the event log */
	struct buf text;
	size_t sent; /* bytes of @text */
	bool is_over, has_failed;
	struct err err;

	struct query terms;
	struct store_query query; /* of events */
	uint64_t seen;
	unsigned rows;		/* of the page */
	struct store_list list; /* of blocks */
	struct audit_query log; /* of the audit log */
	struct render_view view;
};

/* --- sending --------------------------------------------------------------------- */

static ssize_t
on_fill(struct ask *a, char *to, size_t cap)
{
	struct export *x = a->state;
	size_t left = x->text.n - x->sent, n = left < cap ? left : cap;

	if (n) {
		memcpy(to, x->text.p + x->sent, n);
		x->sent += n;
		return (ssize_t)n;
	}
	if (x->has_failed)
		return HTTP_BROKEN;
	if (x->is_over)
		return HTTP_END;
	x->text.n = x->sent = 0;
	if (x->is_search)
		ask_search(a, x->read, ask_wake);
	else
		ask_read(a, x->read, ask_wake);
	return HTTP_WAIT;
}

static void
on_free(struct ask *a)
{
	struct export *x = a->state;

	buf_free(&x->text);
}

/* A row of the table of sources, by format: each has its media type. */
#define SOURCE(media, name)                                             \
	{                                                               \
		.type = media,                                          \
		.field = { "Content-Disposition",                       \
			"attachment; filename=\"brattice." name "\"" }, \
		.fill = on_fill, .free = on_free                        \
	}

static const struct ask_source sources[] = {
	SOURCE("text/csv; charset=utf-8", "csv"),
	SOURCE("application/jsonl", "jsonl"),
	SOURCE("text/plain; charset=utf-8", "txt"),
	SOURCE("text/plain; charset=utf-8", "nft"),
};

static struct export *
begin(struct ask *a)
{
	struct export *x = arena_alloc(&a->arena, sizeof(*x));
	struct str name = S("csv");

	a->state = x;
	x->view = render_view_of(node_engine(a->node), node_now(a->node));
	http_query(a->request, "format", &name);
	for (unsigned i = 0; i < export_formats_n; i++) {
		if (str_eq(name, str_of(export_formats[i].name)))
			x->format = &export_formats[i];
	}
	if (x->format)
		return x;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"format must be csv, jsonl, txt or nft");
	return NULL;
}

static void
send_all(struct ask *a, const char *head)
{
	struct export *x = a->state;

	buf_add(&x->text, str_of(head));
	ask_stream(a, &sources[x->format - export_formats]);
}

/* --- events ----------------------------------------------------------------------- */

static int
on_event(void *ctx, const struct store_event *e)
{
	struct export *x = ctx;

	x->format->event(&x->text, e);
	x->query.after = e->id;
	x->rows++;
	return 0;
}

static void
events_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct export *x = a->state;
	int rc;

	(void)store;
	x->rows = 0;
	rc = store_find_events(events, &x->query, on_event, x, &x->err);
	x->has_failed = rc < 0;
	x->is_over = rc == 0 && x->rows < PAGE_ROWS;
	if (rc == STORE_LATE && x->seen > x->query.after)
		x->query.after = x->seen;
}

void
events_export(struct ask *a)
{
	struct export *x = begin(a);

	if (!x || !search_get(a, &event_fields, &x->terms) ||
		!ask_time(a, "since", &x->query.since))
		return;
	/* What comes meanwhile is not in it: it would have no end. */
	x->query.until = x->view.now;
	if (!ask_time(a, "until", &x->query.until))
		return;
	if (!x->format->event || query_find(&x->terms, QUERY_BLOCK)) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			x->format->event
				? "block is no field of an export"
				: "events can be had as csv, jsonl or txt");
		return;
	}
	x->read = events_read;
	x->is_search = true;
	x->query.kind = -1;
	x->query.is_oldest_first = true;
	x->query.limit = PAGE_ROWS;
	x->query.limit_ms = PAGE_MS;
	x->query.query = &x->terms;
	x->query.seen = &x->seen;
	send_all(a, x->format->event_head);
}

/* --- blocks ----------------------------------------------------------------------- */

static int
on_block(void *ctx, const struct store_block *b)
{
	struct export *x = ctx;

	x->format->block(&x->text, b, &x->view);
	return ++x->rows == PAGE_ROWS;
}

static void
blocks_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct export *x = a->state;

	(void)events;
	x->rows = 0;
	x->has_failed = store_list_blocks(
				store, &x->list, on_block, x, &x->err) < 0;
	x->is_over = x->list.is_end;
}

void
blocks_export(struct ask *a)
{
	struct export *x = begin(a);

	if (!x || !search_get(a, &block_fields, &x->terms) ||
		!search_add_state(a, &x->terms))
		return;
	x->read = blocks_read;
	x->list.query = &x->terms;
	x->list.now = x->view.now;
	x->list.sort = STORE_BY_OLDEST;
	send_all(a, x->format->block_head);
}

/* --- never-block entries ------------------------------------------------------------ */

static void
on_never(void *ctx, const struct store_never *n)
{
	struct export *x = ctx;

	if (n->id)
		x->format->never(&x->text, n);
}

void
never_export(struct ask *a)
{
	struct export *x = begin(a);

	if (!x)
		return;
	/* It is in memory: people have made it. */
	x->is_over = true;
	buf_add(&x->text, str_of(x->format->never_head));
	node_never_each(a->node, on_never, x);
	send_all(a, "");
}

/* --- the audit log -------------------------------------------------------------------- */

static int
on_audit(void *ctx, const struct store_audit *row)
{
	struct export *x = ctx;

	x->format->audit(&x->text, row);
	x->log.before = row->id;
	x->rows++;
	return 0;
}

static void
audit_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct export *x = a->state;
	const struct audit_query q = x->log;

	(void)events;
	x->rows = 0;
	x->has_failed = audit_find(store, &q, on_audit, x, &x->err) < 0;
	x->is_over = x->rows < PAGE_ROWS;
}

void
audit_export(struct ask *a)
{
	struct export *x = begin(a);

	if (!x)
		return;
	if (!x->format->audit) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"the audit log can be had as csv or jsonl");
		return;
	}
	if (!audit_query_get(a, &x->log))
		return;
	x->read = audit_read;
	x->log.limit = PAGE_ROWS;
	access_audit(a, S("audit log"), S(""), S(""));
	send_all(a, x->format->audit_head);
}
