/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the completions of all shells are made of.
 */

#include "base/buf.h"
#include "control/verb.h"

/* What an argument or a value may be. */
enum complete_kind {
	COMPLETE_FREE,
	COMPLETE_FILE,
	COMPLETE_SETTING,
	COMPLETE_EVENT,
	COMPLETE_LIVE, /* what the daemon knows: brattice __complete */
};

struct complete {
	enum complete_kind kind;
	const char *live; /* the list of COMPLETE_LIVE */
};

/**
 * complete_value - what may stand for a name in help
 * @name  "FILE ...", "[KEY ...]", "NET"
 *
 * Returns what is to be offered.
 */
struct complete complete_value(const char *name);

/**
 * complete_argument - what a verb's arguments may be
 * @v  row
 *
 * Returns what is to be offered.
 */
struct complete complete_argument(const struct verb *v);

/**
 * complete_add_events - the names of all kinds of events, with blanks
 * @b  buffer
 */
void complete_add_events(struct buf *b);

/**
 * complete_has - does a verb take an option?
 * @v  row
 * @o  enum option
 *
 * Returns true when it does; all take the global ones.
 */
bool complete_has(const struct verb *v, unsigned o);

/**
 * complete_add_settings - the names of all settings, with blanks between
 * @b  buffer
 */
void complete_add_settings(struct buf *b);

/**
 * complete_add_choices - words with blanks between
 * @b        buffer
 * @choices  NULL at the end
 */
void complete_add_choices(struct buf *b, const char *const *choices);

/**
 * complete_add_text - a text that stands between single quotes
 * @b     buffer
 * @text  quotes and what zsh takes for its own are replaced
 */
void complete_add_text(struct buf *b, const char *text);

/**
 * complete_add_bash - the completion for bash
 * @b  buffer
 */
void complete_add_bash(struct buf *b);

/**
 * complete_add_zsh - the completion for zsh
 * @b  buffer
 */
void complete_add_zsh(struct buf *b);

/**
 * complete_add_fish - the completion for fish
 * @b  buffer
 */
void complete_add_fish(struct buf *b);
