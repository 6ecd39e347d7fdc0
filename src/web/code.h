/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Time-based codes: the second factor.  Knows no users.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/**
 * code_of - the code of a step
 * @secret  shared with the device
 * @n       of it [bytes]
 * @step    30 s each, from 1970
 *
 * Returns 0 … 999999.
 */
unsigned code_of(const uint8_t *secret, size_t n, int64_t step);

/**
 * code_find - which step of now, or one beside it, has this code?
 * @secret  shared with the device
 * @n       of it [bytes]
 * @code    six digits
 * @now     wall time [s]
 *
 * Returns the step, or 0.
 */
int64_t code_find(
	const uint8_t *secret, size_t n, struct str code, int64_t now);

/**
 * code_base32 - bytes as devices take them (RFC 4648, 6), without padding
 * @b  buffer
 * @p  bytes
 * @n  how many; a multiple of 5
 */
void code_base32(struct buf *b, const uint8_t *p, size_t n);
