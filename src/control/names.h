/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The public names of the engine's enums, in API, command line and manual.
 */

#include "core/engine.h"
#include "core/query.h"

extern const char *const component_names[COMPONENTS];
extern const char *const component_labels[COMPONENTS];
extern const char *const outcome_names[10]; /* behind the outcomes: "forgiven",
					  and NULL */
extern const char *const mode_names[2];
