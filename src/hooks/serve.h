/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One protocol on all listeners of a hook's section: what the hooks that
 * speak over byte streams have in common.
 */

#include "hooks/hook.h"
#include "sys/stream.h"

enum {
	SERVE_LISTENERS_MAX = 16,
};

/* Keys that every such hook has; rows of its table. */
#define SERVE_OPTIONS(idle)                                                  \
	{ "connections", "1024", false,                                      \
		"Connections open at a time on each listener; the one that " \
		"has been silent longest is closed for the next." },         \
	{                                                                    \
		"idle", idle, false,                                         \
			"A connection that is silent for so long is closed." \
	}

struct serve {
	const struct hook *hook; /* whose table holds the keys */
	struct stream_service *list[SERVE_LISTENERS_MAX];
	size_t n;
};

/**
 * serve_check - are the keys of SERVE_OPTIONS() right?
 * @hook    whose table holds them
 * @config  section
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int serve_check(const struct hook *hook, const struct hook_config *config,
	struct err *err);

/**
 * serve_start - serve all listeners of a section
 * @v       zeroed but for its hook
 * @config  section; all its fds are owned from here
 * @stream  protocol; connections_max and idle_s come from the keys
 * @loop    event loop
 * @err     what is wrong
 *
 * Returns 0, or -1 with @err; everything is closed then.
 */
int serve_start(struct serve *v, const struct hook_config *config,
	const struct stream_config *stream, uv_loop_t *loop, struct err *err);

/**
 * serve_stop - close listeners and connections; nothing is called back
 * @v  started
 */
void serve_stop(struct serve *v);

/**
 * serve_status - counters of all listeners together
 * @v  started
 * @j  an open object
 */
void serve_status(const struct serve *v, struct json *j);

/**
 * serve_bad - requests that could not be read
 * @v  started
 *
 * Returns how many since the start.
 */
uint64_t serve_bad(const struct serve *v);
