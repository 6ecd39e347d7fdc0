/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The checks that look at this machine: sockets, rights, logs, disk,
 * clock, the daemon.
 */

#include "cli/cli.h"
#include "cli/doctor/finding.h"

/**
 * check_wiring - is brattice.conf right?
 * @f       appended to
 * @config  its path
 * @ret     lines "hook key value" are appended
 */
void check_wiring(struct findings *f, const char *config, struct buf *ret);

/**
 * check_sockets - are they there, and may those who ask use them?
 * @f       appended to
 * @wiring  lines "hook key value"
 */
void check_sockets(struct findings *f, struct str wiring);

/**
 * check_logs - may the daemon read them?
 * @f       appended to
 * @wiring  lines "hook key value"
 */
void check_logs(struct findings *f, struct str wiring);

/**
 * check_machine - room on the disk, and the clock
 * @f       appended to
 * @wiring  lines "hook key value"
 */
void check_machine(struct findings *f, struct str wiring);

/**
 * check_daemon - does it run, is it well, is it shut in?
 * @f  appended to
 * @c  call
 */
void check_daemon(struct findings *f, struct cli *c);
