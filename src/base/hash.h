/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A keyed hash: nobody outside can choose values that collide.
 */

#include <stdint.h>

#include "base/str.h"

struct hash_key {
	uint64_t k0, k1;
};

/**
 * hash_bytes - SipHash-1-3 of some bytes
 * @key  secret, random
 * @s    bytes
 *
 * Returns 64 bits.
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF".
 */
uint64_t hash_bytes(const struct hash_key *key, struct str s);

/**
 * hash_folded - hash_bytes() of the bytes with ASCII letters in lower case
 * @key  secret, random
 * @s    bytes
 *
 * Returns 64 bits; the same for "Ann" and "ann".
 */
uint64_t hash_folded(const struct hash_key *key, struct str s);

struct hash_state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
hash_rotl(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

/* One SipRound. */
static inline void
hash_round(struct hash_state *s)
{
	s->v0 += s->v1;
	s->v1 = hash_rotl(s->v1, 13) ^ s->v0;
	s->v0 = hash_rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = hash_rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = hash_rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = hash_rotl(s->v1, 17) ^ s->v2;
	s->v2 = hash_rotl(s->v2, 32);
}

static inline struct hash_state
hash_start(const struct hash_key *key)
{
	return (struct hash_state){
		key->k0 ^ 0x736f6d6570736575,
		key->k1 ^ 0x646f72616e646f6d,
		key->k0 ^ 0x6c7967656e657261,
		key->k1 ^ 0x7465646279746573,
	};
}

static inline void
hash_word(struct hash_state *s, uint64_t w)
{
	s->v3 ^= w;
	hash_round(s);
	s->v0 ^= w;
}

static inline uint64_t
hash_end(struct hash_state *s)
{
	s->v2 ^= 0xff;
	hash_round(s);
	hash_round(s);
	hash_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* SipHash-1-3 of exactly 16 bytes, given as two words: an address. */
static inline uint64_t
hash_pair(const struct hash_key *key, uint64_t a, uint64_t b)
{
	struct hash_state s = hash_start(key);

	hash_word(&s, a);
	hash_word(&s, b);
	hash_word(&s, UINT64_C(16) << 56);
	return hash_end(&s);
}
