/* SPDX-License-Identifier: ISC */

#include "http/tls.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "http/inside.h"

enum {
	CHAIN_MAX = 16,
};

struct pair {
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned chain_n;
	gnutls_privkey_t key;
	int64_t until;
};

/* A handshake that is under way may still use the pair before. */
struct http_tls {
	struct pair *now, *before;
};

static void
pair_free(struct pair *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->chain_n; i++)
		gnutls_pcert_deinit(&p->chain[i]);
	gnutls_privkey_deinit(p->key);
	free(p);
}

static void
pair_freep(struct pair **p)
{
	pair_free(*p);
}

static gnutls_datum_t
datum_of(struct str s)
{
	/* Only read, which the type doesn't say. */
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.p,
		(unsigned)s.n };
}

static int
load_chain(struct pair *p, struct str text, struct err *err)
{
	gnutls_datum_t pem = datum_of(text);
	gnutls_x509_crt_t own = NULL;
	unsigned n = CHAIN_MAX;
	int rc = gnutls_pcert_list_import_x509_raw(
		p->chain, &n, &pem, GNUTLS_X509_FMT_PEM, 0);

	if (rc < 0)
		return err_set(err,
			"the certificate can't be read; expected PEM, the "
			"server's own first and then those that signed it: %s",
			gnutls_strerror(rc));
	p->chain_n = n;
	rc = gnutls_pcert_export_x509(&p->chain[0], &own);
	if (rc < 0)
		return err_set(err, "the certificate can't be read: %s",
			gnutls_strerror(rc));
	p->until = gnutls_x509_crt_get_expiration_time(own);
	gnutls_x509_crt_deinit(own);
	return 0;
}

static int
load_key(struct pair *p, struct str text, struct err *err)
{
	gnutls_datum_t pem = datum_of(text);
	int rc = gnutls_privkey_import_x509_raw(
		p->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);

	if (rc < 0)
		return err_set(err,
			"the key can't be read; expected a private key in PEM "
			"without a pass phrase: %s",
			gnutls_strerror(rc));
	return 0;
}

struct key_id {
	unsigned char b[64];
	size_t n;
};

static bool
id_of(gnutls_pubkey_t key, struct key_id *ret)
{
	ret->n = sizeof(ret->b);
	return gnutls_pubkey_get_key_id(
		       key, GNUTLS_KEYID_USE_SHA256, ret->b, &ret->n) == 0;
}

static int
check_match(const struct pair *p, struct err *err)
{
	struct key_id ours = { { 0 } }, theirs = { { 0 } };
	gnutls_pubkey_t public = NULL;
	bool is_match = gnutls_pubkey_init(&public) == 0 &&
			gnutls_pubkey_import_privkey(public, p->key, 0, 0) ==
				0 &&
			id_of(public, &ours) &&
			id_of(p->chain[0].pubkey, &theirs) &&
			ours.n == theirs.n &&
			memcmp(ours.b, theirs.b, ours.n) == 0;

	gnutls_pubkey_deinit(public);
	if (is_match)
		return 0;
	return err_set(err, "the key is not that of the certificate, which "
			    "must come first in its file");
}

struct http_tls *
http_tls_new(void)
{
	return mem_alloc(1, sizeof(struct http_tls));
}

void
http_tls_free(struct http_tls *t)
{
	if (!t)
		return;
	pair_free(t->now);
	pair_free(t->before);
	free(t);
}

int
http_tls_load(
	struct http_tls *t, struct str chain, struct str key, struct err *err)
{
	CLEANUP(pair_freep) struct pair *p = mem_alloc(1, sizeof(*p));

	if (gnutls_privkey_init(&p->key) < 0)
		abort();
	if (load_chain(p, chain, err) < 0 || load_key(p, key, err) < 0 ||
		check_match(p, err) < 0)
		return -1;
	pair_free(t->before);
	t->before = t->now;
	t->now = p;
	p = NULL;
	return 0;
}

int64_t
http_tls_until(const struct http_tls *t)
{
	return t->now ? t->now->until : 0;
}

/* NOLINTBEGIN(readability-function-size): GnuTLS wants these eight */
int
http_tls_on_hello(gnutls_session_t session, const gnutls_datum_t *issuers,
	int issuers_n, const gnutls_pk_algorithm_t *kinds, int kinds_n,
	gnutls_pcert_st **ret, unsigned *ret_n, gnutls_privkey_t *ret_key)
{
	const struct http_connection *c = http_connection_of(
		gnutls_session_get_ptr(session));
	const struct pair *p = c->server->config.tls->now;

	(void)issuers;
	(void)issuers_n;
	(void)kinds;
	(void)kinds_n;
	if (!p)
		return -1;
	/* Only read, which the type doesn't say. */
	*ret = (gnutls_pcert_st *)(uintptr_t)p->chain;
	*ret_n = p->chain_n;
	*ret_key = p->key;
	return 0;
}
/* NOLINTEND(readability-function-size) */
