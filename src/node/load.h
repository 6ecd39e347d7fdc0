/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The fold at start: what the store kept becomes an engine.  Runs in the
 * storage thread; nobody waits for it.
 */

#include "node/storage.h"

/**
 * load_engine - fold the store's lists and events into a new engine
 * @store   opened
 * @config  of the node
 * @ret     opened is filled by the caller; the rest here
 * @err     what can't be read
 *
 * Returns 0, or -1 with @err and nothing left to free in @ret.
 */
int load_engine(struct store *store, const struct node_config *config,
	struct loaded *ret, struct err *err);

/**
 * load_lists - fold only the lists into a new engine
 * @store   opened, of store_open_lists() as well
 * @config  of the node
 * @ret     opened is filled by the caller; the rest here
 * @err     what can't be read
 *
 * Returns 0, or -1 with @err and nothing left to free in @ret.  Blocks that
 * can't be read are left out; the never-block list is whole.
 */
int load_lists(struct store *store, const struct node_config *config,
	struct loaded *ret, struct err *err);

/**
 * load_free - give back what was loaded but for the engine
 * @l  loaded
 */
void load_free(struct loaded *l);
