/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a taken-over process would try.  An operation is a system call
 * with arguments that do no harm where it is let through: it fails behind
 * the check of rights, or changes only the probe's own scratch folder.
 */

#include <stdint.h>

/* An argument: a number, or the address of something static. */
#define N(x) \
	((const void *)(intptr_t)(x)) /* NOLINT(performance-no-int-to-ptr) */

enum {
	PARENT = -77777, /* an argument: the pid of the parent */

	/* Open before the sandbox is entered, at these descriptors. */
	FD_TCP = 100,
	FD_UNIX,
	FD_NAMESPACE,
	FD_PARENT,
	FD_FOLDER, /* the scratch folder */
};

/* How the process of an operation ends. */
enum {
	END_THROUGH = 0,
	END_DENIED = 1,
	END_BROKEN = 2,
	END_NOT_EXECUTED = 127, /* the word of the loader */
	END_SKIPPED = 77,
};

struct operation {
	const char *name;
	long (*run)(void); /* or NULL: the system call */
	long call;
	const void *args[6];
	unsigned spared; /* 1 << role: is there for it */
};

extern const struct operation file_operations[];
extern const unsigned file_operations_n;
extern const struct operation system_operations[];
extern const unsigned system_operations_n;

extern const char abstract_name[]; /* of a listening Unix socket */
