/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The public names of the engine's enums, in API, command line and manual.
 */

#include "core/engine.h"

extern const char *const component_names[COMPONENTS];
extern const char *const component_labels[COMPONENTS];
extern const char *const outcome_names[8];
extern const char *const mode_names[2];
