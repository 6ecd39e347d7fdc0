/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the two halves of the reader of searches share: query.c has the
 * terms, query_value.c the values.
 */

#include "core/query.h"

struct query_parser {
	const struct query_input *in;
	const char *at, *end;
	struct arena *arena;
	struct query *query;
	struct query_error *err;
	union query_value values[QUERY_VALUES_MAX]; /* of the term in hand */
};

/* A piece of the input, with its quotes undone. */
struct query_piece {
	const char *at;
	struct str text;
	bool is_quoted;
};

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/**
 * query_fail - say what is wrong
 * @p    reader
 * @at   where, in the input
 * @fmt  as printf
 *
 * Returns -1.
 */
int query_fail(struct query_parser *p, const char *at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/**
 * query_fail_field - there is no such field
 * @p     reader
 * @name  what was written, in the input
 *
 * Returns -1.
 */
int query_fail_field(struct query_parser *p, struct str name);

/**
 * query_take - the next piece, up to a blank
 * @p               reader, moved on
 * @stops_at_comma  or to a comma
 * @ret             the piece
 *
 * Returns 0, or -1: quotes aren't closed.
 */
int query_take(
	struct query_parser *p, bool stops_at_comma, struct query_piece *ret);

/**
 * query_read - a piece as a value of a field
 * @p    reader
 * @f    field
 * @v    piece
 * @ret  the value
 *
 * Returns 0, or -1: it is none.
 */
int query_read(struct query_parser *p, const struct query_field *f,
	const struct query_piece *v, union query_value *ret);
