/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a wiring says, held against this machine.
 */

#include "daemon/conf.h"

/**
 * conf_check - hold a wiring against this machine
 * @c       parsed without an error
 * @file    its name, for messages
 * @errors  a line "FILE:LINE: what is wrong" is appended for each, also for
 *          warnings
 *
 * Returns how many errors there are; what is only missing so far, such as a
 * log, is a warning.
 */
unsigned conf_check(const struct conf *c, const char *file, struct buf *errors);
