/* SPDX-License-Identifier: ISC */

#include "daemon/certificate.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "http/tls.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/disk.h"
#include "sys/log.h"

enum {
	SIZE_MAX_BYTES = 1 << 20,
	LOOK_MS = 10000,
};

struct certificate {
	uv_timer_t timer;
	struct http_tls *tls;
	char *chain, *key;	    /* paths */
	uint8_t seen[CRYPT_DIGEST]; /* of what was read last */
};

/* The key must not stay in memory that is given back. */
static void
forget(struct buf *b)
{
	if (b->n)
		crypt_forget(b->p, b->n);
	buf_free(b);
}

static char *
copy(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(mem_alloc(n, 1), text, n);
}

static int
load(struct http_tls *tls, struct str chain, struct str key, const char *path,
	struct err *err)
{
	struct err why;

	if (http_tls_load(tls, chain, key, &why) == 0)
		return 0;
	return err_set(err, "%s: %s", path, why.text);
}

/* Read both files; load them unless they are as they were. */
static int
look(struct certificate *c, struct err *err)
{
	CLEANUP(forget) struct buf chain = { 0 }, key = { 0 };
	uint8_t digest[CRYPT_DIGEST];

	if (disk_read(c->chain, SIZE_MAX_BYTES, &chain, err) < 0 ||
		disk_read(c->key, SIZE_MAX_BYTES, &key, err) < 0)
		return -1;
	crypt_digest_join(buf_str(&chain), buf_str(&key), digest);
	if (crypt_equal(digest, c->seen, sizeof(digest)))
		return 0;
	memcpy(c->seen, digest, sizeof(digest));
	if (load(c->tls, buf_str(&chain), buf_str(&key), c->chain, err) < 0)
		return -1;
	log_line(LOG_LEVEL_NOTICE, "web.certificate", "file=%s days_left=%lld",
		c->chain,
		(long long)(http_tls_until(c->tls) - clock_wall_s()) / 86400);
	return 0;
}

void
certificate_look(struct certificate *c)
{
	struct err err;

	if (look(c, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "web.certificate",
			"%s; the one in use stays until this is mended",
			err.text);
}

static void
on_timer(uv_timer_t *timer)
{
	certificate_look(timer->data);
}

static struct certificate *
certificate_new(const char *chain, const char *key)
{
	struct certificate *c = mem_alloc(1, sizeof(*c));

	c->tls = http_tls_new();
	c->chain = copy(chain);
	c->key = copy(key);
	return c;
}

static void
certificate_free(struct certificate *c)
{
	http_tls_free(c->tls);
	free(c->chain);
	free(c->key);
	free(c);
}

int
certificate_check(const char *chain, const char *key, struct err *err)
{
	struct certificate *c = certificate_new(chain, key);
	int rc = look(c, err);

	certificate_free(c);
	return rc;
}

int
certificate_open(uv_loop_t *loop, const char *chain, const char *key,
	struct certificate **ret, struct err *err)
{
	struct certificate *c = certificate_new(chain, key);

	if (look(c, err) < 0) {
		certificate_free(c);
		return -1;
	}
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	uv_timer_start(&c->timer, on_timer, LOOK_MS, LOOK_MS);
	*ret = c;
	return 0;
}

struct http_tls *
certificate_tls(const struct certificate *c)
{
	return c->tls;
}

static void
on_closed(uv_handle_t *handle)
{
	certificate_free(handle->data);
}

void
certificate_close(struct certificate *c)
{
	if (c)
		uv_close((uv_handle_t *)&c->timer, on_closed);
}
