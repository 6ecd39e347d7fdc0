/* SPDX-License-Identifier: ISC */

#include "cli/pages.h"

#include <stdio.h>

#include "base/num.h"
#include "cli/show.h"

enum {
	LIMIT = 50,
};

static void
show_quiet(struct cli *c, const struct pages *p, const struct json_t *items)
{
	const struct json_t *o;

	for (size_t i = 0; (o = json_tree_at(items, i)); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		(void)json_tree_add(
			&b, json_tree_get(o, p->key ? p->key : "address"));
		show_text(c, buf_str(&b));
		buf_addc(&c->out, '\n');
	}
}

static void
show_page(struct cli *c, const struct pages *p, const struct answer *a)
{
	const struct json_t *items = json_tree_get(a->doc, "items");

	if (cli_has(c, OPT_QUIET))
		show_quiet(c, p, items);
	else if (!client_json(c, a) &&
		 (json_tree_at(items, 0) || cli_has(c, OPT_CSV)))
		p->show(c, items);
}

static size_t
count(const struct json_t *items)
{
	size_t n = 0;

	while (json_tree_at(items, n))
		n++;
	return n;
}

static int64_t
limit_of(const struct cli *c)
{
	const char *text = c->call.option[OPT_LIMIT];
	int64_t limit = LIMIT;

	if (text)
		(void)num_parse(str_of(text), 0, INT64_MAX, &limit);
	return limit ? limit : INT64_MAX;
}

/* Lists never stop silently; on standard error, so that data stays data. */
static void
say_more(struct cli *c, int64_t shown, int64_t total)
{
	if (total > shown)
		cli_note(c, "… %jd more: --limit 0 shows all",
			(intmax_t)(total - shown));
	else
		cli_note(c, "… only %jd are shown: --limit 0 shows all",
			(intmax_t)shown);
}

/* How many rows there are, if that is known exactly. */
static int64_t
total_of(const struct json_t *doc)
{
	const struct json_t *total = json_tree_get(doc, "total");

	return json_tree_bool(total, "exact") ? json_tree_int(total, "value")
					      : 0;
}

/* Ask for the next page of at most @rows. */
static void
open_page(struct cli *c, struct question *q, const struct pages *p,
	int64_t rows, struct buf *cursor)
{
	char limit[24];
	bool from_oldest = p->is_log && limit_of(c) == INT64_MAX;

	question_open(q, "GET", p->path);
	if (p->add_params)
		p->add_params(c, q);
	if (p->is_whole)
		return;
	snprintf(limit, sizeof(limit), "%jd",
		(intmax_t)(rows < PAGES_ROWS_MAX ? rows : PAGES_ROWS_MAX));
	question_param(q, "limit", limit);
	if (from_oldest)
		question_param(q, "after", cursor->n ? buf_text(cursor) : "0");
	else if (cursor->n)
		question_param(q, "cursor", buf_text(cursor));
}

enum exit_code
pages_run(struct cli *c, const struct pages *p)
{
	struct buf cursor CLEANUP(buf_free) = { 0 };
	int64_t left = limit_of(c), shown = 0, total = 0;
	bool has_more = true;

	while (has_more && left > 0) {
		struct question q;
		struct answer a;

		open_page(c, &q, p, left, &cursor);
		enum exit_code code = client_ask(c, &q, &a);
		if (code)
			return code;
		show_page(c, p, &a);
		int64_t n = (int64_t)count(json_tree_get(a.doc, "items"));
		left -= n;
		shown += n;
		total = total_of(a.doc);
		cursor.n = 0;
		buf_add(&cursor, json_tree_str(a.doc, "next"));
		has_more = cursor.n > 0;
		answer_free(&a);
		cli_flush(c);
		/* One heading is enough. */
		if (n)
			c->call.option[OPT_NO_HEADER] = "";
	}
	if (has_more)
		say_more(c, shown, total);
	if (shown == 0 && c->is_terminal)
		cli_note(c, "nothing matches");
	return EXIT_CODE_DONE;
}
