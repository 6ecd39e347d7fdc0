/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The rules of hints, and what they share.  Only hint*.c include it.
 */

#include "core/hints.h"

/* A number that speaks for it. */
static inline void
say(struct hint *h, const char *name, int64_t value)
{
	h->numbers[h->numbers_n].name = name;
	h->numbers[h->numbers_n++].value = value;
}

static inline enum hint_confidence
sure_from(int64_t value, int64_t sure)
{
	return value >= sure ? HINT_HIGH : HINT_MEDIUM;
}

/**
 * hint_is_any_known - has anybody logged in from there?
 * @f  facts
 *
 * Returns true when somebody has.
 */
bool hint_is_any_known(const struct hint_facts *f);

/**
 * hint_users - accounts that have logged in from there
 * @f  facts
 *
 * Returns how many.
 */
unsigned hint_users(const struct hint_facts *f);

/* A rule: does it hold?  Fills @h but for its kind. */
typedef bool hint_rule(const struct hint_facts *f, struct hint *h);

hint_rule hint_is_stale_password, hint_is_password_changed, hint_is_known_user,
	hint_is_break_in, hint_is_robot, hint_is_shared, hint_is_attack;
hint_rule hint_is_no_auth_client, hint_is_forwarder, hint_is_harvest;
