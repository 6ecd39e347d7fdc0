/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The addresses that are tracked: a dense array of entries of one cache
 * line that never move, and an open-addressing index to them.  The index
 * grows by moving a few slots with each entry that comes.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/pool.h"
#include "core/blocks.h"
#include "core/window.h"

/* What is known of an address, or prefix of IPv6 addresses. */
struct entry {
	struct addr key;
	struct lease lease;
	struct window window;
	uint16_t generation; /* of the settings it was last judged by */
	bool is_used;
};

_Static_assert(sizeof(struct entry) == 64, "one cache line");

struct slot {
	uint32_t hash;
	uint32_t entry; /* number, or 0 */
};

struct slots {
	struct slot *p; /* or NULL */
	uint32_t mask;
	uint32_t n; /* in use */
};

struct table {
	struct pool entries;
	struct slots now;
	struct slots old;  /* what hasn't moved over yet */
	uint32_t old_at;   /* next slot of @old to move */
	uint32_t old_left; /* slots of @old still to be looked at */
	uint32_t hand;	   /* entry looked at last for whether it is dead */
};

/**
 * table_init - an empty table
 * @t  filled
 */
void table_init(struct table *t);

/**
 * table_free - give the memory back; windows aren't cleared
 * @t  table
 */
void table_free(struct table *t);

/**
 * table_find - the entry of a key
 * @t     table
 * @key   address, or first address of the prefix
 * @hash  of @key
 *
 * Returns it, or NULL.
 */
struct entry *table_find(
	const struct table *t, const struct addr *key, uint32_t hash);

/**
 * table_prefetch_entry - an entry is going to be asked for
 * @t     table
 * @hash  of its key, whose slot was prefetched before
 */
void table_prefetch_entry(const struct table *t, uint32_t hash);

/**
 * table_add - a new entry
 * @t     table
 * @key   that has none
 * @hash  of @key
 *
 * Returns it, empty but for the key.
 */
struct entry *table_add(struct table *t, const struct addr *key, uint32_t hash);

/**
 * table_del - take an entry out
 * @t     table
 * @i     its number; its window is cleared already
 * @hash  of its key
 */
void table_del(struct table *t, uint32_t i, uint32_t hash);

/**
 * table_bytes - memory of a table
 * @t  table
 *
 * Returns bytes.
 */
size_t table_bytes(const struct table *t);

static inline struct entry *
table_at(const struct table *t, uint32_t i)
{
	return pool_at(&t->entries, i, sizeof(struct entry));
}

/* The index is going to be asked about this hash. */
static inline void
table_prefetch(const struct table *t, uint32_t hash)
{
	__builtin_prefetch(&t->now.p[hash & t->now.mask]);
}
