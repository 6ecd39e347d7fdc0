/* SPDX-License-Identifier: ISC */

#include "base/hash.h"

#include <string.h>

struct sip {
	uint64_t v0, v1, v2, v3;
};

static void
sip_start(struct sip *s, const struct hash_key *key)
{
	s->v0 = key->k0 ^ 0x736f6d6570736575;
	s->v1 = key->k1 ^ 0x646f72616e646f6d;
	s->v2 = key->k0 ^ 0x6c7967656e657261;
	s->v3 = key->k1 ^ 0x7465646279746573;
}

static void
sip_word(struct sip *s, uint64_t m)
{
	s->v3 ^= m;
	HASH_ROUND(s->v0, s->v1, s->v2, s->v3);
	s->v0 ^= m;
}

static uint64_t
sip_end(struct sip *s)
{
	s->v2 ^= 0xff;
	for (int i = 0; i < 3; i++)
		HASH_ROUND(s->v0, s->v1, s->v2, s->v3);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

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

static uint64_t
hash_masked(const struct hash_key *key, struct str s, uint64_t fold)
{
	struct sip sip;
	uint64_t w;
	size_t at = 0;

	sip_start(&sip, key);
	for (; at + 8 <= s.n; at += 8) {
		memcpy(&w, s.p + at, 8);
		sip_word(&sip, w | (capitals(w) & fold));
	}
	w = 0;
	if (s.n > at)
		memcpy(&w, s.p + at, s.n - at);
	w |= capitals(w) & fold;
	sip_word(&sip, w | (uint64_t)s.n << 56);
	return sip_end(&sip);
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
