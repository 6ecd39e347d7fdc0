/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Comma-separated values.  Source: RFC 4180.
 */

#include "base/buf.h"

/**
 * csv_add - append a value, quoted where it must be
 * @b  buffer
 * @s  text; what a spreadsheet would take for a formula gets an apostrophe,
 *     since strangers choose some of these texts
 */
void csv_add(struct buf *b, struct str s);
