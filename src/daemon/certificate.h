/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A certificate in files: read at the start, and again when they have
 * changed.
 */

#include <uv.h>

#include "base/err.h"

struct certificate;
struct http_tls;

/**
 * certificate_open - read it, and look after its files
 * @loop   event loop
 * @chain  path of the certificates, PEM
 * @key    path of the private key; may be the same
 * @ret    certificate for certificate_close()
 * @err    what is wrong
 *
 * Returns 0, or -1 with @err.
 */
int certificate_open(uv_loop_t *loop, const char *chain, const char *key,
	struct certificate **ret, struct err *err);

/**
 * certificate_check - could it be opened?
 * @chain  path of the certificates
 * @key    path of the private key
 * @err    what is wrong
 *
 * Returns 0, or -1 with @err.
 */
int certificate_check(const char *chain, const char *key, struct err *err);

/**
 * certificate_look - read the files again now
 * @c  certificate; when they are bad that is logged, and the one in use
 *     stays
 */
void certificate_look(struct certificate *c);

/**
 * certificate_tls - what listeners use
 * @c  certificate
 *
 * Returns it; borrowed.
 */
struct http_tls *certificate_tls(const struct certificate *c);

/**
 * certificate_close - end
 * @c  certificate, or NULL; freed by the loop, after its servers
 */
void certificate_close(struct certificate *c);
