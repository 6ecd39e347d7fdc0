/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Policy: what an administrator may change while the daemon runs.  One
 * table of fields is read by engine, store, API, command line and manual;
 * a new setting is a member and a row.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/event.h"

enum component {
	COMPONENT_SMTP,
	COMPONENT_LOGIN,
	COMPONENTS,
};

enum settings_mode {
	MODE_OBSERVE, /* blocks are recorded as "would block" */
	MODE_ENFORCE,
};

enum settings_evaluate {
	EVALUATE_EVENT,	  /* the event that reaches the threshold blocks */
	EVALUATE_CONNECT, /* the next connection does (SMTP component) */
};

/* Who must have a second factor to use the web interface. */
enum settings_second_factor {
	SECOND_FACTOR_NOBODY,
	SECOND_FACTOR_ADMINS,
	SECOND_FACTOR_OPERATORS, /* and administrators */
	SECOND_FACTOR_EVERYBODY,
};

enum settings_lock_scope {
	LOCKS_ADDRESS,	/* an account is locked for the address that failed */
	LOCKS_ANYWHERE, /* for all */
};

enum {
	SETTINGS_FAILURES_MAX = 10,
	SETTINGS_TEXT_MAX = 200, /* bytes of a text, terminator included */
	SETTINGS_PERIOD_MAX_S = 7 * 86400,
};

/* Limits of one component. */
struct limits {
	int64_t period_s;     /* window [s], 1 … SETTINGS_PERIOD_MAX_S */
	int64_t threshold;    /* points or failures, 1 … 1,000,000,000 */
	int64_t block_time_s; /* [s], 1 … 999,999,999 minutes */
};

struct settings {
	int64_t mode;	  /* enum settings_mode */
	int64_t evaluate; /* enum settings_evaluate */
	struct limits limits[COMPONENTS];
	int64_t weight[EVENT_KINDS]; /* [points], 0 … 1,000,000 */
	int64_t is_repeat_once;	     /* the same wrong password counts once */
	int64_t account_failures;    /* in a row that lock; 0: none do */
	int64_t account_lock_s;	     /* how long [s], 1 … 7 days */
	int64_t account_scope;	     /* enum settings_lock_scope */
	int64_t is_loopback_exempt;  /* from account locking */
	int64_t trust_days;    /* a success makes trusted for so long; 0: not */
	int64_t trust_percent; /* of the weight of a trusted failure */
	int64_t second_factor; /* enum settings_second_factor */
	int64_t retention_days; /* of the event log, 1 … 3650 */
	int64_t retention_mib;	/* of the event log [MiB], 16 … */
	char text_smtp[SETTINGS_TEXT_MAX];
	char text_login[SETTINGS_TEXT_MAX];
};

enum field_type {
	FIELD_INT,
	FIELD_SPAN, /* duration; a bare number is minutes */
	FIELD_CHOICE,
	FIELD_BOOL,
	FIELD_TEXT, /* printable ASCII, one line */
};

/* One setting: its name, what it may be, and what it is for. */
struct field {
	char name[32]; /* "smtp.threshold", "weight.relay_denied" */
	enum field_type type;
	size_t at; /* offset in struct settings */
	int64_t min, max;
	const char *const *choices; /* FIELD_CHOICE: names, NULL at the end */
	const char *summary;	    /* a sentence for manuals and pages */
};

/**
 * settings_default - the settings of a new installation
 *
 * Returns spec.md's defaults, mode observe.
 */
struct settings settings_default(void);

/**
 * settings_fields - the table of all settings
 * @ret_n  number of rows
 *
 * Returns the rows in the order in which they are listed.
 */
const struct field *settings_fields(size_t *ret_n);

/**
 * settings_find - a row by its name
 * @name  "smtp.threshold"
 *
 * Returns the row, or NULL.
 */
const struct field *settings_find(struct str name);

/**
 * settings_set - change one setting from text
 * @s      settings; unchanged when the value is refused
 * @name   of the setting
 * @value  text
 * @err    says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int settings_set(
	struct settings *s, struct str name, struct str value, struct err *err);

/**
 * settings_add - append a setting's value as text settings_set() takes
 * @b  buffer
 * @s  settings
 * @f  row
 */
void settings_add(
	struct buf *b, const struct settings *s, const struct field *f);

/**
 * settings_parse - read a text file of settings
 * @s     settings, changed only when all of @text is right
 * @text  lines "name = value"; blank lines and lines that begin with '#'
 *        are passed over, a value may stand in double quotes
 * @err   names the line and what was expected
 *
 * Returns 0, or -1 with @err.
 */
int settings_parse(struct settings *s, struct str text, struct err *err);
