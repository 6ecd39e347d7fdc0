/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What this machine is: its own addresses, which are never blocked.
 */

#include "base/addr.h"

/**
 * machine_addresses - the addresses of all interfaces, now
 * @ret  room for @max, canonical
 * @max  rows
 *
 * Returns how many were written.
 */
unsigned machine_addresses(struct addr *ret, unsigned max);
