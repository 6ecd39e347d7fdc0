/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * An error that a person will read: what happened, where, what was
 * expected.  Filled once, where it is noticed; passed up unchanged.
 */

#include <stdarg.h>

#include "base/def.h"

struct err {
	char text[480];
};

/**
 * err_set - say what went wrong
 * @err  filled; may be NULL when nobody will read it
 * @fmt  as printf
 *
 * Returns -1, so that a caller can `return err_set(…)`.
 */
int err_set(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * err_set_args - the same, for functions like printf
 * @err  filled; a text that is too long ends in "…"
 * @fmt  as vprintf
 * @ap   arguments
 */
void err_set_args(struct err *err, const char *fmt, va_list ap)
	PRINTF_LIKE(2, 0);
