/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Searching the block list and its history, a slice at a time: control.db
 * has one connection, and writing must not wait for a search.
 */

#include "core/query.h"
#include "store/store.h"

enum store_sort {
	STORE_BY_NEWEST, /* made last first */
	STORE_BY_OLDEST,
	STORE_BY_END, /* what ends next first */
	STORE_BY_LAST_END,
	STORE_BY_ADDRESS, /* wide networks first */
	STORE_SORTS,
};

/* A place in a sorted list: behind this row. */
struct store_place {
	bool is_set;
	int64_t key; /* begin, end, or bits */
	struct addr addr;
	uint64_t id;
};

/* A search under way. */
struct store_list {
	const struct query *query; /* terms; alive until the end */
	enum store_sort sort;
	int64_t now; /* wall time [s] */

	struct store_place at; /* where it stands; zeroed: at the beginning */
	bool is_end;	       /* all was looked at */
	int driver;	       /* list.c's … */
	bool is_chosen, is_paused; /* … */
};

/**
 * store_list_blocks - go on with a search
 * @s    store
 * @l    search, moved on
 * @fn   called for each row that is found
 * @ctx  for @fn
 * @err  when it can't be read
 *
 * Looks for some milliseconds.  Returns 0: go on unless @l->is_end;
 * -1 with @err, or what @fn returned.
 */
int store_list_blocks(struct store *s, struct store_list *l, store_on_block *fn,
	void *ctx, struct err *err);

/**
 * store_place_of - where a row stands
 * @sort  order of the list
 * @b     row
 *
 * Returns the place behind it.
 */
struct store_place store_place_of(
	enum store_sort sort, const struct store_block *b);
