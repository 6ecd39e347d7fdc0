/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Arguments that name an address, a network or an entry.
 */

#include "cli/cli.h"

enum word_type {
	WORD_BAD,
	WORD_ID,     /* digits: the number of an entry */
	WORD_ADDR,   /* one address */
	WORD_PREFIX, /* a network */
};

/**
 * word_type - what does an argument name?
 * @word  argument
 *
 * Returns its type.
 */
enum word_type word_type(const char *word);

/**
 * word_fail - say that an argument is none of what was expected
 * @c         call
 * @word      argument
 * @expected  "an address such as 192.0.2.1"
 *
 * Returns EXIT_CODE_USAGE.
 */
enum exit_code word_fail(struct cli *c, const char *word, const char *expected);
