/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A file that grows by lines while others rename, remove or rotate it:
 * each write goes to whatever file has the name then, made when there is
 * none.  A line is in it whole or not at all.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Embedded in its owner. */
struct append {
	const char *path; /* the owner's */
	int fd;		  /* -1: not open */
	uint64_t device, inode;
	uint64_t opened; /* how often */
};

/**
 * append_write - add lines
 * @a         path is set, fd is -1 at first
 * @lines     each with its newline
 * @ret_lost  lines that could not be written
 * @err       when there are such: why, with the path
 *
 * May wait for the disk.  Returns 0, or -1 with @err.
 */
int append_write(struct append *a, struct str lines, uint64_t *ret_lost,
	struct err *err);

/**
 * append_close - let go of the file; the next write opens it anew
 * @a  append
 */
void append_close(struct append *a);
