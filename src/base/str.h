/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A str is a borrowed run of bytes: pointer and length, no terminator.
 * It owns nothing.  Whoever owns the bytes says how long they live.
 */

#include <stdbool.h>
#include <stddef.h>

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
 * str_eq - are two runs the same bytes?
 * @a  run; may be empty
 * @b  run; may be empty
 *
 * Returns true when lengths and bytes agree.  Not constant time.
 */
bool str_eq(struct str a, struct str b);

/**
 * str_eq_case - are two runs the same but for ASCII letter case?
 * @a  run; may be empty
 * @b  run; may be empty
 *
 * Returns true when they are.
 */
bool str_eq_case(struct str a, struct str b);

/**
 * str_starts - does a run begin with another?
 * @s     run
 * @head  the beginning that is looked for
 *
 * Returns true when it does; the empty run begins every run.
 */
bool str_starts(struct str s, struct str head);

/**
 * str_ends - does a run end with another?
 * @s     run
 * @tail  the end that is looked for
 *
 * Returns true when it does.
 */
bool str_ends(struct str s, struct str tail);

/**
 * str_take - cut a known beginning off
 * @s     run, shortened when it begins with @head
 * @head  the beginning
 *
 * Returns true when it was there and has been cut off.
 */
bool str_take(struct str *s, struct str head);

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
 * str_from - the run without its first bytes
 * @s  run
 * @n  bytes to leave out [bytes]; more than it has gives the empty run
 *
 * Returns the rest; borrows from @s.
 */
struct str str_from(struct str s, size_t n);

/**
 * str_trim - the run without blanks and tabs at both ends
 * @s  run
 *
 * Returns what is left; borrows from @s.
 */
struct str str_trim(struct str s);
