/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Where a daemon is that isn't on this machine.
 */

#include <stdbool.h>

#include "base/err.h"

enum {
	URL_HOST_MAX = 256,
	URL_PORT_MAX = 8,
};

struct url {
	char host[URL_HOST_MAX]; /* without brackets */
	char port[URL_PORT_MAX]; /* digits */
	bool is_tls;
};

/**
 * url_parse - "https://mx.example.org:4080"
 * @text  as it was given
 * @ret   filled
 * @err   what is wrong, and what was expected
 *
 * Plain http is taken for loopback only: a token would be read on the way.
 * Returns 0, or -1 with @err.
 */
int url_parse(const char *text, struct url *ret, struct err *err);
