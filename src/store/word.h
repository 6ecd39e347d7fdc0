/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The dictionary of an era, with a cache of fixed size in front of it.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "store/db.h"

enum {
	WORD_SLOTS = 4096,
	WORD_CACHED_MAX = 51, /* longer texts are looked up each time */
};

struct word_cache {
	struct hash_key key; /* texts are the attackers' */
	int64_t era;
	struct word_slot {
		uint64_t n; /* 0: free */
		uint32_t id;
		char text[WORD_CACHED_MAX + 1];
	} slots[WORD_SLOTS];
};

/**
 * word_get - the number of a text in the dictionary; it is added if new
 * @c     cache
 * @db    events.db, in a transaction
 * @era   whose dictionary
 * @text  text; the empty one is 0 and isn't in it
 * @err   when it fails
 *
 * Returns the number, or -1 with @err.
 */
int64_t word_get(struct word_cache *c, struct db *db, int64_t era,
	struct str text, struct err *err);

/**
 * word_find - the number of a text in the dictionary
 * @db    events.db
 * @era   whose dictionary
 * @text  text, not empty
 * @err   when it fails
 *
 * Returns the number, 0 when it isn't there, -1 with @err.
 */
int64_t word_find(struct db *db, int64_t era, struct str text, struct err *err);

/**
 * word_forget - empty the cache: a transaction was rolled back
 * @c  cache
 */
void word_forget(struct word_cache *c);
