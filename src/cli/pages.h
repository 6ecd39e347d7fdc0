/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Lists that come page by page.
 */

#include "cli/client.h"

enum {
	PAGES_ROWS_MAX = 1000, /* of one page */
};

/* Shows the rows of a page. */
typedef void pages_show(struct cli *c, const struct json_t *items);

/* A list of the API. */
struct pages {
	const char *path;
	void (*add_params)(struct cli *c, struct question *q);
	pages_show *show;
	bool is_log;	 /* all of it is shown from the oldest row on */
	bool is_whole;	 /* it comes as one page, whatever its length */
	const char *key; /* what --quiet prints; NULL: "address" */
};

/**
 * pages_run - print a list up to --limit
 * @c  call
 * @p  list
 *
 * With --quiet only one member of each row.  What is left out is said.  With --limit 0
 * a log comes oldest first.
 * Returns the exit code.
 */
enum exit_code pages_run(struct cli *c, const struct pages *p);
