/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the handlers of the two lists share.
 */

#include "web/ask.h"

enum {
	NOTE_MAX = 500, /* bytes of a note */
};

/* What shall be blocked. */
struct wish {
	struct prefix prefix;
	int64_t span_s;
	struct str note;
	bool is_forced;
	bool has_self;
	struct addr self; /* where the administrator is */
};

/**
 * wish_is_sensible - or would it block whoever asks, half the world, or
 * nobody?
 * @a    request
 * @w    what shall be blocked; whatever is forced is sensible
 * @ret  kind of the problem
 * @err  what it would do
 *
 * Returns true, or false with @ret and @err.
 */
bool wish_is_sensible(struct ask *a, const struct wish *w, enum problem *ret,
	struct err *err);

/**
 * still_add - the member "still_covered": the narrowest entry that still
 * covers a prefix, which stays blocked
 * @a  request, in an open object
 * @p  prefix
 */
void still_add(struct ask *a, const struct prefix *p);

/**
 * span_get - the duration in the body
 * @a    request; on failure it is ended
 * @ret  seconds; 30 minutes when there is none
 *
 * Returns false when it is wrong: answered.
 */
bool span_get(struct ask *a, int64_t *ret);

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
