/* SPDX-License-Identifier: ISC */

#include "sys/crypt.h"

#include <sodium.h>

/* Source: RFC 9106, 4, second recommended option: 64 MiB. */
#define MEMORY_BYTES (64U << 20)
#define PASSES	     3

_Static_assert(CRYPT_DIGEST == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(CRYPT_PASSWORD_MAX == crypto_pwhash_argon2id_STRBYTES,
	"room for the text of a hash");

void
crypt_digest(struct str s, uint8_t ret[CRYPT_DIGEST])
{
	crypto_hash_sha256(ret, (const unsigned char *)s.p, s.n);
}

void
crypt_digest_join(struct str a, struct str b, uint8_t ret[CRYPT_DIGEST])
{
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, (const unsigned char *)a.p, a.n);
	crypto_hash_sha256_update(&st, (const unsigned char *)b.p, b.n);
	crypto_hash_sha256_final(&st, ret);
}

bool
crypt_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

int
crypt_password_hash(struct str password, char ret[CRYPT_PASSWORD_MAX])
{
	if (sodium_init() < 0)
		return -1;
	return crypto_pwhash_argon2id_str(
		ret, password.p, password.n, PASSES, MEMORY_BYTES);
}

bool
crypt_password_check(const char hash[CRYPT_PASSWORD_MAX], struct str password)
{
	return sodium_init() >= 0 && crypto_pwhash_argon2id_str_verify(
					     hash, password.p, password.n) == 0;
}

bool
crypt_password_is_old(const char hash[CRYPT_PASSWORD_MAX])
{
	return crypto_pwhash_argon2id_str_needs_rehash(
		       hash, PASSES, MEMORY_BYTES) != 0;
}

void
crypt_forget(void *p, size_t n)
{
	sodium_memzero(p, n);
}
