/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The pages, as web/embed.mjs has put them into the program; without
 * Node.js at build time there are none.
 */

#include <stddef.h>

#include "base/str.h"

struct asset {
	const char *name; /* "main.js" */
	const char *type; /* media type */
	const char *etag, *etag_gzip;
	struct str plain, gzip; /* @gzip is empty when it isn't smaller */
};

extern const struct asset assets[];
extern const size_t assets_n;

/* They stand under /ui/@assets_build/, which is another for other bytes. */
extern const char assets_build[];
