/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A section of the wiring that reads log files: its patterns, the folders
 * that are watched, the streams found, and whose turn it is.
 */

#include <stdbool.h>
#include <uv.h>

#include "hooks/tail/stream.h"

enum {
	TAIL_PATTERNS_MAX = 32,
	TAIL_STREAMS_MAX = 256,
	TAIL_LOOK_MS = 2000, /* how often to see for ourselves */
};

/* A path whose last part may hold wildcards. */
struct pattern {
	char *folder, *base;
	int watch; /* number of the folder, or -errno */
	int told;  /* the errno that was logged */
};

struct tail {
	struct tail_shared shared;
	char *name, *dialect;
	struct pattern patterns[TAIL_PATTERNS_MAX];
	unsigned patterns_n;
	struct stream *streams, *turn; /* @turn: whose it was */
	unsigned streams_n;
	uv_idle_t pump;
	uv_timer_t look, pause;
	unsigned handles; /* still open */
	bool is_begun;
};

/**
 * tail_pump - go on reading where there is something
 * @t  section
 */
void tail_pump(struct tail *t);

/**
 * tail_look - look at all folders and files
 * @t        section
 * @is_born  a file that isn't known yet is new from its first byte on
 */
void tail_look(struct tail *t, bool is_born);

/**
 * tail_on_event - the kernel tells of a name or file
 * @t   section
 * @ev  what happened
 */
void tail_on_event(struct tail *t, const struct watch_event *ev);
