/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A wiring in force: its text, what it says, and its bound sockets.
 */

#include "daemon/conf.h"

enum {
	WIRING_FDS_MAX = 48,
};

struct wiring {
	struct buf text;
	struct conf conf;
	int fds[WIRING_FDS_MAX];	   /* listening, section by section */
	const char *names[WIRING_FDS_MAX]; /* their texts */
	unsigned fds_n;
	int memory; /* descriptor of a sealed copy of the text */
};

/**
 * wiring_read - read and check a file
 * @ret     zeroed; for wiring_free() in any case
 * @path    of the file
 * @errors  lines for a person are appended
 *
 * Returns 0, or -1 with @errors.
 */
int wiring_read(struct wiring *ret, const char *path, struct buf *errors);

/**
 * wiring_check - can the files that it names be used?
 * @w       read
 * @errors  lines for a person are appended
 *
 * Returns 0, or -1 with @errors.
 */
int wiring_check(const struct wiring *w, struct buf *errors);

/**
 * wiring_bind - open its sockets, those of an older wiring first
 * @w       read
 * @old     whose sockets are taken over when the address is the same, or
 *          NULL; unchanged
 * @errors  lines for a person are appended
 *
 * Returns 0, or -1 with @errors; then the new sockets are closed.
 */
int wiring_bind(struct wiring *w, const struct wiring *old, struct buf *errors);

/**
 * wiring_free - close its sockets, give its memory back
 * @w     wiring
 * @heir  whose sockets stay open, or NULL
 */
void wiring_free(struct wiring *w, const struct wiring *heir);
