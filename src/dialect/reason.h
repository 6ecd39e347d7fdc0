/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Why a message was refused, in the words that servers and their
 * administrators use for it: for servers that write the site's own text
 * into the log.
 */

#include "base/str.h"
#include "core/event.h"

/**
 * reason_kind - the kind of event that a refusal's text tells
 * @s        the text
 * @without  the kind where no known words stand in it
 *
 * The first words that are known hold, whatever their case.
 * Returns the kind.
 */
enum event_kind reason_kind(struct str s, enum event_kind without);
