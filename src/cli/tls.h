/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * TLS to a daemon elsewhere, by GnuTLS: its certificate must be good and
 * for the name that was asked.
 */

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct tls;

/**
 * tls_open - shake hands on a connected socket
 * @fd    socket, the caller's; with time-outs set
 * @host  whose certificate is expected
 * @ca    file of authorities, or NULL: the system's
 * @err   what is wrong
 *
 * Returns the connection, or NULL with @err.
 */
struct tls *tls_open(int fd, const char *host, const char *ca, struct err *err);

/**
 * tls_send - send some bytes
 * @t  connection
 * @p  bytes
 * @n  how many
 *
 * Returns how many were sent, or -1 with errno.
 */
ssize_t tls_send(struct tls *t, const void *p, size_t n);

/**
 * tls_receive - receive some bytes
 * @t  connection
 * @p  room
 * @n  for so many
 *
 * Returns how many came, 0 at the end, or -1 with errno.
 */
ssize_t tls_receive(struct tls *t, void *p, size_t n);

/**
 * tls_close - forget the connection
 * @t  connection, or NULL
 */
void tls_close(struct tls *t);
