/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A change of settings on its way.  Only settings*.c include it.
 */

#include "web/ask.h"

enum {
	SETTINGS_PAIRS = 64,
};

struct settings_wish {
	struct settings trial; /* as they would be */
	struct node_pair pairs[SETTINGS_PAIRS];
	unsigned n;
};

/**
 * settings_value - a value as text
 * @a  request; its arena keeps it
 * @s  settings
 * @f  row
 *
 * Returns the text.
 */
struct str settings_value(
	struct ask *a, const struct settings *s, const struct field *f);

/**
 * settings_is_fresh - are the settings those that were looked at?  The
 * command line and tokens may leave If-Match out
 * @a  request; on failure it is ended
 * @w  what is wished
 *
 * Returns false when they aren't: answered.
 */
bool settings_is_fresh(struct ask *a, const struct settings_wish *w);

/**
 * settings_apply - make a change, with its row in the audit log, and answer
 * @a  request
 * @w  values that are allowed
 */
void settings_apply(struct ask *a, const struct settings_wish *w);
