/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The keys that belong to no hook.
 */

#include "daemon/conf.h"

extern const struct conf_key conf_keys[];	 /* outside of sections */
extern const struct conf_key conf_listen_keys[]; /* of what listens */

/**
 * conf_value_check - may a key have this value?
 * @name  of the key
 * @text  its value
 * @err   says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int conf_value_check(const char *name, const char *text, struct err *err);
