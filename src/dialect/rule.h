/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A rule as rules.c matches it: its line is a chain of items, each a byte
 * or a field of one byte or more.  State k means that the first k items have
 * been read.  On byte c it leads to k + 1 where item k takes c, and to
 * itself where item k - 1 is a field that takes c: a shift and two masks for
 * all states at once.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
	RULE_WORDS = 3,
	RULE_ITEMS_MAX = 64 * RULE_WORDS - 2,
};

enum rule_field {
	FIELD_ADDRESS,
	FIELD_ACCOUNT,
	FIELD_SESSION,
	FIELD_HELO,
	FIELDS_KEPT, /* the others aren't looked at */
	FIELD_WORD = FIELDS_KEPT,
	FIELD_NUMBER,
	FIELD_REST,
	FIELDS,
};

/* A set of states, one bit each. */
struct states {
	uint64_t w[RULE_WORDS];
};

struct rule {
	char *text; /* the rule's own copy */
	int kind;   /* enum event_kind or CAUSE_NOTHING */
	struct str service, program;
	unsigned items;
	int fields[FIELDS_KEPT]; /* which item it is, or -1 */
	struct states next[256], stay[256];
};

static inline void
state_put(struct states *s, unsigned k)
{
	s->w[k / 64] |= UINT64_C(1) << k % 64;
}

static inline bool
state_in(const struct states *s, unsigned k)
{
	return s->w[k / 64] >> k % 64 & 1;
}

/**
 * rule_new - a rule from its text
 * @text  as for rules_add()
 * @err   names the column and says what was expected
 *
 * Returns the rule for rule_free(), or NULL with @err.
 */
struct rule *rule_new(struct str text, struct err *err);

/**
 * rule_free - give a rule back
 * @r  rule
 */
void rule_free(struct rule *r);

/**
 * rule_takes - may this byte stand in a field?
 * @f  field
 * @c  byte
 *
 * Returns true when it may.
 */
bool rule_takes(enum rule_field f, unsigned char c);
