/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Files that the user asks for, readable by the user alone.
 */

#include "base/err.h"
#include "base/str.h"

/**
 * save_file - write a file, under another name until it is whole
 * @path  of it; what stands there is replaced
 * @s     bytes
 * @err   what is wrong, with the path
 *
 * Returns 0, or -1 with @err.
 */
int save_file(const char *path, struct str s, struct err *err);
