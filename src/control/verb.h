/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The administrator's vocabulary: one table of verbs and one of options.
 * The command line parses by it, help and manual are printed from it, the
 * API's routes are named in it.  A new verb is a row here and a function
 * in src/cli.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* What the program exits with. */
enum exit_code {
	EXIT_CODE_DONE = 0,
	EXIT_CODE_FAILED = 1,
	EXIT_CODE_USAGE = 2,
	EXIT_CODE_NOT_FOUND = 3,
	EXIT_CODE_NO_DAEMON = 4,
	EXIT_CODE_NOT_ALLOWED = 5,
	EXIT_CODE_CONFLICT = 6,
	EXIT_CODE_INVALID = 7,
	EXIT_CODE_PARTLY = 8,
	EXIT_CODES,
};

enum option {
	OPT_JSON,
	OPT_JSONL,
	OPT_QUIET,
	OPT_CSV,
	OPT_COLUMNS,
	OPT_NO_HEADER,
	OPT_UTC,
	OPT_COLOR,
	OPT_NO_PAGER,
	OPT_YES,
	OPT_SOCKET,
	OPT_URL,
	OPT_TOKEN_FILE,
	OPT_CA_FILE,
	OPT_TIMEOUT,
	OPT_HELP,
	OPT_GLOBALS, /* those before stand with every verb */
	OPT_FOR = OPT_GLOBALS,
	OPT_NOTE,
	OPT_FORCE,
	OPT_WITHIN,
	OPT_COVERING,
	OPT_STATE,
	OPT_LIMIT,
	OPT_RAW,
	OPT_AT,
	OPT_FOLLOW,
	OPT_KIND,
	OPT_ACCOUNT,
	OPT_SERVICE,
	OPT_SOURCE,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_DIALECT,
	OPT_RULE,
	OPT_ALL,
	OPT_SETTINGS,
	OPT_MDOC,
	OPT_CHANGED,
	OPT_DRY_RUN,
	OPT_FROM,
	OPT_CONFIG,
	OPT_POSTFIX_CONFIG,
	OPT_DOVECOT_CONFIG,
	OPT_END,
	OPT_ROLE,
	OPT_RESET,
	OPT_USER,
	OPT_SCOPES,
	OPT_EXPIRES,
	OPT_NETWORKS,
	OPTIONS,
};

enum value_type {
	VALUE_NONE, /* a flag */
	VALUE_TEXT,
	VALUE_SPAN,   /* duration; a bare number is minutes */
	VALUE_TIME,   /* RFC 3339, or a duration ago */
	VALUE_NUMBER, /* ≥ 0 */
	VALUE_CHOICE,
};

struct option_row {
	const char *name; /* without the dashes */
	char letter;	  /* or 0 */
	enum value_type type;
	const char *value;	    /* its name in help: "SPAN" */
	const char *const *choices; /* VALUE_CHOICE; NULL at the end */
	const char *summary;
};

enum {
	VERB_MANY = 255, /* as many arguments as there are */

	/* What it prints. */
	VERB_TABLE = 1 << 0, /* rows: takes --csv and --columns */
	VERB_LONG = 1 << 1,  /* perhaps more than fits on a screen */
	VERB_LIST = VERB_TABLE | VERB_LONG,
};

struct verb {
	const char *path; /* "never add" */
	const char *args; /* "NET", as help shows it, or "" */
	uint8_t args_min, args_max;
	uint64_t options;    /* bits 1 << enum option, without the globals */
	uint16_t exits;	     /* bits 1 << enum exit_code, without 0 … 2 */
	const char *request; /* method and path of the API; NULL: offline */
	const char *summary; /* a clause */
	const char *about;   /* sentences; paragraphs end with "\n" */
	const char *example; /* lines as typed and printed */
	uint8_t shape;	     /* VERB_LIST and so on */
	const char *live;    /* what its arguments are, for __complete */
};

/* A command line, taken apart.  Its texts borrow from argv. */
struct call {
	const struct verb *verb;     /* NULL: none was named */
	const char *option[OPTIONS]; /* value, "" for a flag, or NULL */
	const char **word;	     /* arguments */
	unsigned words;
};

extern const struct option_row option_rows[OPTIONS];
extern const struct verb verbs[];
extern const unsigned verbs_n;
extern const char *const exit_meanings[EXIT_CODES];

/**
 * verb_find - a verb by its words
 * @path  "never add"
 *
 * Returns the row, or NULL.
 */
const struct verb *verb_find(struct str path);

/**
 * verb_name - a verb's words as people write them
 * @v  row
 *
 * Returns its path; the word "list" may be left out, and is.
 */
struct str verb_name(const struct verb *v);

/**
 * call_parse - a command line by the tables
 * @ret   filled as far as it went; for call_free(), whatever is returned
 * @argc  as main()'s
 * @argv  as main()'s
 * @err   what is wrong, what was meant, where help is
 *
 * Options may stand anywhere; "--" ends them.  With --help the number of
 * arguments isn't checked.
 * Returns 0, or -1 with @err.
 */
int call_parse(
	struct call *ret, int argc, const char *const *argv, struct err *err);

/**
 * call_free - give the memory back
 * @c  from call_parse()
 */
void call_free(struct call *c);
