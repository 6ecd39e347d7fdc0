/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The tables of keys that belong to no hook.
 */

#include "daemon/conf.h"

extern const struct conf_key conf_keys[];	 /* outside of sections */
extern const struct conf_key conf_listen_keys[]; /* of what listens */
