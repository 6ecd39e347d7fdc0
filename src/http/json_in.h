/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Reading JSON strictly: duplicate names, bad UTF-8, NUL in strings,
 * anything behind the value and nesting deeper than 16 are refused.
 * Getters are made for request bodies: an object's member, its type and
 * range, an error that names it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct json_t; /* jansson's value; only passed on here */

/**
 * json_in_parse - read one value
 * @text  JSON (RFC 8259)
 * @err   where it went wrong and how
 *
 * Returns a value for json_in_free(), or NULL with @err.
 */
struct json_t *json_in_parse(struct str text, struct err *err);

/**
 * json_in_object - read one value that must be an object
 * @text  JSON (RFC 8259)
 * @err   where it went wrong and how
 *
 * Returns an object for json_in_free(), or NULL with @err.
 */
struct json_t *json_in_object(struct str text, struct err *err);

/**
 * json_in_free - give a value back
 * @v  from json_in_parse() or json_in_object(), or NULL
 */
void json_in_free(struct json_t *v);

/**
 * json_in_freep - json_in_free() of a local variable, for CLEANUP()
 * @v  address of the pointer
 */
void json_in_freep(struct json_t **v);

/* What a getter found.  With JSON_IN_WRONG the error is filled. */
enum json_in {
	JSON_IN_WRONG = -1,
	JSON_IN_FOUND = 0,
	JSON_IN_ABSENT = 1, /* no such member, or null: @ret is untouched */
};

/**
 * json_in_str - a member that is a string
 * @o     object
 * @name  of the member
 * @ret   its bytes, UTF-8, without NUL; borrowed from @o
 * @err   says what was expected
 *
 * Returns JSON_IN_FOUND, JSON_IN_ABSENT, or JSON_IN_WRONG with @err.
 */
enum json_in json_in_str(const struct json_t *o, const char *name,
	struct str *ret, struct err *err);

/* A range of numbers, both ends included. */
struct json_in_range {
	int64_t min, max;
};

/**
 * json_in_int - a member that is a whole number
 * @o      object
 * @name   of the member
 * @range  what is accepted
 * @ret    the number
 * @err    says what was expected
 *
 * Returns JSON_IN_FOUND, JSON_IN_ABSENT, or JSON_IN_WRONG with @err.
 */
enum json_in json_in_int(const struct json_t *o, const char *name,
	struct json_in_range range, int64_t *ret, struct err *err);

/**
 * json_in_bool - a member that is true or false
 * @o     object
 * @name  of the member
 * @ret   the value
 * @err   says what was expected
 *
 * Returns JSON_IN_FOUND, JSON_IN_ABSENT, or JSON_IN_WRONG with @err.
 */
enum json_in json_in_bool(
	const struct json_t *o, const char *name, bool *ret, struct err *err);

/* Called by json_in_each(); a non-zero return stops it. */
typedef int json_in_on_member(
	void *ctx, struct str name, const struct json_t *value);

/**
 * json_in_each - all members of an object
 * @o    object
 * @fn   called for each
 * @ctx  for @fn
 *
 * Returns 0, or what @fn returned.
 */
int json_in_each(const struct json_t *o, json_in_on_member *fn, void *ctx);

/**
 * json_in_text - a string value itself
 * @v    any value
 * @ret  its bytes; borrowed from @v
 *
 * Returns true when @v is a string.
 */
bool json_in_text(const struct json_t *v, struct str *ret);
