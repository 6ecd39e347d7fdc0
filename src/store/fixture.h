/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * For the tests: a store in a folder that goes away, and rows to put into
 * it.
 */

#include "base/test.h"
#include "store/store.h"

#define AT INT64_C(1790000000) /* the time at which the tests play */

enum {
	FOUND_MAX = 64, /* numbers that are kept */
};

struct fixture {
	char folder[64];
	struct store *store;
	struct store_opened opened;
	struct err err;
};

/* What a look-up gave; texts of the last row end to end. */
struct found {
	unsigned n;
	uint64_t ids[FOUND_MAX];
	struct store_event last; /* without its texts */
	char text[512];
};

/**
 * fixture_make - setup of a test: an empty folder and a store in it
 * @state  filled with a struct fixture
 *
 * Returns 0.
 */
int fixture_make(void **state);

/**
 * fixture_drop - teardown of a test
 * @state  from fixture_make()
 *
 * Returns 0.
 */
int fixture_drop(void **state);

/**
 * fixture_reopen - close the store and open it again
 * @f  fixture
 */
void fixture_reopen(struct fixture *f);

/**
 * fixture_open - open the store, which may fail
 * @f  fixture, closed
 *
 * Returns the store, also in @f, or NULL with @f->err.
 */
struct store *fixture_open(struct fixture *f);

/**
 * fixture_path - where a file of the fixture is
 * @f     fixture
 * @name  file
 *
 * Returns a path that lives until the next call.
 */
const char *fixture_path(const struct fixture *f, const char *name);

/**
 * fixture_event - a row to add
 * @id    number
 * @addr  text of the address
 *
 * Returns an auth_failure at AT + @id that was scored.
 */
struct store_event fixture_event(uint64_t id, const char *addr);

/**
 * fixture_block - an entry to add
 * @id      number
 * @prefix  text of the prefix
 *
 * Returns an automatic entry from AT for an hour.
 */
struct store_block fixture_block(uint64_t id, const char *prefix);

/**
 * fixture_prefix - a prefix from text
 * @text  it
 *
 * Returns the prefix.
 */
struct prefix fixture_prefix(const char *text);

/**
 * fixture_ok - fail the test unless a call has gone well
 * @f   fixture, with what was wrong
 * @rc  what the call returned
 */
void fixture_ok(struct fixture *f, int rc);

/**
 * fixture_add - add an event
 * @f  fixture
 * @e  row
 */
void fixture_add(struct fixture *f, const struct store_event *e);

/**
 * fixture_find - look events up with a reader of its own
 * @f  fixture
 * @q  which
 *
 * Returns what it was given.
 */
struct found fixture_find(struct fixture *f, struct store_query q);
