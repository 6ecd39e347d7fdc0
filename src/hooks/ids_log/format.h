/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A line of the IDS log: an event in a format of the administrator's.
 * Pure.
 */

#include "base/buf.h"
#include "base/err.h"
#include "core/event.h"

/**
 * format_check - is it a format?
 * @format  text with %T %I %e %E %D %%
 * @err     says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int format_check(struct str format, struct err *err);

/**
 * format_add - append an event as a line, with its newline
 * @b       buffer
 * @format  checked
 * @ev      event, its time known
 * @kind    what it counts as
 */
void format_add(struct buf *b, struct str format, const struct event *ev,
	enum event_kind kind);
