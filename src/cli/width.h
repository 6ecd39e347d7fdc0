/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How many columns of a terminal a text takes: none for combining marks,
 * two for wide characters.
 */

#include "base/str.h"

/**
 * width_init - make the C library know the characters
 *
 * Once, before the others: they need a locale of UTF-8.
 */
void width_init(void);

/**
 * width_of - the columns of a text
 * @s  safe text
 *
 * Returns their number.
 */
size_t width_of(struct str s);

/**
 * width_cut - the head of a text that fits
 * @s      safe text
 * @width  columns that there are
 *
 * Returns the longest head of whole characters, each with the marks that
 * combine with it; borrows from @s.
 */
struct str width_cut(struct str s, size_t width);
