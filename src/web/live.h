/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What happens in the node, as messages in a ring for those who watch.
 * While nobody has watched for a while nothing is written.
 */

#include "web/ask.h"
#include "web/ring.h"

struct live;

/**
 * live_new - listen to a node
 * @api  whose node it is; must outlive it
 *
 * Returns it for live_free().
 */
struct live *live_new(const struct api *api);

/**
 * live_free - give the memory back
 * @l  live, or NULL; its node is closed
 */
void live_free(struct live *l);

/**
 * live_ring - the messages
 * @l  live
 *
 * Returns them; borrowed, to be read.
 */
const struct ring *live_ring(const struct live *l);

/**
 * live_watch - what is watched from now on
 * @l       live
 * @topics  of all who watch together; 0: nobody does
 */
void live_watch(struct live *l, unsigned topics);

/**
 * live_tick - let time pass, while somebody watches
 * @l  live
 */
void live_tick(struct live *l);
