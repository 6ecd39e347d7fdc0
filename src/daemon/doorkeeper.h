/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * While no engine runs, whoever connects is let go at once: a mail server
 * goes on without us in a moment, instead of waiting for its time-out.
 */

#include <uv.h>

struct doorkeeper;

/**
 * doorkeeper_begin - accept and close on listening sockets
 * @loop  event loop
 * @fds   listening, non-blocking; only used until doorkeeper_end()
 * @n     how many
 *
 * Returns it for doorkeeper_end().
 */
struct doorkeeper *doorkeeper_begin(
	uv_loop_t *loop, const int *fds, unsigned n);

/**
 * doorkeeper_end - leave the sockets to the engine
 * @k  doorkeeper, or NULL; freed by the loop
 */
void doorkeeper_end(struct doorkeeper *k);
