/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The certificate of listeners, which may become another one while they
 * run: each new connection gets the one of its moment.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct http_tls;

/**
 * http_tls_new - no certificate yet: every handshake fails
 *
 * Returns it for http_tls_free().
 */
struct http_tls *http_tls_new(void);

/**
 * http_tls_free - give its memory back
 * @t  certificate, or NULL; no server uses it any more
 */
void http_tls_free(struct http_tls *t);

/**
 * http_tls_load - use another certificate from now on
 * @t      certificate
 * @chain  PEM: the server's own first, then those that signed it
 * @key    PEM: its private key, without a pass phrase; may be the same text
 * @err    what is wrong; then the one in use stays
 *
 * Returns 0, or -1 with @err.
 */
int http_tls_load(
	struct http_tls *t, struct str chain, struct str key, struct err *err);

/**
 * http_tls_until - until when is it valid?
 * @t  certificate
 *
 * Returns seconds since 1970, or 0 without a certificate.
 */
int64_t http_tls_until(const struct http_tls *t);
