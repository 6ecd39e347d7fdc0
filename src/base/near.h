/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How near two words are, for "did you mean".
 */

#include <stdbool.h>

#include "base/str.h"

enum {
	NEAR_MAX = 48, /* longest word that is compared [bytes] */
};

/**
 * near_distance - how many letters to add, drop, change or swap?
 * @a  word
 * @b  word
 *
 * Returns the number; more than NEAR_MAX when a word is longer than that.
 */
unsigned near_distance(struct str a, struct str b);

/**
 * near_enough - could one word have been meant by the other?
 * @typed  what was typed
 * @meant  what it may have meant
 *
 * Returns true when at most a third of its letters differ.
 */
bool near_enough(struct str typed, struct str meant);
