/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The members of a JSON object as Dovecot writes it nearly always: flat,
 * printable ASCII, nothing escaped.  Ten times as fast as a library that
 * knows all of JSON, which gets whatever isn't so.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum {
	PLAIN_MEMBERS_MAX = 32,
};

enum plain_type {
	PLAIN_STRING,
	PLAIN_TRUE,
	PLAIN_FALSE,
	PLAIN_NULL,
	PLAIN_NUMBER, /* a whole one */
};

struct plain_member {
	struct str name;
	enum plain_type type;
	struct str text; /* of a string, without quotes */
};

/**
 * plain_read - all members of an object
 * @text  JSON
 * @ret   filled; borrows from @text, names differ
 *
 * Returns how many, or -1 when @text isn't so plain (or isn't JSON).
 */
int plain_read(struct str text, struct plain_member ret[PLAIN_MEMBERS_MAX]);
