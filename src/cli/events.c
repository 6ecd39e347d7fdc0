/* SPDX-License-Identifier: ISC */

#include <stdio.h>
#include <time.h>

#include "base/num.h"
#include "base/stamp.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/search.h"
#include "cli/show.h"

static void
add_params(struct cli *c, struct question *q)
{
	search_param(c, q);
	question_param(q, "kind", c->call.option[OPT_KIND]);
	question_param(q, "account", c->call.option[OPT_ACCOUNT]);
	question_param(q, "service", c->call.option[OPT_SERVICE]);
	question_param(q, "source", c->call.option[OPT_SOURCE]);
	question_time(c, q, "since", OPT_SINCE);
	question_time(c, q, "until", OPT_UNTIL);
}

/* A page is newest first, but for people the newest stands last. */
static void
show_log(struct cli *c, const struct json_t *items)
{
	const struct json_t *first = json_tree_at(items, 0);
	const struct json_t *second = json_tree_at(items, 1);

	show_events(c, items,
		json_tree_int(first, "id") > json_tree_int(second, "id"));
}

/* The events behind @after; moves it on. */
static enum exit_code
follow_once(struct cli *c, int64_t *after)
{
	struct question q;
	struct answer a;
	char text[24];
	const struct json_t *items, *e;

	question_open(&q, "GET", "/events");
	add_params(c, &q);
	snprintf(text, sizeof(text), "%jd", (intmax_t)*after);
	question_param(
		&q, *after < 0 ? "limit" : "after", *after < 0 ? "1" : text);
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	items = json_tree_get(a.doc, "items");
	/* The first question is only for where the log ends. */
	bool is_first = *after < 0;
	if (is_first)
		*after = 0;
	for (size_t i = 0; (e = json_tree_at(items, i)); i++)
		*after = json_tree_int(e, "id");
	if (!is_first && json_tree_at(items, 0) && !client_json(c, &a)) {
		show_events(c, items, false);
		/* One heading is enough. */
		c->call.option[OPT_NO_HEADER] = "";
	}
	answer_free(&a);
	cli_flush(c);
	return EXIT_CODE_DONE;
}

static enum exit_code
follow(struct cli *c)
{
	const struct timespec second = { .tv_sec = 1 };
	int64_t after = -1;
	enum exit_code code;

	while ((code = follow_once(c, &after)) == EXIT_CODE_DONE)
		nanosleep(&second, NULL);
	return code;
}

enum exit_code
events_run(struct cli *c)
{
	static const struct pages pages = { "/events", add_params, show_log,
		.is_log = true };
	const char *limit = c->call.option[OPT_LIMIT];
	int64_t rows;

	enum exit_code code = search_check(c, &event_fields);
	if (code)
		return code;
	if (limit && !num_parse(str_of(limit), 0, PAGES_ROWS_MAX, &rows))
		return cli_fail(c, EXIT_CODE_USAGE,
			"--limit of events is at most %d, or 0 for all",
			PAGES_ROWS_MAX);
	return cli_has(c, OPT_FOLLOW) ? follow(c) : pages_run(c, &pages);
}
