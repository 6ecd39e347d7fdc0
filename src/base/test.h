/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * cmocka and what it wants included before it.  Tests only.
 */

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */
