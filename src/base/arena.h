/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Memory that is given back all at once.  A zeroed struct is a valid,
 * empty arena.
 */

#include <stddef.h>

#include "base/str.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *head;
	size_t bytes; /* asked for so far [bytes] */
};

/**
 * arena_alloc - zeroed memory that lives as long as the arena
 * @a  arena
 * @n  bytes, may be 0
 *
 * Returns memory aligned for any type.  Never NULL.
 */
void *arena_alloc(struct arena *a, size_t n);

/**
 * arena_str - a copy of some bytes
 * @a  arena
 * @s  bytes
 *
 * Returns the copy, a terminator behind it.
 */
struct str arena_str(struct arena *a, struct str s);

/**
 * arena_free - give everything back
 * @a  arena, empty and usable afterwards
 */
void arena_free(struct arena *a);
