/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Taking connections from a listening socket inside the event loop.  When
 * descriptors run out the owner is asked to close its oldest idle
 * connection; when it has none, accepting pauses for a moment, so that the
 * loop never spins.
 */

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"

struct listener;

struct listener_ops {
	/* A connection, non-blocking and close-on-exec; owned from here. */
	void (*accept)(void *ctx, int fd);

	/* Close the oldest idle connection at once.  False: there is none. */
	bool (*shed)(void *ctx);

	/* After listener_close(): the memory may go. */
	void (*closed)(void *ctx);
};

/* Embedded in its owner. */
struct listener {
	uv_poll_t poll;
	uv_timer_t pause;
	int fd;
	unsigned batch;	   /* accepted in one go; 0: 32 */
	unsigned pause_ms; /* after a full batch; 0: none [ms] */
	unsigned open;	   /* handles the loop still knows */
	const struct listener_ops *ops;
	void *ctx;
};

/**
 * listener_open - begin to accept
 * @l     zeroed; fd, ops and ctx are set
 * @loop  event loop
 * @err   what is wrong; l->fd isn't closed then
 *
 * Returns 0, or -1 with @err; then nothing has to be closed.
 */
int listener_open(struct listener *l, uv_loop_t *loop, struct err *err);

/**
 * listener_close - stop accepting and close the socket
 * @l  open; ops->closed() is called by the loop
 */
void listener_close(struct listener *l);
