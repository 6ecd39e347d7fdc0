/* SPDX-License-Identifier: ISC */

#include "cli/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/mem.h"

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
};

static int
trust(struct tls *t, const char *ca, struct err *err)
{
	int n = gnutls_certificate_allocate_credentials(&t->trust);

	if (n >= 0 && ca)
		n = gnutls_certificate_set_x509_trust_file(
			t->trust, ca, GNUTLS_X509_FMT_PEM);
	else if (n >= 0)
		n = gnutls_certificate_set_x509_system_trust(t->trust);
	if (n > 0)
		return 0;
	return err_set(err, "%s: no certificate of an authority: %s",
		ca ? ca : "the system's authorities",
		n < 0 ? gnutls_strerror(n) : "there is none");
}

static int
prepare(struct tls *t, int fd, const char *host)
{
	struct addr addr;
	int n = gnutls_init(&t->session, GNUTLS_CLIENT);

	if (n >= 0)
		n = gnutls_set_default_priority(t->session);
	if (n >= 0)
		n = gnutls_credentials_set(
			t->session, GNUTLS_CRD_CERTIFICATE, t->trust);
	/* Source: RFC 6066, 3: an address is no server name. */
	if (n >= 0 && !addr_parse(str_of(host), &addr))
		n = gnutls_server_name_set(
			t->session, GNUTLS_NAME_DNS, host, strlen(host));
	if (n < 0)
		return n;
	gnutls_session_set_verify_cert(t->session, host, 0);
	gnutls_transport_set_int(t->session, fd);
	return 0;
}

/* Why a certificate isn't taken. */
static int
fail_certificate(struct tls *t, const char *host, struct err *err)
{
	gnutls_datum_t why = { NULL, 0 };
	unsigned status = gnutls_session_get_verify_cert_status(t->session);

	(void)gnutls_certificate_verification_status_print(
		status, GNUTLS_CRT_X509, &why, 0);
	err_set(err,
		"%s: %s\n          --ca-file FILE names an authority of your "
		"own.",
		host, why.data ? (const char *)why.data : "bad certificate");
	gnutls_free(why.data);
	return -1;
}

static int
shake(struct tls *t, const char *host, struct err *err)
{
	int n;

	do
		n = gnutls_handshake(t->session);
	while (n < 0 && !gnutls_error_is_fatal(n) && n != GNUTLS_E_AGAIN);
	if (n == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		return fail_certificate(t, host, err);
	return n < 0 ? err_set(err, "%s: no TLS: %s", host, gnutls_strerror(n))
		     : 0;
}

struct tls *
tls_open(int fd, const char *host, const char *ca, struct err *err)
{
	struct tls *t = mem_alloc(1, sizeof(*t));
	int rc = trust(t, ca, err);

	if (rc == 0 && (rc = prepare(t, fd, host)) < 0)
		err_set(err, "%s: %s", host, gnutls_strerror(rc));
	if (rc == 0)
		rc = shake(t, host, err);
	if (rc == 0)
		return t;
	tls_close(t);
	return NULL;
}

/* GnuTLS's outcome as that of read() and write(). */
static ssize_t
outcome(ssize_t n)
{
	if (n >= 0)
		return n;
	errno = n == GNUTLS_E_AGAIN	    ? EAGAIN
		: n == GNUTLS_E_INTERRUPTED ? EINTR
					    : EIO;
	return -1;
}

ssize_t
tls_send(struct tls *t, const void *p, size_t n)
{
	return outcome(gnutls_record_send(t->session, p, n));
}

ssize_t
tls_receive(struct tls *t, void *p, size_t n)
{
	ssize_t got = gnutls_record_recv(t->session, p, n);

	/* The length in the head tells whether the answer is whole. */
	return got == GNUTLS_E_PREMATURE_TERMINATION ? 0 : outcome(got);
}

void
tls_close(struct tls *t)
{
	if (!t)
		return;
	if (t->session)
		gnutls_deinit(t->session);
	if (t->trust)
		gnutls_certificate_free_credentials(t->trust);
	free(t);
}
