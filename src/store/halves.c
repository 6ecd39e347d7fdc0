/* SPDX-License-Identifier: ISC */
#include "store/parts.h"

/* The bits that the last 64 of every IPv4 address begin with. */
static const uint64_t host_flip = UINT64_C(0x0000ffff00000000);

static uint64_t
load_be(const uint8_t *b)
{
	uint64_t v;

	memcpy(&v, b, sizeof(v));
	return __builtin_bswap64(v);
}

static void
store_be(uint8_t *b, uint64_t v)
{
	v = __builtin_bswap64(v);
	memcpy(b, &v, sizeof(v));
}

struct halves
halves_of(const struct addr *a)
{
	return (struct halves){ (int64_t)load_be(a->b),
		(int64_t)(load_be(a->b + 8) ^ host_flip) };
}

struct addr
halves_addr(const struct halves *h)
{
	struct addr a = { 0 };

	store_be(a.b, (uint64_t)h->net);
	store_be(a.b + 8, (uint64_t)h->host ^ host_flip);
	return a;
}

/* The range of one half of which @bits are fixed.  Such a range never
 * crosses from positive to negative, unless it is everything. */
static void
span_half(int64_t v, unsigned bits, int64_t *ret_min, int64_t *ret_max)
{
	uint64_t low = bits ? ~UINT64_C(0) >> (bits - 1) >> 1 : 0;

	*ret_min = bits ? (int64_t)((uint64_t)v & ~low) : INT64_MIN;
	*ret_max = bits ? (int64_t)((uint64_t)v | low) : INT64_MAX;
}

struct span
span_of(const struct prefix *p)
{
	unsigned len = p ? p->len : 0;
	struct halves h = { 0, 0 };
	struct span s;

	if (p)
		h = halves_of(&p->addr);
	span_half(h.net, len < 64 ? len : 64, &s.net_min, &s.net_max);
	span_half(h.host, len < 64 ? 0 : len - 64, &s.host_min, &s.host_max);
	return s;
}
