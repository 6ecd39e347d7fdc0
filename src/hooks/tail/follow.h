/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One open log file and how far it has been read.  Only whole lines are
 * given out; a last one that has no newline yet waits in the file.  The
 * bytes before the position are remembered and compared at each read, so
 * that a file that was cut, rewritten or swapped is noticed whatever its
 * size and inode are.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "store/store.h"
#include "sys/disk.h"

enum {
	FOLLOW_LINE_MAX = 64 << 10, /* longer lines are cut */
	FOLLOW_MARK_MAX = 256,	    /* bytes that recognise a position */
	FOLLOW_MARK_MIN = 64,	    /* fewer don't, without the inode */
	FOLLOW_BLOCK = 256 << 10,   /* bytes read at a time */
	FOLLOW_ROOM = FOLLOW_MARK_MAX + FOLLOW_BLOCK,
};

struct follow {
	struct follow *next; /* the file that took its place */
	int fd;
	int watch; /* its number */
	uint64_t device, inode;
	int64_t offset;		/* of the first byte that isn't counted yet */
	int64_t scanned;	/* no newline from @offset up to here, or 0 */
	int64_t quiet_since_ns; /* of a file that was left: last line */
	char mark[FOLLOW_MARK_MAX];
	uint32_t mark_n; /* bytes of mark: those before @offset */
};

enum follow_what {
	FOLLOW_NOTHING, /* no whole line yet */
	FOLLOW_AGAIN,	/* nothing in this block, but there is more */
	FOLLOW_LINES,	/* whole lines */
	FOLLOW_LONG,	/* the beginning of a line that is too long */
	FOLLOW_CHANGED, /* not the file that was read: cut or rewritten */
	FOLLOW_FAILED,	/* it can't be read */
};

/* What one read gave. */
struct follow_block {
	enum follow_what what;
	struct str text;  /* lines with their newlines; in the caller's room */
	int64_t consumed; /* LONG: bytes with newline */
	bool has_more;	  /* the block ended before the file did */
};

/**
 * follow_open - open a file at its beginning
 * @path  of a regular file, no link
 * @ret   what it is, if wanted; or NULL
 *
 * Returns it for follow_close(), or NULL with errno.
 */
struct follow *follow_open(const char *path, struct disk_state *ret);

/**
 * follow_close - close and free
 * @f  file, or NULL
 */
void follow_close(struct follow *f);

/**
 * follow_seek_end - go behind the last whole line
 * @f     open
 * @room  FOLLOW_ROOM bytes to work in
 */
void follow_seek_end(struct follow *f, char *room);

/**
 * follow_seek - go to a known position, if this is its file
 * @f  open
 * @p  position
 *
 * Returns true when the bytes before it are the ones that were read; where
 * there are too few of them the inode must agree.
 */
bool follow_seek(struct follow *f, const struct log_position *p);

/**
 * follow_seek_like - go to where another file was read to, if this is a
 *                    copy or an edited version of it
 * @f     open
 * @old   the other one
 * @room  FOLLOW_ROOM bytes to work in
 *
 * Returns true when the bytes before that place are in here, too.
 */
bool follow_seek_like(struct follow *f, const struct follow *old, char *room);

/**
 * follow_read - the next whole lines
 * @f     open
 * @room  FOLLOW_ROOM bytes; the result borrows from it
 * @ret   filled; nothing counts as read until
 *        follow_advance() or follow_skip()
 */
void follow_read(struct follow *f, char *room, struct follow_block *ret);

/**
 * follow_advance - these lines have been dealt with
 * @f     open
 * @done  beginning of what follow_read() gave, whole lines; the bytes before
 *        it in the room are still there
 */
void follow_advance(struct follow *f, struct str done);

/**
 * follow_skip - a line that is too long has been dealt with
 * @f  open
 * @n  its length with its newline [bytes]
 */
void follow_skip(struct follow *f, int64_t n);

/**
 * follow_rewind - begin again at the beginning
 * @f  open
 */
void follow_rewind(struct follow *f);

/**
 * follow_position - where it stands
 * @f  open
 *
 * Returns what node_log_position() keeps.
 */
struct log_position follow_position(const struct follow *f);
