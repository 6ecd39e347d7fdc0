/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * JSON, appended to a buffer piece by piece.  Commas come by themselves;
 * that objects and arrays are closed is the caller's duty.  Reading is
 * jansson's work, in src/http.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct json {
	struct buf *b;
	bool comma; /* a value stands before the next one */
};

/**
 * json_open - begin an object or array
 * @j       writer
 * @bracket '{' or '['
 */
void json_open(struct json *j, char bracket);

/**
 * json_close - end an object or array
 * @j        writer
 * @bracket  '}' or ']'
 */
void json_close(struct json *j, char bracket);

/**
 * json_key - the name of the next value
 * @j     writer
 * @name  letters, digits and '_' only; nothing is escaped
 */
void json_key(struct json *j, const char *name);

/**
 * json_str - a string value
 * @j  writer
 * @s  bytes; whatever isn't UTF-8 becomes U+FFFD, control characters,
 *     '"', '\\', DEL, and U+2028, U+2029 are escaped
 */
void json_str(struct json *j, struct str s);

/**
 * json_int - a number value
 * @j  writer
 * @v  number
 */
void json_int(struct json *j, int64_t v);

/**
 * json_bool - true or false
 * @j  writer
 * @v  value
 */
void json_bool(struct json *j, bool v);

/**
 * json_null - null
 * @j  writer
 */
void json_null(struct json *j);

/**
 * json_time - a time value: a string, RFC 3339 in UTC
 * @j  writer
 * @t  seconds since 1970
 */
void json_time(struct json *j, int64_t t);

/**
 * json_quote - append a run as a JSON string, quotes included
 * @b  buffer
 * @s  bytes, treated as by json_str()
 */
void json_quote(struct buf *b, struct str s);

/**
 * json_is_plain - may this byte stand in a JSON string as it is?
 * @c  byte
 *
 * Returns true for printable ASCII but '"' and '\\'.
 */
static inline bool
json_is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* A member in one line: json_key() and its value. */
static inline void
json_member_str(struct json *j, const char *name, struct str s)
{
	json_key(j, name);
	json_str(j, s);
}

static inline void
json_member_int(struct json *j, const char *name, int64_t v)
{
	json_key(j, name);
	json_int(j, v);
}

static inline void
json_member_bool(struct json *j, const char *name, bool v)
{
	json_key(j, name);
	json_bool(j, v);
}

static inline void
json_member_time(struct json *j, const char *name, int64_t t)
{
	json_key(j, name);
	json_time(j, t);
}
