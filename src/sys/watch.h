/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Being told by the kernel (inotify) what happens to files: in a folder,
 * names that appear, move away and vanish; in an open file, that somebody
 * wrote to it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

enum watch_what {
	WATCH_APPEARED, /* a name is there: made, or moved to */
	WATCH_MOVED,	/* a name went away; it may appear with its cookie */
	WATCH_GONE,	/* a name was removed */
	WATCH_WRITTEN,	/* the watched file was written to or cut */
	WATCH_ENDED,	/* the watched thing is gone; its number is free */
	WATCH_OVERFLOW, /* some were lost: look at everything */
};

struct watch_event {
	enum watch_what what;
	int id;		  /* from watch_folder() or watch_file() */
	uint32_t cookie;  /* joins MOVED to APPEARED, or 0 */
	const char *name; /* of what appeared, moved, is gone; borrowed */
};

struct watch_ops {
	void (*event)(void *ctx, const struct watch_event *ev);

	/* All that was known for now has been told. */
	void (*settled)(void *ctx);

	/* After watch_close(): the memory may go. */
	void (*closed)(void *ctx);
};

/* Embedded in its owner. */
struct watch {
	uv_poll_t poll;
	int fd;
	const struct watch_ops *ops;
	void *ctx;
};

/**
 * watch_open - begin to be told
 * @w     zeroed; ops and ctx are set
 * @loop  event loop
 * @err   what is wrong
 *
 * Returns 0, or -1 with @err; then nothing has to be closed.
 */
int watch_open(struct watch *w, uv_loop_t *loop, struct err *err);

/**
 * watch_folder - watch the names in a folder
 * @w     open
 * @path  of a folder
 *
 * Returns its number, or -errno.
 */
int watch_folder(struct watch *w, const char *path);

/**
 * watch_file - watch an open file, whatever it is called
 * @w   open
 * @fd  the file
 *
 * Returns its number, or -errno.
 */
int watch_file(struct watch *w, int fd);

/**
 * watch_remove - stop watching
 * @w   open
 * @id  number; negative ones are passed over
 */
void watch_remove(struct watch *w, int id);

/**
 * watch_pump - tell what has happened by now, without waiting
 * @w  open
 *
 * Returns true when there was something.
 */
bool watch_pump(struct watch *w);

/**
 * watch_close - end it
 * @w  open; ops->closed() is called by the loop
 */
void watch_close(struct watch *w);
