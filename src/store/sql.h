/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Every SQL text there is: the schema of both files, step by step, and
 * their statements.
 *
 * events.db
 *   meta      key: the 16 bytes of the hash key
 *   era       a run of 2^ERA_BITS event numbers, with the oldest and newest
 *             time in it.  Dictionary and address index are parted by it,
 *             so that writing touches few pages and old eras go as a whole
 *   word      dictionary of an era
 *   event     what the engine folds again at start, and what is filtered
 *             by; small, because a start reads all of it
 *   text      what is only shown
 *   position  of the logs
 *   trust     an account logged in from an address: a hash of both by the
 *             key, and the day
 *   forgiven  acts of a scoring key up to a time count no more
 *   pardon    events up to a number in a range of addresses are forgiven
 *
 * An address is two integers, (net, host): its first 64 bits and its last
 * 64 with those bits flipped that every IPv4 address has, so that an IPv4
 * address takes 4 … 6 bytes.  A prefix stays a range in both.
 *
 * control.db
 *   meta      last_event, last_block: numbers that must not come again
 *   block     the Block List and its history; hints: bits of enum hint_kind
 *   why, why_event   what an automatic block was made of
 *   lock      accounts that are or were locked, by the event that did it
 *   never     the Never Block List
 *   user, session, token  who may use the web interface and the API
 *   audit     every change by anybody, each row with the hash of the one
 *             before
 *   setting, change  settings that aren't the default, and their history
 */

#include "store/db.h"

enum {
	BLOCK_COLUMNS = 15, /* of block_columns */
	ERA_BITS = 14,
	ERA_EVENTS = 1 << ERA_BITS,
};

/* event.what */
enum {
	WHAT_KIND = 0x3f,
	WHAT_OUTCOME_SHIFT = 6, /* 3 bits */
	WHAT_OUTCOME = 7,
	WHAT_CAUSE = 1 << 9,
	WHAT_SUMMARY = 1 << 10,
	WHAT_TOLD_SHIFT = 11, /* kind as told, exclusive-or kind; 6 bits */
	WHAT_MARKS_SHIFT = 17,
	WHAT_MARKS = 7,
};

/* How events are looked up. */
enum find_way {
	FIND_UP,
	FIND_DOWN,
	FIND_HOST, /* one net, a range of hosts */
	FIND_NET,  /* a range of nets */
	FIND_WAYS,
};

/* Their texts behind the columns, in two pieces: a filter stands between
 * them. */
struct find_text {
	const char *from, *tail;
};

enum events_sql {
	EV_KEY_GET,
	EV_KEY_SET,
	EV_LAST,
	EV_FIRST,
	EV_PAGES,
	EV_PAGES_FREE,
	EV_WORD_FIND,
	EV_WORD_ADD,
	EV_WORD_TEXT,
	EV_ADD,
	EV_TEXT_ADD,
	EV_ERA_SET,
	EV_ERAS,
	EV_ERAS_DOWN,
	EV_LOAD,
	EV_POSITION_SET,
	EV_POSITIONS,
	EV_PARDON_ADD,
	EV_FORGIVE,
	EV_FORGIVEN,
	EV_TRIM_FORGIVEN,
	EV_TRUST_SET,
	EV_TRUSTS,
	EV_ACCOUNT_OF,
	EV_TRIM_EDGE,
	EV_TRIM_TEXT,
	EV_TRIM_EVENT,
	EV_TRIM_WORD,
	EV_TRIM_ERA,
	EV_TRIM_PARDON,
	EV_TRIM_TRUST,
	EV_VACUUM,
	EV_NEIGHBOURS,
	EV_FIND, /* + enum find_way */
	EV_COUNT_KINDS = EV_FIND + FIND_WAYS,
	EV_TOP_ADDRESS,
	EV_TOP_ACCOUNT,
	EV_ACCOUNTS,
	EV_SQL_N,
};

enum control_sql {
	CT_META_GET,
	CT_META_RAISE,
	CT_BLOCK_SET,
	CT_BLOCK_CHANGE,
	CT_BLOCK_END,
	CT_BLOCKS,
	CT_BLOCKS_HINTED,
	CT_BLOCKS_LATEST,
	CT_BLOCKS_OF,
	CT_WHY_SET,
	CT_WHY_GET,
	CT_WHY_EVENT_SET,
	CT_WHY_EVENTS,
	CT_LOCK_SET,
	CT_LOCK_END,
	CT_UNLOCK,
	CT_LOCKS,
	CT_LOCKS_FIND,
	CT_NEVER_SET,
	CT_NEVER_REMOVE,
	CT_NEVERS,
	CT_SETTING_SET,
	CT_SETTING_REMOVE,
	CT_SETTINGS,
	CT_CHANGE_ADD,
	CT_CHANGES,
	CT_TRIM_WHY,
	CT_TRIM_WHY_EVENT,
	CT_TRIM_BLOCK,
	CT_TRIM_LOCK,
	CT_USER_SET,
	CT_USER_DELETE,
	CT_USERS,
	CT_SESSION_SET,
	CT_SESSION_DELETE,
	CT_SESSIONS_DELETE, /* of a user */
	CT_SESSIONS_FORGET, /* all */
	CT_SESSIONS,
	CT_TOKEN_SET,
	CT_TOKEN_DELETE,
	CT_TOKENS_DELETE, /* of a user */
	CT_TOKENS,
	CT_AUDIT_LAST,
	CT_AUDIT_ADD,
	CT_AUDIT_CLEAR,
	CT_AUDIT_UP,
	CT_AUDIT_DOWN,
	CT_SQL_N,
};

extern const char find_columns[];
extern const char block_columns[]; /* of block b */
extern const struct find_text find_texts[FIND_WAYS];
extern const struct db_type events_type;
extern const struct db_type control_type;
