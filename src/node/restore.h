/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A backup put in the place of the lists while everything goes on: the
 * storage thread checks it, stores it and folds it into a new engine, and
 * the loop changes engines between two answers.  Until then the old one
 * answers, and events wait.
 */

#include "node/storage.h"

/* One restore under way. */
struct restore {
	struct str bytes;      /* the caller's */
	struct loaded *loaded; /* NULL: it has failed */
	struct err err;
	node_on_done *fn;
	void *ctx;
};

/**
 * restore_run - in the storage thread, behind everything that was queued
 * @r       bytes; the rest is filled
 * @store   opened
 * @config  of the node
 */
void restore_run(struct restore *r, struct store *store,
	const struct node_config *config);
