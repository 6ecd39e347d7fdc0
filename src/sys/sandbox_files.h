/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The half of the sandbox that knows files, TCP ports and signals:
 * Landlock.  No library: it is three system calls.
 */

#include "sys/sandbox.h"

/**
 * sandbox_files_enter - no file but those of the plan
 * @plan  role and paths
 *
 * Denies as much as the kernel's version of Landlock can.  Needs
 * no_new_privs.  Returns 0 or -errno.
 */
int sandbox_files_enter(const struct sandbox_plan *plan) MUST_USE;
