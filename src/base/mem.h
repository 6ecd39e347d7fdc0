/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Memory that is there, or the process ends: every table has a cap, lists
 * and settings are on disk, and the service manager starts us again.
 */

#include <stddef.h>

/**
 * mem_alloc - zeroed memory
 * @count  elements, may be 0
 * @size   of one [bytes]
 *
 * Returns memory for free().  Never NULL; aborts when there is none.
 */
void *mem_alloc(size_t count, size_t size);

/**
 * mem_grow - a larger or smaller piece with the same beginning
 * @p      from mem_alloc(), mem_grow(), or NULL; no longer valid afterwards
 * @count  elements; bytes beyond the old end are undefined
 * @size   of one [bytes]
 *
 * Returns memory for free().  Never NULL; aborts when there is none.
 */
void *mem_grow(void *p, size_t count, size_t size);

/**
 * mem_freep - free what a local pointer owns, for CLEANUP()
 * @p  address of the pointer
 */
void mem_freep(void *p);
