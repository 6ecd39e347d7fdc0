/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the service manager wants to know: sd_notify(3)'s protocol, a
 * datagram of lines to the socket that NOTIFY_SOCKET names.
 */

#include <stdbool.h>

#include "base/def.h"

/**
 * notify_send - tell the service manager
 * @fmt  lines as printf: "READY=1\nSTATUS=serving"
 *
 * Returns true when it was sent; false without a service manager, too.
 * Source: sd_notify(3).
 */
bool notify_send(const char *fmt, ...) PRINTF_LIKE(1, 2);
