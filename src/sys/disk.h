/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Reading files that others write.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* What a file is and how far it reaches. */
struct disk_state {
	uint64_t device, inode;
	int64_t size;	/* [bytes] */
	int64_t mtime;	/* last write [s since 1970] */
	bool is_linked; /* it has a name somewhere */
};

/**
 * disk_read - a whole small file
 * @path  of it
 * @max   largest size that is taken [bytes]
 * @ret   its bytes are appended; unchanged on failure
 * @err   what is wrong, with the path
 *
 * Returns 0, or -1 with @err.
 */
int disk_read(const char *path, size_t max, struct buf *ret, struct err *err);

/**
 * disk_open_log - open a regular file for reading, never a link
 * @path  of it
 * @ret   what it is
 *
 * Returns a descriptor (close-on-exec), or -errno: ELOOP for a symbolic
 * link, EINVAL for whatever isn't a file.
 */
int disk_open_log(const char *path, struct disk_state *ret);

/**
 * disk_look - what a descriptor's file is now
 * @fd   open
 * @ret  filled
 *
 * Returns 0 or -errno.
 */
int disk_look(int fd, struct disk_state *ret);

/**
 * disk_look_path - what stands at a path now
 * @path  of a file; a symbolic link isn't followed
 * @ret   filled
 *
 * Returns 0 or -errno; EINVAL for whatever isn't a regular file.
 */
int disk_look_path(const char *path, struct disk_state *ret);

/**
 * disk_read_at - bytes from a place in a file
 * @fd      open
 * @to      room for @n
 * @n       how many [bytes]
 * @offset  where they begin [bytes]
 *
 * Returns how many there were (fewer only at the end), or -errno.
 */
int64_t disk_read_at(int fd, void *to, size_t n, int64_t offset);

/* Called with each name; borrowed. */
typedef void disk_on_name(void *ctx, const char *name);

/**
 * disk_list - the names in a folder, in no order
 * @folder  path
 * @fn      called for each but "." and ".."
 * @ctx     for @fn
 *
 * Returns 0 or -errno.
 */
int disk_list(const char *folder, disk_on_name *fn, void *ctx);
