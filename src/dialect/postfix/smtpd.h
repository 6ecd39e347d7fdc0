/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Lines of smtpd(8) and cleanup(8) to events.
 */

#include "dialect/cause.h"
#include "dialect/postfix/scene.h"
#include "dialect/postfix/words.h"

/* By enum saying: what a line is when nothing else decides. */
extern const struct cause sayings[SAYINGS];

extern const struct causes causes_postfix;

/**
 * smtpd_feed - a line of smtpd
 * @sc  line
 *
 * Returns what it came to.
 */
enum reading smtpd_feed(struct scene *sc);

/**
 * cleanup_feed - a line of cleanup
 * @sc  line
 *
 * Returns what it came to.
 */
enum reading cleanup_feed(struct scene *sc);

/**
 * disconnect_feed - the last line of a session, with its counters
 * @sc  line; @rest is behind the client
 *
 * Returns what it came to.
 */
enum reading disconnect_feed(struct scene *sc);

/**
 * refusal_feed - a refusal
 * @sc  line; @rest is at the reply code
 *
 * Returns what it came to.
 */
enum reading refusal_feed(struct scene *sc);
