/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * "Did you mean": the nearest of some names.
 */

#include "base/str.h"

/* The best name so far; zeroed it holds none. */
struct suggestion {
	struct str name; /* borrowed, or empty */
	unsigned distance;
};

/**
 * suggest - is this name nearer than the best so far?
 * @s     best so far; takes @name when it is nearer and near enough
 * @word  what was written
 * @name  what could have been meant
 */
void suggest(struct suggestion *s, struct str word, struct str name);
