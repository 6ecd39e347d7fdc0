/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A process shuts itself in: what it may do to files (Landlock), which
 * system calls it may make (seccomp), and that nothing it executes gains
 * rights.  Best effort: an old kernel gives less, and that is said, but
 * mail goes on.
 *
 * The monitor's walls stand around its children too, so that it may do
 * whatever they may.
 */

#include "base/err.h"

enum sandbox_role {
	SANDBOX_MONITOR,   /* starts the others, binds sockets */
	SANDBOX_ENGINE,	   /* files and inherited sockets */
	SANDBOX_RESPONDER, /* inherited sockets */
	SANDBOX_MILTER,	   /* inherited sockets */
};

/* What happens on a system call that the role has no use for. */
enum sandbox_mode {
	SANDBOX_KILL,	/* the process ends with SIGSYS */
	SANDBOX_REFUSE, /* EPERM, for tests */
	SANDBOX_LOG,	/* it is made, and the kernel logs it */
};

enum sandbox_access {
	SANDBOX_READ,  /* a file, or a folder with all in it */
	SANDBOX_WRITE, /* read, write, make and remove files in a folder */
	SANDBOX_BIND,  /* make and remove Unix sockets in a folder */
	SANDBOX_RUN,   /* read and execute */
};

/* A rule holds for what stands at the path now, whatever is renamed or
 * made inside it later.  A path to read that doesn't exist yet stands for
 * the nearest folder above it that does, short of the root. */
struct sandbox_path {
	const char *path;
	enum sandbox_access access;
};

struct sandbox_plan {
	enum sandbox_role role;
	enum sandbox_mode mode;
	const struct sandbox_path *paths; /* beside what libc needs */
	unsigned paths_n;
};

enum {
	SANDBOX_PARTLY = 1, /* some of it isn't in force */
};

/**
 * sandbox_enter - keep only the rights of a role, for good
 * @plan  borrowed for the call
 * @err   what isn't in force, and why
 *
 * Call it while the process has one thread.  Files and sockets that are
 * open stay as they are.  Returns 0, or SANDBOX_PARTLY with @err: whatever
 * could be put in force is; warn and go on.
 * Source: landlock(7), seccomp(2).
 */
int sandbox_enter(const struct sandbox_plan *plan, struct err *err) MUST_USE;
