/* SPDX-License-Identifier: ISC */

/*
 * Hostile lines of a dialect from random bytes.
 *
 *	hostile_test DIALECT [ROUNDS [SEED]]
 *
 * No event may have another address than the client's, and at least 999 of
 * 1000 lines that say something must be understood.
 */

#include "dialect/hostile.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	BYTES_MAX = 256
};

/* Source: S. Vigna, splitmix64. */
static uint64_t
dice(uint64_t *seed)
{
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

int
main(int argc, char **argv)
{
	const struct forge *f = argc > 1 ? forge_find(argv[1]) : NULL;
	uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 300000;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	struct hostile_tally tally = { 0 };
	uint8_t bytes[BYTES_MAX];

	if (!f) {
		fputs("usage: hostile_test DIALECT [ROUNDS [SEED]]\n", stderr);
		return 2;
	}
	for (uint64_t i = 0; i < rounds; i++) {
		uint64_t state = seed + i;
		const char *bad;

		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (uint8_t)dice(&state);
		bad = hostile_forged(f, bytes, sizeof(bytes), &tally);
		if (bad) {
			printf("NOT OK seed %llu: %s\n",
				(unsigned long long)(seed + i), bad);
			return 1;
		}
	}
	printf("%s: %llu lines, %llu missed, %llu ambiguous\n", f->name,
		(unsigned long long)tally.lines,
		(unsigned long long)tally.missed,
		(unsigned long long)tally.doubted);
	return tally.missed * 1000 > tally.lines;
}
