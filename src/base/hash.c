/* SPDX-License-Identifier: ISC */

#include "base/hash.h"

#include <string.h>

/* 0x20 in every byte that holds an ASCII capital letter. */
static uint64_t
capitals(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t low7 = w & (0x7f * ones);
	uint64_t ge_a = low7 + (0x80 - 'A') * ones;
	uint64_t gt_z = low7 + (0x7f - 'Z') * ones;

	return ((ge_a & ~gt_z & ~w) >> 2) & (0x20 * ones);
}

/* Inline: without folding nothing of it is left. */
static inline __attribute__((always_inline)) uint64_t
hash_masked(const struct hash_key *key, struct str s, uint64_t fold)
{
	struct hash_state state = hash_start(key);
	uint64_t w;
	size_t at = 0;

	for (; at + 8 <= s.n; at += 8) {
		memcpy(&w, s.p + at, 8);
		hash_word(&state, w | (capitals(w) & fold));
	}
	w = 0;
	if (s.n > at)
		memcpy(&w, s.p + at, s.n - at);
	w |= capitals(w) & fold;
	hash_word(&state, w | (uint64_t)s.n << 56);
	return hash_end(&state);
}

uint64_t
hash_bytes(const struct hash_key *key, struct str s)
{
	return hash_masked(key, s, 0);
}

uint64_t
hash_folded(const struct hash_key *key, struct str s)
{
	return hash_masked(key, s, UINT64_MAX);
}
