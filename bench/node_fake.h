/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A node of an engine alone: no store, no time.
 */

struct node;

/**
 * node_fake - a node for one process
 *
 * Returns it; never freed.
 */
struct node *node_fake(void);
