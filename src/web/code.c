/* SPDX-License-Identifier: ISC */

/* Time-based codes (RFC 6238: SHA-1, 30 s, six digits). */

#include "web/code.h"

#include <gnutls/crypto.h>

#include "base/num.h"

enum {
	STEP_S = 30,
	CODES = 1000000,
	SHA1_BYTES = 20,
};

/* Source: RFC 4226, 5.3. */
unsigned
code_of(const uint8_t *secret, size_t n, int64_t step)
{
	uint8_t counter[8], mac[SHA1_BYTES];

	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, n, counter,
		    sizeof(counter), mac) < 0)
		return CODES; /* no code is this */
	const uint8_t *p = mac + (mac[SHA1_BYTES - 1] & 15);
	uint32_t bits = (uint32_t)(p[0] & 127) << 24 | (uint32_t)p[1] << 16 |
			(uint32_t)p[2] << 8 | p[3];
	return bits % CODES;
}

int64_t
code_find(const uint8_t *secret, size_t n, struct str code, int64_t now)
{
	int64_t number, step = now / STEP_S;

	if (code.n != 6 || !num_parse(code, 0, CODES - 1, &number))
		return 0;
	for (int64_t i = step - 1; i <= step + 1; i++) {
		if (code_of(secret, n, i) == (unsigned)number)
			return i;
	}
	return 0;
}

void
code_base32(struct buf *b, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (; n >= 5; p += 5, n -= 5) {
		uint64_t bits = 0;

		for (int i = 0; i < 5; i++)
			bits = bits << 8 | p[i];
		for (int shift = 35; shift >= 0; shift -= 5)
			buf_addc(b, digits[bits >> shift & 31]);
	}
}
