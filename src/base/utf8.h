/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * UTF-8, strictly (RFC 3629), and making foreign text safe to look at.
 */

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/**
 * utf8_decode - the first character of a run
 * @s         not empty
 * @ret_code  its code point
 *
 * Returns its length [bytes], or 0 when @s doesn't begin with one:
 * overlong forms, surrogates and what is above U+10FFFF are refused.
 */
size_t utf8_decode(struct str s, uint32_t *ret_code);

/**
 * utf8_add_safe - append text that a terminal or log may show
 * @b  buffer
 * @s  any bytes; control characters, bad UTF-8, bidirectional overrides
 *     and '\\' become \xNN or \u{N}
 */
void utf8_add_safe(struct buf *b, struct str s);
