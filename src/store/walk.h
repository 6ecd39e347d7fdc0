/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A walk through the event log from era to era, newest or oldest first:
 * one statement, run for each era that can have rows of the search.
 */

#include "store/filter.h"
#include "store/parts.h"

struct walk;

/* A row; a non-zero return stops the walk. */
typedef int walk_row(struct walk *w, sqlite3_stmt *st);

struct walk {
	struct db *db;
	struct store_query q; /* changed: what the index can do for it */
	walk_row *row;
	void *ctx;	   /* of @row */
	enum find_way way; /* by the query */
	unsigned stmt;	   /* number of a statement, when @own is NULL */
	sqlite3_stmt *own; /* of the walk */
	struct filter filter;
	struct span span;
	int64_t above, below, until;
	int64_t left;			  /* rows still wanted */
	int64_t source, service, account; /* words of the era, or 0 */
};

/**
 * walk_begin - choose the way
 * @w   its db, row, ctx are set
 * @q   which events; copied
 */
void walk_begin(struct walk *w, const struct store_query *q);

/**
 * walk_prepare - a statement of its own, with the filter of its query
 * @w        begun
 * @columns  "select … "
 * @tail     behind all conditions
 * @err      when it fails
 *
 * Returns 0, or -1 with @err.
 */
int walk_prepare(
	struct walk *w, const char *columns, const char *tail, struct err *err);

/**
 * walk_run - run the statement era by era
 * @w    begun; has a statement
 * @err  when it can't be read
 *
 * Returns 0, -1 with @err, or what @w->row returned.
 */
int walk_run(struct walk *w, struct err *err);

/**
 * walk_end - give the memory back
 * @w  begun
 */
void walk_end(struct walk *w);
