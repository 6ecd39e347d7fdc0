/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Those who watch: GET /stream.  A stream holds its place in the ring of
 * live.h and little more.
 */

#include "web/ask.h"

struct streams;

/**
 * streams_new - nobody watches yet
 * @api  API; must outlive it
 *
 * Returns it for streams_free().
 */
struct streams *streams_new(const struct api *api);

/**
 * streams_count - how many are open
 * @s  streams
 *
 * Returns the number.
 */
unsigned streams_count(const struct streams *s);

/**
 * streams_free - give the memory back
 * @s  streams, or NULL; all have ended
 */
void streams_free(struct streams *s);
