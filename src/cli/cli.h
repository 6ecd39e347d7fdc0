/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One call of `brattice`: the command line taken apart, and where its
 * output goes.  Data goes to @out and from there to standard output,
 * messages to standard error.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "control/text.h"
#include "control/verb.h"

struct cli {
	struct call call;
	struct buf out;
	struct text_clock clock;
	bool is_terminal; /* standard output */
	bool has_color;
	unsigned width;	 /* of the terminal, or 0 */
	unsigned height; /* of the terminal, or 0 */
	bool may_page;	 /* nothing was written yet, and it may be long */
	int pager;	 /* its process, or 0; src/cli/pager.c's … */
	int terminal;	 /* … and where standard output was before */
};

/* Does what a command is for; returns the exit code. */
typedef enum exit_code cli_run(struct cli *c);

/* A command.  Names as in the table of verbs. */
struct command {
	const char *path;
	cli_run *run;
};

extern const struct command commands[];
extern const unsigned commands_n;

/* Styles of the terminal; nothing is written without colours. */
enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN,
};

/**
 * cli_style - from here in this style
 * @c  call
 * @s  style; STYLE_PLAIN ends the one before
 */
void cli_style(struct cli *c, enum style s);

/**
 * cli_flush - write what is in @c->out
 * @c  call
 *
 * Ends the program with code 1 when it can't be written.
 */
void cli_flush(struct cli *c);

/**
 * cli_fail - print a message to standard error
 * @c     call
 * @code  exit code
 * @fmt   as printf: what happened, where, what to do
 *
 * Returns @code.
 */
enum exit_code cli_fail(struct cli *c, enum exit_code code, const char *fmt,
	...) PRINTF_LIKE(3, 4);

/**
 * cli_note - a remark on standard error, behind the data
 * @c    call
 * @fmt  as printf; a line without its end
 *
 * Says nothing with --json.
 */
void cli_note(struct cli *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * cli_confirm - ask whether it shall be done
 * @c    call
 * @fmt  as printf: the question
 *
 * --yes answers it.  Where nobody can be asked the message says so.
 * Returns EXIT_CODE_DONE when it shall, or the exit code.
 */
enum exit_code cli_confirm(struct cli *c, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Is a flag given? */
static inline bool
cli_has(const struct cli *c, enum option o)
{
	return c->call.option[o] != NULL;
}
