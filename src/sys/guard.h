/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Which input killed a process: a page that a parent and its child share.
 * The child notes what it takes in hand; when it dies over it, the parent
 * counts, and what has killed twice is put aside by the next child.
 *
 * Not for inputs that come anew in other words: it is for those that are
 * read again after each death, like the line of a log.
 */

#include <stdbool.h>

#include "base/str.h"

struct guard;

enum {
	GUARD_DEATHS = 2,      /* so many, and an input is put aside */
	GUARD_INPUT_MAX = 512, /* bytes that tell an input from others */
};

/**
 * guard_new - a page of the parent's own
 *
 * Returns a guard for guard_free(), or NULL when there is no memory.
 */
struct guard *guard_new(void);

/**
 * guard_open - the parent's page, in the child
 * @fd  inherited; closed
 *
 * Returns a guard for guard_free(), or NULL when it is none.
 */
struct guard *guard_open(int fd);

/**
 * guard_free - let go of the page
 * @g  guard, or NULL
 */
void guard_free(struct guard *g);

/**
 * guard_fd - the page's descriptor, to be inherited
 * @g  guard from guard_new()
 *
 * Returns it; it stays the guard's.
 */
int guard_fd(const struct guard *g);

/**
 * guard_enter - take an input in hand
 * @g      guard, or NULL
 * @input  its bytes
 *
 * Returns false when it must be put aside; else guard_leave() follows.
 */
bool guard_enter(struct guard *g, struct str input);

/**
 * guard_leave - the input has been dealt with
 * @g  guard, or NULL
 */
void guard_leave(struct guard *g);

/**
 * guard_blame - the child is dead: what did it have in hand?
 * @g    guard
 * @ret  its first bytes, borrowed until the next child runs
 *
 * Returns how often that input has killed, 0 when there was none.
 */
unsigned guard_blame(struct guard *g, struct str *ret);
