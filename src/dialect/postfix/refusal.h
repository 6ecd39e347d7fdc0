/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A refusal: "550 5.1.1 <what>: text; from=<…> to=<…> proto=… helo=<…>",
 * and what it is an event of.
 */

#include <stdbool.h>

#include "base/str.h"
#include "dialect/cause.h"
#include "dialect/postfix/phrase.h"

enum {
	REFUSALS = 30
};

extern const struct refusal_cause refusal_causes[REFUSALS];

struct refusal {
	struct str reply; /* three digits, or empty */
	struct str dsn;	  /* "5.1.1", or empty */
	struct str text;  /* behind the codes, without the tail */
	struct str recipient;
	struct str helo;
	bool is_plain; /* sender and recipient can't imitate anything */
};

/**
 * refusal_read - the parts of a refusal
 * @s    from the reply code on
 * @ret  its parts, borrowed from @s
 */
void refusal_read(struct str s, struct refusal *ret);

/**
 * refusal_judge - what a refusal is an event of
 * @r  its parts
 *
 * Returns a row of refusal_causes.
 */
const struct refusal_cause *refusal_judge(const struct refusal *r);

/**
 * refusal_find - the row of a refusal whose phrase is known
 * @r       its parts
 * @phrase  what it says
 *
 * Returns a row of refusal_causes.
 */
const struct refusal_cause *refusal_find(
	const struct refusal *r, enum phrase phrase);
