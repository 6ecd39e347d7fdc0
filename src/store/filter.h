/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A search as the condition of a statement: constant pieces of SQL with
 * places for values, which are bound.  Nothing that was typed stands in
 * the text.
 */

#include "base/arena.h"
#include "base/buf.h"
#include "core/query.h"
#include "store/db.h"

enum {
	/* The era whose dictionary words are of, in events.db. */
	FILTER_ERA = 10,
	/* Values of a filter begin here; statements have their own below. */
	FILTER_FIRST = 20,
};

/* A value to bind. */
struct filter_value {
	int64_t number;
	struct str text; /* when @is_text */
	bool is_text;
};

struct filter {
	struct buf sql; /* " and (…)" for each term */
	struct filter_value *values;
	unsigned n, cap;
	struct arena arena; /* of values made here */
	int64_t now;	    /* which entries are in force [s] */
};

/**
 * filter_events - for rows e of event, joined as find.c does
 * @f  zeroed; for filter_free()
 * @q  terms; borrowed as long as @f lives
 */
void filter_events(struct filter *f, const struct query *q);

/**
 * filter_blocks - for rows b of block
 * @f  zeroed but for @now; for filter_free()
 * @q  terms; borrowed as long as @f lives
 */
void filter_blocks(struct filter *f, const struct query *q);

/**
 * filter_bind - bind its values
 * @f   filter
 * @st  statement with its text
 */
void filter_bind(const struct filter *f, sqlite3_stmt *st);

/**
 * filter_free - give the memory back
 * @f  filter, empty afterwards
 */
void filter_free(struct filter *f);

/**
 * filter_functions - what the texts call
 * @db   opened
 * @err  when it fails
 *
 * Returns 0, or -1 with @err.
 */
int filter_functions(struct db *db, struct err *err);
