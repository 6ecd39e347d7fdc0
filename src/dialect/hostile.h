/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a dialect owes to whoever isn't the client of a line, checked on
 * bytes: by hostile_test on random ones, by the fuzz targets on theirs.
 */

#include <stdint.h>

#include "dialect/dialect.h"
#include "dialect/forge.h"

struct hostile_tally {
	uint64_t lines;	  /* forged ones that must come to something */
	uint64_t missed;  /* and didn't */
	uint64_t doubted; /* lines that were ambiguous */
};

/**
 * hostile_forged - forged lines: every event has the true address, in a
 * reader of this dialect and in one of all
 * @f      forge
 * @data   bytes that choose and fill
 * @size   of @data [bytes]
 * @tally  counted up
 *
 * Returns NULL, or what is wrong.  Good until the next call.
 */
const char *hostile_forged(const struct forge *f, const uint8_t *data,
	size_t size, struct hostile_tally *tally);

/**
 * hostile_raw - any bytes as lines: every event's address stands in them
 * @f     forge, for the dialect's name
 * @data  bytes
 * @size  of @data [bytes]
 *
 * Returns NULL, or what is wrong.  Good until the next call.
 */
const char *hostile_raw(
	const struct forge *f, const uint8_t *data, size_t size);

/**
 * hostile_texts - the same, each line behind a time and a host
 * @f     forge, for the dialect's name
 * @data  lines from the tag on
 * @size  of @data [bytes]
 *
 * Each call is another host to the reader, which lives on: no state of one
 * call is seen by the next, and none has to be made.
 *
 * Returns NULL, or what is wrong.  Good until the next call.
 */
const char *hostile_texts(
	const struct forge *f, const uint8_t *data, size_t size);
