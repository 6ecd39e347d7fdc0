/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How things stand, on one page: for GET /overview and for those who watch.
 */

#include "web/ask.h"

/**
 * overview_begin - look how things stand
 * @a     request; uses its state
 * @done  in the loop: @a->text holds an object, or @a->failed says why it
 *        doesn't
 */
void overview_begin(struct ask *a, ask_ender *done);
