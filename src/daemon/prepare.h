/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the monitor does while it may be root: folder, sockets, user.
 */

#include "daemon/wiring.h"

/**
 * prepare_all - take the state's folder, bind the sockets, give up root
 * @w       read; its sockets are open afterwards
 * @errors  lines for a person are appended
 *
 * Returns 0, or -1 with @errors; then the process must end.
 */
int prepare_all(struct wiring *w, struct buf *errors);
