/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Which entry of a fixed array belongs to a key: what a dialect remembers
 * by pid, queue id or session.  The array never grows.  When the eight
 * entries that a key may use are taken, the one that was used longest ago
 * goes.  Keys are 64 bits of a keyed hash, so nobody outside can choose
 * who shares eight entries with whom.
 */

#include <stdint.h>

struct slots {
	uint64_t *keys; /* 0: free */
	uint32_t *used; /* when last, by clock */
	uint32_t mask;	/* entries - 1 */
	uint32_t clock;
};

/**
 * slots_open - an empty table
 * @s  zeroed; to be closed by slots_close()
 * @n  entries, a power of two, 8 or more
 */
void slots_open(struct slots *s, uint32_t n);

/**
 * slots_close - give the memory back
 * @s  table, zeroed afterwards
 */
void slots_close(struct slots *s);

/**
 * slots_find - the entry of a key
 * @s    table
 * @key  keyed hash
 *
 * Returns its number, or -1.
 */
int slots_find(struct slots *s, uint64_t key);

/**
 * slots_take - the entry of a key, made free for it when it has none
 * @s    table
 * @key  keyed hash
 *
 * Returns its number; what stands there may be another key's.
 */
int slots_take(struct slots *s, uint64_t key);

/**
 * slots_drop - forget the key of an entry
 * @s  table
 * @i  its number, or -1
 */
void slots_drop(struct slots *s, int i);
