/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What an administrator should know before he decides about an address:
 * signs that its user is honest, and signs that it is not.  Fixed rules
 * over what the log and the lists say; no score is changed by them.  Each
 * kind, with its rule, stands in docs/hints.md.
 */

#include <stdbool.h>
#include <stdint.h>

#include "core/engine.h"

enum {
	HINT_SPAN_S = 86400,	/* how far back the log is looked at */
	HINT_ACCOUNTS_MAX = 64, /* that are told apart */
	HINT_HELOS_MAX = 16,
	HINT_TIMES_MAX = 128, /* failures of an account whose times are kept */
	HINT_NAME_MAX = 256,
	HINT_NUMBERS_MAX = 4,
	HINT_ACTIONS_MAX = 3,
};

enum hint_kind {
	HINT_YOU,
	HINT_STALE_PASSWORD,
	HINT_PASSWORD_CHANGED,
	HINT_KNOWN_USER,
	HINT_ROBOT,
	HINT_NO_AUTH_CLIENT,
	HINT_FORWARDER,
	HINT_PROXY,
	HINT_OWN_HOST,
	HINT_SHARED,
	HINT_NEAR_NEVER,
	HINT_BREAK_IN,
	HINT_ATTACK,
	HINT_HARVEST,
	HINT_AGAIN,
	HINT_NEIGHBOURS,
	HINT_KINDS, /* ≤ 63: bits of a stored number */
};

enum hint_confidence {
	HINT_LOW,
	HINT_MEDIUM,
	HINT_HIGH,
};

enum hint_side {
	HINT_INNOCENT, /* likely a false positive */
	HINT_HOSTILE,  /* likely not */
};

/* What an account did there, within HINT_SPAN_S. */
struct hint_account {
	char name[HINT_NAME_MAX];
	uint32_t failed, ok;
	bool is_trusted; /* a failure was one of a trusted account */
	int64_t first_failed, last_failed, first_ok, last_ok; /* 0: never */
	uint32_t times_n;
	int64_t times[HINT_TIMES_MAX]; /* of failures, oldest first */
};

/* All that the rules go by.  Begins zeroed. */
struct hint_facts {
	int64_t since; /* only later events are looked at */
	struct hint_account accounts[HINT_ACCOUNTS_MAX];
	unsigned accounts_n;
	uint32_t failed, ok; /* logins of all accounts */
	uint32_t relay_denied, good_recipients, bad_recipients, viruses;
	int64_t first_relay, last_relay;
	uint64_t helos[HINT_HELOS_MAX]; /* their hashes */
	unsigned helos_n;
	uint32_t web; /* events of a web service */

	/* From the lists, by the caller. */
	struct addr addr;
	bool is_you;		 /* whoever asks comes from there */
	bool is_own;		 /* in a network of this machine */
	bool has_never;		 /* a never-block entry is near … */
	struct prefix never;	 /* … this one */
	uint32_t earlier_blocks; /* automatic ones, in the history */
	uint32_t neighbours;	 /* blocked addresses of the same network */
};

/* A sign, and the numbers that speak for it. */
struct hint {
	enum hint_kind kind;
	enum hint_confidence confidence;
	struct str account;   /* of the facts, or empty */
	struct prefix prefix; /* HINT_NEAR_NEVER, HINT_NEIGHBOURS */
	bool has_prefix;
	unsigned numbers_n;
	struct {
		const char *name; /* "failed", "users" … */
		int64_t value;
	} numbers[HINT_NUMBERS_MAX];
};

/* A row of the table of kinds. */
struct hint_type {
	const char *id; /* "nat_stale_password" */
	enum hint_side side;
	const char *actions[HINT_ACTIONS_MAX]; /* suggested, best first */
};

extern const struct hint_type hint_types[HINT_KINDS];
extern const char *const hint_confidence_names[];

/* What the log tells of an event, beside the event itself. */
struct hint_event {
	const struct event *event;
	enum event_kind kind;
	enum outcome outcome;
	uint8_t marks; /* enum event_marks */
};

/**
 * hint_facts_add - count an event
 * @f  facts
 * @e  event of the address, in any order
 */
void hint_facts_add(struct hint_facts *f, const struct hint_event *e);

/**
 * hint_find - which rules hold?
 * @f    facts
 * @ret  in the order of their kinds; borrows from @f
 *
 * Returns how many.
 */
unsigned hint_find(
	const struct hint_facts *f, struct hint ret[static HINT_KINDS]);

/**
 * hint_bits - kinds as bits of a number
 * @hints  from hint_find()
 * @n      how many
 *
 * Returns 1 << kind of each.
 */
uint64_t hint_bits(const struct hint *hints, unsigned n);

/**
 * hint_innocent_bits - the kinds that speak for the address
 *
 * Returns 1 << kind of each.
 */
uint64_t hint_innocent_bits(void);

/**
 * hint_kind_find - a kind by its id
 * @s    "known_user"
 * @ret  the kind
 *
 * Returns true when there is one.
 */
bool hint_kind_find(struct str s, enum hint_kind *ret);

/**
 * hint_is_private - an address that isn't of the internet
 * @a  address
 *
 * Returns true for private, link-local and unique local addresses.
 */
bool hint_is_private(const struct addr *a);

/**
 * hint_network - the network in which addresses are neighbours
 * @a  address
 *
 * Returns its /24, of IPv6 its /48.
 */
struct prefix hint_network(const struct addr *a);
