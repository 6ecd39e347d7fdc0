/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A log and the files that rotation made of it: mail.log, mail.log.1,
 * mail.log-20261124 …  Finds where a position belongs when the daemon was
 * down while they were rotated, cut or copied.
 */

#include <stdbool.h>
#include <stdint.h>

#include "hooks/tail/follow.h"
#include "store/store.h"

/* What became of a position. */
struct family_found {
	struct follow *files; /* oldest first, the last may be missing */
	unsigned compressed;  /* files between that can't be read */
	bool is_lost;	      /* the position's file isn't there any more */
};

/**
 * family_resume - the files from a position on, in the order of writing
 * @folder  where the log lies
 * @base    its name in there
 * @p       where reading stood
 * @ret     the files, for follow_close(); the first one stands at @p, if
 *          it was found
 */
void family_resume(const char *folder, const char *base,
	const struct log_position *p, struct family_found *ret);

/**
 * family_copies - copies that hold what stood behind a position
 * @folder  where the log lies
 * @base    its name in there
 * @p       where reading stood when the log was cut
 *
 * Returns the copy, at that position, and those made after it, without the
 * log itself; or NULL.
 */
struct follow *family_copies(
	const char *folder, const char *base, const struct log_position *p);

/**
 * family_before - the file that was written before the current one
 * @folder  where the log lies
 * @base    its name in there
 *
 * Returns it, or NULL.
 */
struct follow *family_before(const char *folder, const char *base);

/**
 * family_cut_compression - is it the name of a compressed file?
 * @name  shortened by ".gz" and the like
 *
 * Returns true when it was.
 */
bool family_cut_compression(struct str *name);
