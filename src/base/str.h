/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A str is a borrowed run of bytes: pointer and length, no terminator.
 * It owns nothing.  Whoever owns the bytes says how long they live.
 */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define S(lit) ((struct str){ "" lit, sizeof(lit) - 1 })

/**
 * str_of - a C string as a run
 * @s  text with its terminator, or NULL (an empty run)
 *
 * Returns the run without the terminator; borrows from @s.
 */
struct str str_of(const char *s);

/**
 * str_eq_case - are two runs the same but for ASCII letter case?
 * @a  run; may be empty
 * @b  run; may be empty
 *
 * Returns true when they are.
 */
bool str_eq_case(struct str a, struct str b);

/**
 * str_cut - split at the first separator
 * @s         run to split
 * @sep       byte to split at; not kept
 * @ret_head  bytes before @sep, or all of @s
 * @ret_tail  bytes after @sep, or empty
 *
 * Returns true when @sep was found.  Both results borrow from @s.
 */
bool str_cut(
	struct str s, char sep, struct str *ret_head, struct str *ret_tail);

/**
 * str_find - where does a run occur first?
 * @s     run to search
 * @what  what is looked for, not empty
 *
 * Returns the offset [bytes], or -1.
 */
ptrdiff_t str_find(struct str s, struct str what);

/**
 * str_rfind - where does a run occur last?
 * @s     run to search
 * @what  what is looked for, not empty
 *
 * Returns the offset [bytes], or -1.
 */
ptrdiff_t str_rfind(struct str s, struct str what);

/**
 * str_trim - the run without blanks and tabs at both ends
 * @s  run
 *
 * Returns what is left; borrows from @s.
 */
struct str str_trim(struct str s);

/*
 * In the header because every line passes them, most often with a literal:
 * then the compiler compares words and calls nothing.
 */

/* Are two runs the same bytes?  Not constant time. */
static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The run without its first @n bytes; empty when it has no more. */
static inline struct str
str_from(struct str s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct str){ s.n ? s.p + n : s.p, s.n - n };
}

/* Does @s begin with @head?  The empty run begins every run. */
static inline bool
str_starts(struct str s, struct str head)
{
	return s.n >= head.n &&
	       (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

/* Does @s end with @tail? */
static inline bool
str_ends(struct str s, struct str tail)
{
	return s.n >= tail.n &&
	       (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

/* Cut a known beginning off; true when it was there. */
static inline bool
str_take(struct str *s, struct str head)
{
	if (!str_starts(*s, head))
		return false;
	s->p += head.n;
	s->n -= head.n;
	return true;
}
