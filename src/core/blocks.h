/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The Block List: entries by number and by deadline, and the prefixes they
 * stand for.  What is kept of a prefix when its entries are over is the
 * time at which the last one ended: nothing before it counts any more.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/heap.h"
#include "base/order.h"
#include "base/pool.h"
#include "base/trie.h"
#include "core/engine.h"

/* A prefix that was blocked.  A lease in a table's entry is that of its
 * key; all others are in the trie. */
struct lease {
	uint32_t until; /* of the entry that ends last; UINT32_MAX: never */
	uint32_t block : 31;	/* newest entry that hasn't ended, or 0 */
	uint32_t is_lifted : 1; /* @until is when one was lifted */
};

struct blocks {
	struct pool records;
	struct order ids;      /* number of a block → record */
	struct heap deadlines; /* records by their end */
	struct pool spans;     /* prefixes that have their lease in @trie */
	struct trie trie;      /* prefix → span */
	uint32_t hand;	       /* span looked at last for whether it is
				    dead */
	uint32_t narrow;       /* spans longer than a scoring key */
	uint64_t last_id;
};

/* What the leases that cover an address come to. */
struct cover {
	bool is_live;  /* a block is live */
	int64_t since; /* nothing before this counts */
};

/**
 * blocks_init - an empty list
 * @b        filled
 * @last_id  numbers given go on behind it
 */
void blocks_init(struct blocks *b, uint64_t last_id);

/**
 * blocks_free - give the memory back
 * @b  list
 */
void blocks_free(struct blocks *b);

/**
 * blocks_span - the lease of a prefix that has none in a table
 * @b        list
 * @p        prefix
 * @key_len  bits of a scoring key of its family
 *
 * Returns it, made when it wasn't there.
 */
struct lease *blocks_span(
	struct blocks *b, const struct prefix *p, unsigned key_len);

/**
 * blocks_add - an entry that is live
 * @b      list
 * @block  copied; its number is assigned when 0
 * @lease  of its prefix
 * @now    wall time [s]
 *
 * Returns the entry as it is kept; borrowed.
 */
const struct block *blocks_add(struct blocks *b, const struct block *block,
	struct lease *lease, int64_t now);

/**
 * blocks_end - take an entry out before its time
 * @b     list
 * @id    its number
 * @now   wall time [s]
 * @ret   copy, until = @now
 *
 * Returns false when there is no such live entry.
 */
bool blocks_end(struct blocks *b, uint64_t id, int64_t now, struct block *ret);

/**
 * blocks_extend - let an entry end at another time
 * @b      list
 * @given  its number, and when it shall end
 * @now    wall time [s]
 * @ret    copy
 *
 * Returns false when there is no such live entry, or the time is over.
 */
bool blocks_extend(struct blocks *b, const struct block *given, int64_t now,
	struct block *ret);

/**
 * blocks_expire - take out the entry whose time was up first
 * @b    list
 * @now  wall time [s]
 * @ret  copy
 *
 * Returns false when there is none.
 */
bool blocks_expire(struct blocks *b, int64_t now, struct block *ret);

/**
 * blocks_find - an entry by its number
 * @b   list
 * @id  number
 *
 * Returns it, borrowed, or NULL.
 */
const struct block *blocks_find(const struct blocks *b, uint64_t id);

/**
 * blocks_next - the entry with the next number
 * @b      list
 * @after  number
 *
 * Returns it, borrowed, or NULL.
 */
const struct block *blocks_next(const struct blocks *b, uint64_t after);

/**
 * blocks_cover - add what a lease says to what is known
 * @l    lease
 * @now  wall time [s]
 * @ret  widened
 */
void blocks_cover(const struct lease *l, int64_t now, struct cover *ret);

/**
 * blocks_cover_all - blocks_cover() of all leases in the trie
 * @b     list
 * @addr  address that they cover
 * @now   wall time [s]
 * @ret   widened
 */
void blocks_cover_all(const struct blocks *b, const struct addr *addr,
	int64_t now, struct cover *ret);

/**
 * blocks_leases - the leases in the trie that cover a prefix
 * @b    list
 * @p    prefix
 * @ret  leases, of the shortest prefix first; borrowed
 * @ret_lens  bits of their prefixes
 *
 * Returns how many.
 */
unsigned blocks_leases(const struct blocks *b, const struct prefix *p,
	const struct lease *ret[static TRIE_COVERING_MAX],
	unsigned ret_lens[static TRIE_COVERING_MAX]);

/**
 * blocks_last - the entry that ends last
 * @b     list
 * @l     lease whose entries are compared
 * @best  the best so far, or NULL
 *
 * Returns it, borrowed; of those that end at the same time the newest.
 */
const struct block *blocks_last(const struct blocks *b, const struct lease *l,
	const struct block *best);

/**
 * lease_end - an entry of a prefix ended in the past
 * @l  lease
 * @b  the entry
 */
void lease_end(struct lease *l, const struct block *b);

/* From when on acts count when all entries are over. */
static inline int64_t
lease_since(const struct lease *l)
{
	return (int64_t)l->until + l->is_lifted;
}

/**
 * blocks_of - the live entries of a lease, newest first
 * @b     list
 * @l     lease
 * @now   wall time [s]
 * @ret   room for @max
 * @max   rows
 *
 * Returns how many there are; at most @max are written.
 */
unsigned blocks_of(const struct blocks *b, const struct lease *l, int64_t now,
	struct block *ret, unsigned max);

/**
 * blocks_sweep - forget prefixes whose last end is long ago
 * @b       list
 * @before  ends up to this don't matter any more [s]
 * @steps   prefixes to look at
 */
void blocks_sweep(struct blocks *b, int64_t before, unsigned steps);

/**
 * blocks_bytes - memory of the list
 * @b  list
 *
 * Returns bytes.
 */
size_t blocks_bytes(const struct blocks *b);
