/* SPDX-License-Identifier: ISC */

#include "web/assets.h"

const struct asset assets[1] = { { 0 } };
const size_t assets_n = 0;
const char assets_build[] = "";
