/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Comparing with a literal where every line passes: the length is a
 * constant, so the compiler compares words and calls nothing.
 */

#include <string.h>

#include "base/str.h"

/* Is @s this literal? */
#define IS(s, lit)                   \
	((s).n == sizeof(lit) - 1 && \
		memcmp((s).p, "" lit, sizeof(lit) - 1) == 0)

/* Does @s begin with this literal? */
#define BEGINS(s, lit)               \
	((s).n >= sizeof(lit) - 1 && \
		memcmp((s).p, "" lit, sizeof(lit) - 1) == 0)
