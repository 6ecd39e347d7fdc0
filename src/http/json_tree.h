/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Walking through JSON that json_in_parse() has read, where whatever isn't
 * there or is of another type reads as nothing: for answers of our own.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/json_in.h"

/**
 * json_tree_get - a member of an object
 * @o     any value, or NULL
 * @name  of the member
 *
 * Returns its value, borrowed; NULL when there is none or it is null.
 */
struct json_t *json_tree_get(const struct json_t *o, const char *name);

/**
 * json_tree_has - is there a member, be it null?
 * @o     any value, or NULL
 * @name  of the member
 *
 * Returns true when there is.
 */
bool json_tree_has(const struct json_t *o, const char *name);

/**
 * json_tree_at - an element of an array
 * @v  any value, or NULL
 * @i  index from 0
 *
 * Returns the element, borrowed; NULL behind the end.
 */
struct json_t *json_tree_at(const struct json_t *v, size_t i);

/**
 * json_tree_is_array - is it an array?
 * @v  any value, or NULL
 *
 * Returns true when it is.
 */
bool json_tree_is_array(const struct json_t *v);

/**
 * json_tree_str - a member that is a string
 * @o     any value, or NULL
 * @name  of the member
 *
 * Returns its bytes, borrowed, or an empty run.
 */
struct str json_tree_str(const struct json_t *o, const char *name);

/**
 * json_tree_int - a member that is a whole number
 * @o     any value, or NULL
 * @name  of the member
 *
 * Returns it, or 0.
 */
int64_t json_tree_int(const struct json_t *o, const char *name);

/**
 * json_tree_number - a whole number itself
 * @v  any value, or NULL
 *
 * Returns the number, or 0.
 */
int64_t json_tree_number(const struct json_t *v);

/**
 * json_tree_bool - a member that is true
 * @o     any value, or NULL
 * @name  of the member
 *
 * Returns true when it is there and true.
 */
bool json_tree_bool(const struct json_t *o, const char *name);

/**
 * json_tree_add - append a value as plain text
 * @b  buffer
 * @v  string, whole number, true, false, or null (nothing is appended)
 *
 * Returns false for any other value.
 */
bool json_tree_add(struct buf *b, const struct json_t *v);

/**
 * json_tree_write - append a value as JSON
 * @b  buffer
 * @v  any value
 */
void json_tree_write(struct buf *b, const struct json_t *v);
