/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The lines of a file, read in large blocks and handed out in place.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct lines {
	const char *path; /* borrowed; "-": standard input */
	int fd;
	char *p; /* block; the lines not handed out yet are at …end */
	size_t start, end, cap;
	uint64_t number; /* of the line handed out last, from 1 */
	bool is_over;	 /* nothing more will be read */
	bool is_cut;	 /* inside a line that is longer than a block */
};

/**
 * lines_open - begin to read a file
 * @l       filled; for lines_close()
 * @path    of the file, or "-"; borrowed
 * @ret_at  when it was written last, of "-" now [s since 1970]
 * @err     what is wrong
 *
 * Returns 0, or -1 with @err; lines_close() isn't needed then.
 */
int lines_open(
	struct lines *l, const char *path, int64_t *ret_at, struct err *err);

/**
 * lines_next - the next line
 * @l    lines
 * @ret  without its newline; good until the next call.  A line longer than
 *       a block (1 MiB) is cut there
 * @err  what is wrong
 *
 * Returns 1, 0 at the end, or -1 with @err.
 */
int lines_next(struct lines *l, struct str *ret, struct err *err);

/**
 * lines_close - end reading
 * @l  lines, or zeroed
 */
void lines_close(struct lines *l);
