/* SPDX-License-Identifier: ISC */

#include "base/err.h"

#include <stdio.h>
#include <string.h>

/* Where a text was cut it shall show, and no half of a character. */
static void
mark_cut(struct err *err)
{
	static const char mark[] = "…";
	size_t n = sizeof(err->text) - sizeof(mark);

	while (n > 0 && ((unsigned char)err->text[n] & 0xc0) == 0x80)
		n--;
	memcpy(err->text + n, mark, sizeof(mark));
}

void
err_set_args(struct err *err, const char *fmt, va_list ap)
{
	int n = vsnprintf(err->text, sizeof(err->text), fmt, ap);

	if (n >= (int)sizeof(err->text))
		mark_cut(err);
}

int
err_set(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	err_set_args(err, fmt, ap);
	va_end(ap);
	return -1;
}
