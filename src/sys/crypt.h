/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Digests and passwords, by libsodium.  Random bytes are secret.h's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
	CRYPT_DIGEST = 32,	  /* bytes of a SHA-256 */
	CRYPT_PASSWORD_MAX = 128, /* a password's hash with its terminator */
};

/**
 * crypt_digest - SHA-256
 * @s    bytes
 * @ret  the digest
 */
void crypt_digest(struct str s, uint8_t ret[CRYPT_DIGEST]);

/**
 * crypt_digest_join - SHA-256 of two runs, one behind the other
 * @a    bytes
 * @b    bytes
 * @ret  the digest
 */
void crypt_digest_join(struct str a, struct str b, uint8_t ret[CRYPT_DIGEST]);

/**
 * crypt_equal - are two runs the same?  Tells nothing by its time
 * @a  bytes
 * @b  bytes
 * @n  of both [bytes]
 *
 * Returns true when they are.
 */
bool crypt_equal(const void *a, const void *b, size_t n);

/**
 * crypt_password_hash - a password as it is kept (argon2id)
 * @password  bytes
 * @ret       text with parameters and salt
 *
 * Takes 64 MiB and some 0.1 s: never in the loop.
 * Returns 0, or -1 when there is no memory.
 */
int crypt_password_hash(struct str password, char ret[CRYPT_PASSWORD_MAX]);

/**
 * crypt_password_check - is it the password of a hash?
 * @hash      from crypt_password_hash()
 * @password  bytes
 *
 * Takes as long as crypt_password_hash().
 * Returns true when it is.
 */
bool crypt_password_check(
	const char hash[CRYPT_PASSWORD_MAX], struct str password);

/**
 * crypt_password_is_old - was it hashed with other parameters than now?
 * @hash  from crypt_password_hash()
 *
 * Returns true when it should be hashed anew.
 */
bool crypt_password_is_old(const char hash[CRYPT_PASSWORD_MAX]);

/**
 * crypt_forget - overwrite a secret
 * @p  memory
 * @n  [bytes]
 */
void crypt_forget(void *p, size_t n);
