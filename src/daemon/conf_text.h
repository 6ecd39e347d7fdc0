/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The text of a wiring before it is parsed: libconfuse counts the lines of
 * comments twice, takes the end of the file for a section's end, and of a
 * section it knows the last line only.
 */

#include "base/buf.h"
#include "daemon/conf.h"

enum {
	CONF_BRACES_MAX = 8, /* one within the other */
};

struct conf_text {
	struct buf text; /* comments are blanks, lines are where they were */
	struct {
		unsigned first, last; /* lines */
	} sections[CONF_SECTIONS_MAX * 2];
	unsigned sections_n;
	unsigned line;			/* of the text's end */
	unsigned open[CONF_BRACES_MAX]; /* lines of braces not closed yet */
	unsigned open_n;
};

/**
 * conf_text_read - look through a text
 * @ret   zeroed; filled, its text to be freed
 * @text  of the wiring
 */
void conf_text_read(struct conf_text *ret, struct str text);

/**
 * conf_text_first - where a section begins
 * @t     looked through
 * @last  line of its end
 *
 * Returns the line, or @last when none ends there.
 */
unsigned conf_text_first(const struct conf_text *t, unsigned last);

/**
 * conf_text_open - is a brace open at the end?
 * @t  looked through
 *
 * Returns the line of the innermost, or 0.
 */
unsigned conf_text_open(const struct conf_text *t);
