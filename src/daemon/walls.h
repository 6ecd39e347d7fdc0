/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The walls that a process of ours stands in, from the wiring: its sandbox
 * with the folders of state, sockets and logs.  The monitor's stand around
 * the engine, too, and can't be moved while it runs.
 */

#include "daemon/conf.h"
#include "sys/sandbox.h"

/**
 * walls_raise - shut this process in, unless the wiring says otherwise
 * @c     wiring, read from @file
 * @role  what this process is
 * @file  path of the wiring, for the monitor to read again; or NULL
 *
 * Call it while there is one thread.  What isn't in force is logged.
 */
void walls_raise(
	const struct conf *c, enum sandbox_role role, const char *file);

/**
 * walls_admit - could a new wiring be served within the walls of the old?
 * @now     in force
 * @next    would follow
 * @errors  a line for each folder outside is appended
 *
 * Returns 0, or -1 with @errors: it needs a restart.
 */
int walls_admit(
	const struct conf *now, const struct conf *next, struct buf *errors);
