/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A text as a QR code.  The only user of libqrencode.
 */

#include "base/json.h"

/**
 * qr_add - rows of modules, the value of a member
 * @j     writer, behind a key
 * @text  to be read by a camera, up to some 2000 bytes
 *
 * Writes arrays of 1 (dark) and 0, without the quiet zone around; an empty
 * array when there is no memory or the text is too long.
 */
void qr_add(struct json *j, const char *text);
