/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A node that only writes down what it is told, with a transaction like
 * the real one's: fake_commit() makes events and positions last,
 * fake_kill() loses what wasn't committed.  And a dialect of four words:
 *
 *	n 17		an event with the number 17
 *	open X		a session
 *	fail X 17	an event, if the session is known
 *	(other)		nothing
 *
 * Tests only.
 */

#include <stdbool.h>
#include <uv.h>

#include "base/json.h"
#include "hooks/hook.h"

enum {
	FAKE_NUMBERS = 1 << 20,
	FAKE_NAMES = 64,
};

struct fake_position {
	char name[512];
	struct log_position at;
};

struct node {
	uint8_t *seen;	   /* [number]: how often, committed */
	uint32_t *pending; /* numbers, not committed */
	size_t pending_n;
	struct fake_position kept[FAKE_NAMES], open[FAKE_NAMES];
	unsigned kept_n, open_n;
	uint64_t lines; /* fed to readers */
	size_t longest; /* line */
	bool is_loading, is_busy;
};

/* The hook over a fake node, in a loop and a folder of its own. */
struct fake {
	struct node node;
	uv_loop_t loop;
	void *running;
	char folder[64];
	const char *file;  /* option, below the folder */
	const char *start; /* option */
};

/**
 * fake_open - a folder and a node that knows nothing
 * @f  zeroed but for its options
 */
void fake_open(struct fake *f);

/**
 * fake_close - stop, remove the folder
 * @f  open
 */
void fake_close(struct fake *f);

/**
 * fake_start - start the hook
 * @f  open
 */
void fake_start(struct fake *f);

/**
 * fake_commit - what was told so far lasts
 * @f  open
 */
void fake_commit(struct fake *f);

/**
 * fake_kill - end the hook without a word and lose what wasn't committed
 * @f  started
 */
void fake_kill(struct fake *f);

/**
 * fake_run - let the loop run
 * @f   started
 * @ms  how long [ms]
 */
void fake_run(struct fake *f, unsigned ms);

/**
 * fake_wait - let the loop run until so many different numbers were seen
 * @f   started
 * @n   numbers 0 … n - 1
 * @ms  at most [ms]
 *
 * Returns true when each of them was seen exactly once; says which one
 * wasn't.
 */
bool fake_wait(struct fake *f, uint32_t n, unsigned ms);

/**
 * fake_status - a counter of the hook
 * @f     started
 * @name  of it
 *
 * Returns its value, or -1.
 */
int64_t fake_status(struct fake *f, const char *name);

/**
 * fake_path - a path in the folder
 * @f     open
 * @name  in it
 * @room  at least 128 bytes
 *
 * Returns @room.
 */
const char *fake_path(const struct fake *f, const char *name, char *room);

/**
 * fake_append - write to a file in the folder
 * @f     open
 * @name  of the file; made when it isn't there
 * @text  what
 */
void fake_append(struct fake *f, const char *name, const char *text);

/**
 * fake_move - rename a file in the folder
 * @f     open
 * @from  its name
 * @to    its new name
 */
void fake_move(struct fake *f, const char *from, const char *to);
