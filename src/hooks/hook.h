/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a hook is: one folder that lets a mail server ask the node or
 * report to it, or that passes on what comes of it.  The folder exports one
 * `const struct hook hook_<folder>`; the list in src/hooks/meson.build makes
 * the rest.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "node/node.h"
#include "node/source.h"

/* A key that the hook's section of the wiring may hold.  A table of them
 * ends with a NULL name. */
struct hook_option_type {
	const char *name;
	const char *initial; /* value when it isn't given; NULL: none */
	bool is_list;	     /* may be given several times */
	const char *help;    /* a sentence for the manual */
};

/* A key as it was given. */
struct hook_option {
	const char *name, *value;
};

/* A listening socket that the monitor has bound: non-blocking. */
struct hook_listener {
	int fd;
	const char *label; /* as in the wiring: "unix:/run/…", for status */
};

/* A section of the wiring.  The caller's until start() has returned. */
struct guard;
struct api;

struct hook_config {
	const char *source; /* name of the section, for status and logs */
	const struct hook_listener *listeners;
	size_t listeners_n;
	const struct hook_option *options;
	size_t options_n;
	struct guard *guard; /* sys/guard.h; outlives the hook; or NULL */
	struct api *api;     /* web/api.h; for the section web; likewise */
};

struct hook {
	const char *name;    /* in the wiring file */
	const char *summary; /* a line for the manual */
	bool is_listening;   /* wants at least one listener; else none */
	bool is_named;	     /* its sections have names */
	bool is_writing;     /* to its "file"; else it reads that */
	const struct hook_option_type *options;

	/* Would start() take these options?  Does nothing else: for
	 * `bratticed --check`, in any process.  0, or -1 with @err. */
	int (*check)(const struct hook_config *config, struct err *err);

	/* Begin.  The listeners' fds belong to the hook from here, whatever
	 * is returned.  0, or -1 with @err. */
	int (*start)(const struct hook_config *config, struct node *node,
		uv_loop_t *loop, void **ret, struct err *err);

	/* End: nothing is reported afterwards; memory is free once the loop
	 * has run its closing callbacks. */
	void (*stop)(void *running);

	/* Let go of files and open them anew; NULL: it has none. */
	void (*reopen)(void *running);

	/* Counters, as members of an open object. */
	void (*status)(void *running, struct json *j);

	/* The same for figures, into zeroes; NULL: it has none of them. */
	void (*counts)(void *running, struct source_counts *ret);
};

/* Every hook of this build, in the order of src/hooks/meson.build. */
extern const struct hook *const hooks[];
extern const size_t hooks_n;

/**
 * hook_find - a hook by its name
 * @name  as in the wiring file
 *
 * Returns the hook, or NULL when this build has none of that name.
 */
const struct hook *hook_find(struct str name);

/**
 * hook_option - the value of a key
 * @hook    whose table holds the key
 * @config  section
 * @name    of the key; must be in the table
 *
 * Returns the last value given, the initial one, or NULL.
 */
const char *hook_option(const struct hook *hook,
	const struct hook_config *config, const char *name);

/**
 * hook_option_int - the value of a key as a number
 * @hook    whose table holds the key
 * @config  section
 * @name    of the key; has an initial value
 * @ret     number, 1 … 1,000,000
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int hook_option_int(const struct hook *hook, const struct hook_config *config,
	const char *name, uint32_t *ret, struct err *err);

/**
 * hook_option_span - the value of a key as a time
 * @hook    whose table holds the key
 * @config  section
 * @name    of the key; has an initial value
 * @ret_s   time, 1 s … 1 day; a bare number is taken in seconds [s]
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int hook_option_span(const struct hook *hook, const struct hook_config *config,
	const char *name, uint32_t *ret_s, struct err *err);

/**
 * hook_check - are all keys known, listeners there, values right?
 * @hook    hook
 * @config  section
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int hook_check(const struct hook *hook, const struct hook_config *config,
	struct err *err);
