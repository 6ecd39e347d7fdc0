/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the handlers of the two lists share.
 */

#include "web/ask.h"

/**
 * never_find - the narrowest never-block entry that covers a prefix
 * @a    request; its arena keeps the texts
 * @p    address or prefix
 * @ret  the entry
 *
 * Returns true when there is one.
 */
bool never_find(struct ask *a, const struct prefix *p, struct store_never *ret);

/**
 * note_get - the note in the body
 * @a    request; on failure it is ended
 * @ret  the note, or empty; borrowed from the body
 *
 * Returns false when it is wrong: answered.
 */
bool note_get(struct ask *a, struct str *ret);

/**
 * self_get - where whoever asks is
 * @a          request; on failure it is ended
 * @ret        TCP: the other end; the Unix socket: what "self" says
 * @ret_known  whether it is known
 *
 * Returns false when "self" is wrong: answered.
 */
bool self_get(struct ask *a, struct addr *ret, bool *ret_known);

/**
 * prefix_is_wide - so much of the internet that it is a slip of the pen?
 * @p  prefix
 *
 * Returns true when it is.
 */
bool prefix_is_wide(const struct prefix *p);
