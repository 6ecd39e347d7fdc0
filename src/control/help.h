/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Help and manual, printed from the tables of verbs and settings.
 */

#include "base/buf.h"
#include "control/verb.h"

/**
 * help_add_all - the list of commands
 * @b  buffer
 */
void help_add_all(struct buf *b);

/**
 * help_add_verb - everything about one command
 * @b  buffer
 * @v  row
 */
void help_add_verb(struct buf *b, const struct verb *v);

/**
 * help_add_family - the commands whose path begins with some words
 * @b       buffer
 * @family  "never"
 *
 * Returns true when there is one.
 */
bool help_add_family(struct buf *b, struct str family);

/**
 * help_add_topic - what isn't about one command
 * @b     buffer
 * @name  "output"
 *
 * Returns true when there is such a topic.
 */
bool help_add_topic(struct buf *b, struct str name);

/**
 * help_add_topics - the list of topics
 * @b  buffer
 */
void help_add_topics(struct buf *b);

/**
 * help_add_topic_names - their names, one a line
 * @b  buffer
 */
void help_add_topic_names(struct buf *b);

/**
 * help_add_globals - the options of every command
 * @b  buffer
 */
void help_add_globals(struct buf *b);

/**
 * help_add_exits - the exit codes
 * @b  buffer
 */
void help_add_exits(struct buf *b);

/**
 * help_add_text - words, wrapped
 * @b     buffer
 * @text  of one paragraph
 */
void help_add_text(struct buf *b, struct str text);

/**
 * help_add_term - a term and what it means, in two columns
 * @b     buffer
 * @term  as written
 * @text  what it means
 */
void help_add_term(struct buf *b, struct str term, const char *text);

/**
 * help_add_mdoc - commands, options and exit codes as source of brattice(1)
 * @b  buffer
 */
void help_add_mdoc(struct buf *b);
