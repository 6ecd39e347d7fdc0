/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One source's report of an act, on its way into the state: which act it
 * is, and what it adds.  Live events and stored ones go the same way.
 */

#include "core/engine_state.h"

struct report {
	struct telling telling;
	uint64_t fingerprint; /* of address, account, credential; 0: none */
	uint32_t count;	      /* acts told */
	uint32_t span_s;
	bool is_summary;
	bool is_stored; /* outcome and count are known */
	bool is_silent; /* blocked or late: nothing is scored */
	bool is_free;	/* silent, but it counts against its account */
	uint8_t kept;	/* marks of a stored event */
	uint64_t event_id;

	/* What came of it. */
	enum outcome outcome; /* set by the caller when it is_silent */
	enum event_kind kind;
	uint32_t added;	 /* acts */
	uint32_t points; /* that were added in the SMTP component */
	bool is_heavier; /* a score may have grown */
	uint8_t marks;	 /* enum event_marks */
	enum effect_type lock_effect; /* EFFECT_LOCK, _UNLOCK, or none */
	struct lock lock;
	struct trust trust; /* who 0: none */
};

/**
 * report_fold - let a report change acts, repeats and windows
 * @e  engine
 * @c  client; gets an entry when the act counts
 * @r  report; what came of it is filled
 */
void report_fold(struct engine *e, struct client *c, struct report *r);

/**
 * report_identify - say which act a report is of
 * @e         engine
 * @c         client
 * @identity  account, session, credential
 * @r         kind and time are filled; gets hashes and fingerprint
 */
void report_identify(const struct engine *e, const struct client *c,
	const struct identity *identity, struct report *r);
