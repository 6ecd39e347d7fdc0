/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Secrets, from the kernel.  (Not random.h: that is the C library's.)
 */

#include <stddef.h>

/**
 * secret_fill - fill with random bytes
 * @p  memory
 * @n  how many [bytes]
 *
 * Waits only while the machine starts up; aborts when there are none.
 */
void secret_fill(void *p, size_t n);
