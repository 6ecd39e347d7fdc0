/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The fields that the event log and the block list can be searched by.
 */

#include "core/query.h"

extern const struct query_fields event_fields;
extern const struct query_fields block_fields;
