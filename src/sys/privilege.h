/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Giving up what a process may do and doesn't need.
 */

#include <sys/types.h>

#include "base/err.h"

struct user {
	uid_t uid;
	gid_t gid;
};

/**
 * privilege_user - look a user up
 * @name  as in /etc/passwd
 * @ret   its numbers
 * @err   says that there is none
 *
 * Returns 0, or -1 with @err.
 */
int privilege_user(const char *name, struct user *ret, struct err *err);

/**
 * privilege_group - look a group up
 * @name  as in /etc/group
 * @ret   its number
 * @err   says that there is none
 *
 * Returns 0, or -1 with @err.
 */
int privilege_group(const char *name, gid_t *ret, struct err *err);

/**
 * privilege_drop - stop being root, keeping no capability
 * @user  who to be from now on; its groups are taken on, so that it may
 *        read what "adm" may.  Of root itself, too, only the name and its
 *        files are left
 * @name  of that user
 * @err   what the kernel refused
 *
 * Returns 0, or -1 with @err; then the process must end.
 */
int privilege_drop(const struct user *user, const char *name, struct err *err);

/**
 * privilege_seal - what every role gives up at its start
 *
 * New files are its own (umask 077), nothing executed may gain rights, no
 * core dump, no reading of its memory by others.
 */
void privilege_seal(void);

/**
 * privilege_close_from - close what was inherited and not meant for us
 * @first  descriptor; this one and all above are closed
 */
void privilege_close_from(unsigned first);
