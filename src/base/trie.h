/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Prefixes, each with a number, and the questions about them: which is the
 * longest that covers an address, which cover it at all, is there one
 * inside a prefix?  A tree that decides a byte at a time and leaves out the
 * bytes in which nothing differs; an IPv4 address takes four steps at most.
 *
 * IPv4 and IPv6 are apart: ::/0 doesn't cover an IPv4 address.  A zeroed
 * struct is an empty trie, and asking that costs nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct trie_node;

enum {
	TRIE_COVERING_MAX = 129, /* lengths of an IPv6 prefix */
};

struct trie {
	struct trie_node *roots[2]; /* IPv6, IPv4 */
	size_t n;		    /* prefixes */
	size_t bytes;		    /* memory [bytes] */
};

/**
 * trie_set - put a prefix in, or give it another number
 * @t      trie
 * @p      prefix
 * @value  number, not 0
 */
void trie_set(struct trie *t, const struct prefix *p, uint32_t value);

/**
 * trie_del - take a prefix out
 * @t  trie
 * @p  prefix
 *
 * Returns false when it isn't there.
 */
bool trie_del(struct trie *t, const struct prefix *p);

/**
 * trie_find - the number of exactly this prefix
 * @t  trie
 * @p  prefix
 *
 * Returns it, or 0.
 */
uint32_t trie_find(const struct trie *t, const struct prefix *p);

/**
 * trie_match - the number of the longest prefix that covers an address
 * @t  trie
 * @a  address
 *
 * Returns it, or 0.
 */
uint32_t trie_match(const struct trie *t, const struct addr *a);

/**
 * trie_covering - the numbers of all prefixes that cover one
 * @t    trie
 * @p    prefix; itself is one of them if it is there
 * @ret  numbers, shortest prefix first
 *
 * Returns how many.
 */
unsigned trie_covering(const struct trie *t, const struct prefix *p,
	uint32_t ret[static TRIE_COVERING_MAX]);

/**
 * trie_has_inside - is there a prefix that one covers?
 * @t  trie
 * @p  prefix; itself counts
 *
 * Returns true when there is.
 */
bool trie_has_inside(const struct trie *t, const struct prefix *p);

/**
 * trie_free - give the memory back
 * @t  trie, empty and usable afterwards; or NULL
 */
void trie_free(struct trie *t);
