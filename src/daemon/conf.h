/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The wiring: what listens where, what is read, where the state lies.  A
 * file that people write and we only read.  Policy isn't in it.
 */

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "hooks/hook.h"
#include "sys/listen.h"

enum {
	CONF_SIZE_MAX = 1 << 20, /* bytes of the file */
	CONF_SECTIONS_MAX = 64,
};

/* One key of the file, for the parser and the manual. */
struct conf_key {
	const char *name;
	const char *initial; /* when it isn't given, or NULL: none */
	const char *help;
};

/* Where each key was given. */
struct conf_lines {
	struct conf_line {
		const char *key;
		unsigned line;
	} * p;
	size_t n;
};

/* A part of the daemon with a section of its own: a hook, or control. */
struct conf_section {
	const struct hook *hook; /* NULL: the control socket */
	const char *source;	 /* its title, or the hook's name */
	unsigned line;		 /* where it begins */
	struct conf_lines lines;
	const char **listen;
	size_t listen_n;
	const char *mode, *group; /* of Unix sockets; group may be NULL */
	struct hook_option *options;
	size_t options_n;
};

struct conf {
	struct arena arena; /* all texts */
	const char *state;  /* folder */
	const char *user;
	const char *sandbox; /* "on", "off" or "log" */
	uint8_t ipv6_prefix;
	uint32_t max_ipv4, max_ipv6;
	struct conf_lines lines; /* of keys outside of sections */
	struct conf_section sections[CONF_SECTIONS_MAX];
	size_t sections_n;
};

/**
 * conf_hook - the kinds of sections beside control, one after the other
 * @i  index from 0
 *
 * Returns a hook, the section web, or NULL behind the end.
 */
const struct hook *conf_hook(size_t i);

/**
 * conf_parse - understand the text of a wiring file
 * @ret     zeroed; filled, for conf_free() in any case
 * @file    its name, for messages
 * @text    what it holds
 * @errors  a line "FILE:LINE: what was expected" is appended for each
 *
 * Not for several threads at a time.  Returns how many errors there are.
 */
unsigned conf_parse(struct conf *ret, const char *file, struct str text,
	struct buf *errors);

/**
 * conf_line - where a key was given
 * @l          lines of its section
 * @key        name
 * @otherwise  line to name when it wasn't given
 *
 * Returns the line.
 */
unsigned conf_line(
	const struct conf_lines *l, const char *key, unsigned otherwise);

/**
 * conf_free - give its memory back
 * @c  wiring
 */
void conf_free(struct conf *c);

/**
 * conf_access - who may use a section's Unix sockets
 * @s    section
 * @ret  mode and group
 * @err  there is no such group
 *
 * Returns 0, or -1 with @err.
 */
int conf_access(const struct conf_section *s, struct listen_access *ret,
	struct err *err);

/**
 * conf_hook_config - a section as its hook wants it
 * @s          section
 * @listeners  one for each of s->listen
 *
 * Returns it; borrows from both.
 */
struct hook_config conf_hook_config(
	const struct conf_section *s, const struct hook_listener *listeners);

/**
 * conf_print - what a wiring says, a line "section key value" each
 * @c  wiring
 *
 * For `brattice doctor`.
 */
void conf_print(const struct conf *c);

/**
 * conf_print_keys - every key there is, a line "section key default" each
 *
 * For tools/check-conf, which holds the manual against it.
 */
void conf_print_keys(void);
