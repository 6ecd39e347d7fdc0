/* SPDX-License-Identifier: ISC */

/*
 * The whole audit log, or what a search finds in it, as a file.
 */

#include "base/stamp.h"
#include "web/ask_stream.h"
#include "web/audit.h"
#include "web/route.h"

enum {
	PAGE = 200, /* rows read at once */
};

typedef void row_writer(struct buf *b, const struct store_audit *row);

struct export
{
	struct audit_query query;
	row_writer *write;
	struct buf text; /* of the page at hand … */
	size_t sent;	 /* … and what of it has gone */
	unsigned rows;	 /* of the page */
	bool is_over, has_failed;
	struct err err;
};

static void
write_line(struct buf *b, const struct store_audit *row)
{
	struct json j = { .b = b };

	audit_add_row(&j, row);
	buf_addc(b, '\n');
}

/* Quoted (RFC 4180).  What a spreadsheet would take for a formula gets an
 * apostrophe: strangers choose some of these texts. */
static void
add_cell(struct buf *b, struct str s, char end)
{
	buf_addc(b, '"');
	if (s.n && memchr("=+-@\t\r", s.p[0], 6))
		buf_addc(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, '"');
	buf_addc(b, end);
}

static void
write_cells(struct buf *b, const struct store_audit *r)
{
	const struct str cells[] = { r->actor, r->via, r->address, r->action,
		r->target, r->before, r->after, r->note };

	buf_printf(b, "%ju,", (uintmax_t)r->id);
	stamp_add(b, r->time);
	buf_addc(b, ',');
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		add_cell(b, cells[i], i + 1 < ARRAY_LEN(cells) ? ',' : '\n');
}

static int
on_row(void *ctx, const struct store_audit *row)
{
	struct export *x = ctx;

	x->write(&x->text, row);
	x->query.before = row->id;
	x->rows++;
	return 0;
}

static void
page_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct export *x = a->state;
	const struct audit_query q = x->query;

	(void)events;
	x->rows = 0;
	x->has_failed = audit_find(store, &q, on_row, x, &x->err) < 0;
	x->is_over = x->rows < PAGE;
}

static ssize_t
export_fill(struct ask *a, char *to, size_t cap)
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
	ask_read(a, page_read, ask_wake);
	return HTTP_WAIT;
}

static void
export_free(struct ask *a)
{
	struct export *x = a->state;

	buf_free(&x->text);
}

static const struct ask_source as_csv = { "text/csv; charset=utf-8",
	{ "Content-Disposition", "attachment; filename=\"audit.csv\"" },
	export_fill, export_free };
static const struct ask_source as_lines = { "application/jsonl",
	{ "Content-Disposition", "attachment; filename=\"audit.jsonl\"" },
	export_fill, export_free };

void
audit_export_get(struct ask *a)
{
	struct export *x = arena_alloc(&a->arena, sizeof(*x));
	struct str format = S("csv");
	bool is_csv;

	a->state = x;
	(void)http_query(a->request, "format", &format);
	is_csv = str_eq(format, S("csv"));
	if (!is_csv && !str_eq(format, S("jsonl"))) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"format must be csv or jsonl");
		return;
	}
	if (!audit_query_get(a, &x->query))
		return;
	x->query.limit = PAGE;
	x->write = is_csv ? write_cells : write_line;
	if (is_csv)
		buf_add(&x->text,
			S("id,time,actor,via,address,action,target,before,"
			  "after,note\n"));
	access_audit(a, S("audit log"), S(""), S(""));
	ask_stream(a, is_csv ? &as_csv : &as_lines);
}
