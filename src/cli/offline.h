/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Commands that need no daemon.  Each returns the exit code.
 */

#include "cli/cli.h"

cli_run doctor_run;
cli_run parse_run, replay_run, help_run, version_run, completion_run;
