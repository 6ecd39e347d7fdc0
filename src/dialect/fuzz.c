/* SPDX-License-Identifier: ISC */

/*
 * Any bytes, through the dialect named by -DFUZZ_DIALECT: as what a client
 * chooses in a server's lines, as messages, or as lines.
 */

#include <stdio.h>
#include <stdlib.h>

#include "dialect/hostile.h"

/* NOLINTBEGIN(readability-identifier-naming): libFuzzer's name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct forge *f = forge_find(FUZZ_DIALECT);
	struct hostile_tally tally = { 0 };
	const char *bad;

	if (!size)
		return 0;
	if (data[0] % 16 == 15)
		bad = hostile_raw(f, data + 1, size - 1);
	else if (data[0] & 1)
		bad = hostile_texts(f, data + 1, size - 1);
	else
		bad = hostile_forged(f, data + 1, size - 1, &tally);
	if (bad) {
		fprintf(stderr, "%s\n", bad);
		abort();
	}
	return 0;
}
/* NOLINTEND(readability-identifier-naming) */
