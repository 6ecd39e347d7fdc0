/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A buffer that grows: bytes are appended, the owner reads p[0…n) and
 * empties or frees it.  A zeroed struct is a valid, empty buffer.
 */

#include <stddef.h>
#include <string.h>

#include "base/def.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n;   /* bytes in use */
	size_t cap; /* bytes allocated */
};

/**
 * buf_room - make room behind what is there
 * @b     buffer
 * @more  bytes that will be written behind b->p + b->n [bytes]
 *
 * Returns where to write them; the caller adds to b->n.
 */
char *buf_room(struct buf *b, size_t more);

/**
 * buf_printf - append as printf does
 * @b    buffer
 * @fmt  as printf
 */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * buf_free - give the memory back
 * @b  buffer, empty and usable afterwards; or NULL
 */
void buf_free(struct buf *b);

/**
 * buf_text - what is there, with a terminator behind it
 * @b  buffer
 *
 * Returns a C string that lives until the next change of @b.
 */
const char *buf_text(struct buf *b);

/**
 * buf_add_uri - append a text as part of a URI
 * @b  buffer
 * @s  any bytes; all but RFC 3986's unreserved ones become %XX
 */
void buf_add_uri(struct buf *b, struct str s);

/* Append bytes; in the header because the parsers' output lives on it. */
static inline void
buf_add(struct buf *b, struct str s)
{
	if (UNLIKELY(b->cap - b->n < s.n))
		buf_room(b, s.n);
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

/* Append one byte. */
static inline void
buf_addc(struct buf *b, char c)
{
	if (UNLIKELY(b->cap == b->n))
		buf_room(b, 1);
	b->p[b->n++] = c;
}

/* What is in the buffer, borrowed until its next change. */
static inline struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}
