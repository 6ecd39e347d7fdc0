/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The section web of the wiring: where the pages and the API are served
 * over TCP.  To the wiring it is a hook among others.
 */

#include "daemon/conf.h"

extern const struct hook hook_web;

/**
 * web_check_files - can the certificate of a section be used?
 * @s    section; of other hooks than web there is nothing to check
 * @err  what is wrong
 *
 * Returns 0, or -1 with @err.
 */
int web_check_files(const struct conf_section *s, struct err *err);

/**
 * web_url - where a browser on this machine finds the pages
 * @c    wiring
 * @ret  the first section's first listener on loopback, appended
 *
 * Returns false when no section web listens there.
 */
bool web_url(const struct conf *c, struct buf *ret);
