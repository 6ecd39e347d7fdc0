/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Addresses and prefixes in one canonical 128-bit form.  IPv4 is kept as
 * ::ffff:a.b.c.d; IPv4-mapped IPv6 and NAT64 (64:ff9b::/96) are the IPv4
 * address they carry, so that nobody has two spellings.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum {
	ADDR_BITS = 128,
	ADDR_V4_BITS = 96,  /* bits in front of an IPv4 address */
	ADDR_TEXT_MAX = 40, /* longest text with its terminator */
	PREFIX_TEXT_MAX = 44,
};

struct addr {
	uint8_t b[16];
};

struct prefix {
	struct addr addr; /* bits behind @len are zero */
	uint8_t len;	  /* 0 … 128; an IPv4 /24 is 96 + 24 */
};

/**
 * addr_parse - an address from text
 * @s    dotted quad without leading zeros, or IPv6 (RFC 4291) without a
 *       zone, brackets or blanks; the "IPv6:" tag of RFC 5321 isn't taken
 * @ret  the address, canonical
 *
 * Returns true when @s is an address.
 */
bool addr_parse(struct str s, struct addr *ret);

/**
 * addr_add - append an address as text
 * @b  buffer
 * @a  address; IPv6 as RFC 5952 wants it
 */
void addr_add(struct buf *b, const struct addr *a);

/**
 * addr_format - an address as a C string
 * @a     address
 * @text  at least ADDR_TEXT_MAX bytes
 *
 * Returns @text.
 */
const char *addr_format(const struct addr *a, char text[ADDR_TEXT_MAX]);

/**
 * addr_canonical - the one form of an address
 * @a  any 16 bytes; mapped and NAT64 addresses become IPv4
 */
void addr_canonical(struct addr *a);

/**
 * addr_prefix - the prefix of some length around an address
 * @a    address
 * @len  bits, 0 … 128
 *
 * Returns the prefix, bits behind @len cleared.
 */
struct prefix addr_prefix(const struct addr *a, unsigned len);

/**
 * prefix_parse - an address or CIDR from text
 * @s    "192.0.2.1", "192.0.2.0/24", "2001:db8::/32"; bits behind the
 *       length must be zero
 * @ret  the prefix; of an address alone all 128 bits
 * @err  what is wrong, for a person; may be NULL
 *
 * Returns true when @s is one.
 */
bool prefix_parse(struct str s, struct prefix *ret, struct err *err);

/**
 * prefix_add - append a prefix as text, a single address without length
 * @b  buffer
 * @p  prefix
 */
void prefix_add(struct buf *b, const struct prefix *p);

/**
 * prefix_format - a prefix as a C string
 * @p     prefix
 * @text  at least PREFIX_TEXT_MAX bytes
 *
 * Returns @text.
 */
const char *prefix_format(const struct prefix *p, char text[PREFIX_TEXT_MAX]);

/**
 * prefix_covers - is an inner prefix the same as or inside an outer one?
 * @outer  prefix
 * @inner  prefix
 *
 * Returns true when it is.  IPv4 and IPv6 are apart: ::/0 covers no IPv4.
 */
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);

/**
 * prefix_eq - are two prefixes the same?
 * @a  prefix
 * @b  prefix
 *
 * Returns true when they are.
 */
bool prefix_eq(const struct prefix *a, const struct prefix *b);

/* Is it IPv4?  0::/96 + ffff in front. */
static inline bool
addr_is_v4(const struct addr *a)
{
	static const uint8_t v4[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
		0xff };

	return memcmp(a->b, v4, sizeof(v4)) == 0;
}

/* Is it this machine's own?  127.0.0.0/8 or ::1. */
static inline bool
addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	return (addr_is_v4(a) && a->b[12] == 127) ||
	       memcmp(a->b, one, sizeof(one)) == 0;
}

static inline bool
addr_eq(const struct addr *a, const struct addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* Keyed hash of an address. */
static inline uint64_t
addr_hash(const struct hash_key *key, const struct addr *a)
{
	uint64_t w[2];

	memcpy(w, a->b, sizeof(w));
	return hash_pair(key, w[0], w[1]);
}
