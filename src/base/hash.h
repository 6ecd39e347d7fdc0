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

#define HASH_ROTL(x, b) ((x) << (b) | (x) >> (64 - (b)))
#define HASH_ROUND(v0, v1, v2, v3) \
	do { \
		v0 += v1; \
		v1 = HASH_ROTL(v1, 13) ^ v0; \
		v0 = HASH_ROTL(v0, 32); \
		v2 += v3; \
		v3 = HASH_ROTL(v3, 16) ^ v2; \
		v0 += v3; \
		v3 = HASH_ROTL(v3, 21) ^ v0; \
		v2 += v1; \
		v1 = HASH_ROTL(v1, 17) ^ v2; \
		v2 = HASH_ROTL(v2, 32); \
	} while (0)

/* SipHash-1-3 of exactly 16 bytes, given as two words: an address. */
static inline uint64_t
hash_pair(const struct hash_key *key, uint64_t a, uint64_t b)
{
	uint64_t v0 = key->k0 ^ 0x736f6d6570736575;
	uint64_t v1 = key->k1 ^ 0x646f72616e646f6d;
	uint64_t v2 = key->k0 ^ 0x6c7967656e657261;
	uint64_t v3 = key->k1 ^ 0x7465646279746573;
	uint64_t len = UINT64_C(16) << 56;

	v3 ^= a;
	HASH_ROUND(v0, v1, v2, v3);
	v0 ^= a;
	v3 ^= b;
	HASH_ROUND(v0, v1, v2, v3);
	v0 ^= b;
	v3 ^= len;
	HASH_ROUND(v0, v1, v2, v3);
	v0 ^= len;
	v2 ^= 0xff;
	HASH_ROUND(v0, v1, v2, v3);
	HASH_ROUND(v0, v1, v2, v3);
	HASH_ROUND(v0, v1, v2, v3);
	return v0 ^ v1 ^ v2 ^ v3;
}
