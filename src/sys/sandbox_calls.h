/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The half of the sandbox that knows system calls: an allow-list for each
 * role, by libseccomp.
 */

#include "sys/sandbox.h"

/**
 * sandbox_calls_enter - no system call but those of the role
 * @plan  role and mode
 *
 * Holds for all threads.  Needs no_new_privs.  Returns 0 or -errno.
 */
int sandbox_calls_enter(const struct sandbox_plan *plan) MUST_USE;
