/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The API's document (OpenAPI 3.1), made from openapi.yaml by the build.
 */

#include <stddef.h>

extern const size_t openapi_n; /* bytes */
extern const unsigned char openapi_json[];
