/* SPDX-License-Identifier: ISC */

/*
 * Passwords: hashed in libuv's pool, one at a time (each takes 64 MiB) and
 * few in the queue; and how fast they may be tried.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/mem.h"
#include "web/access.h"

enum {
	WAITING_MAX = 8,
	WAIT_MAX_S = 300,
	TRIES_PROBED = 8,
};

struct hashing {
	uv_work_t work;
	struct hashing *next;
	struct access *access;
	struct ask *ask;
	struct addr addr;
	access_on_hashed *fn;
	bool is_check, is_right, is_nobody;
	char hash[CRYPT_PASSWORD_MAX];	/* to be compared with */
	char fresh[CRYPT_PASSWORD_MAX]; /* to be kept, or "" */
	size_t n;
	char password[];
};

/* Of the same cost as a real one; no password has it. */
static const char nobody[] =
	"$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static void start_next(struct access *x);

static void
work(uv_work_t *w)
{
	struct hashing *h = w->data;
	struct str password = { h->password, h->n };

	if (h->is_check)
		h->is_right = crypt_password_check(h->hash, password) &&
			      !h->is_nobody;
	if (!h->is_check || (h->is_right && crypt_password_is_old(h->hash))) {
		bool is_made = crypt_password_hash(password, h->fresh) == 0;

		if (!h->is_check)
			h->is_right = is_made;
		if (!is_made)
			h->fresh[0] = '\0';
	}
}

static void
on_worked(uv_work_t *w, int status)
{
	struct hashing *h = w->data;
	struct access *x = h->access;
	struct http_peer peer;

	(void)status;
	x->running = NULL;
	/* Without its connection the node may be gone as well. */
	if (http_peer(h->ask->request, &peer)) {
		start_next(x);
		h->fn(h->ask, h->is_right, h->fresh);
	} else {
		ask_fail(h->ask, PROBLEM_INTERNAL, NULL, "too late");
		start_next(x);
	}
	crypt_forget(h, sizeof(*h) + h->n);
	free(h);
}

static void
start_next(struct access *x)
{
	struct hashing *h = x->first;

	if (!h || x->running)
		return;
	x->first = h->next;
	x->waiting--;
	x->running = h;
	if (uv_queue_work(node_loop(x->node), &h->work, work, on_worked))
		abort();
}

/* Nobody fills the queue from one address. */
static bool
has_place(const struct ask *a)
{
	const struct access *x = a->api->access;
	unsigned mine = 0;

	for (const struct hashing *h = x->first; h; h = h->next)
		mine += memcmp(&h->addr, &a->addr, sizeof(h->addr)) == 0;
	return x->waiting < WAITING_MAX && mine < 2;
}

static struct hashing *
enqueue(struct ask *a, struct str password, access_on_hashed *fn)
{
	struct access *x = a->api->access;
	struct hashing *h, **at = &x->first;

	if (!has_place(a)) {
		a->retry_s = 1;
		ask_fail(a, PROBLEM_ATTEMPTS, NULL,
			"many passwords are being checked; try again in a "
			"second");
		return NULL;
	}
	h = mem_alloc(1, sizeof(*h) + password.n);
	h->work.data = h;
	h->access = x;
	h->ask = a;
	h->addr = a->addr;
	h->fn = fn;
	h->n = password.n;
	memcpy(h->password, password.p, password.n);
	while (*at)
		at = &(*at)->next;
	*at = h;
	x->waiting++;
	return h;
}

void
access_password_check(struct ask *a, const char *hash, struct str password,
	access_on_hashed *fn)
{
	struct hashing *h = enqueue(a, password, fn);

	if (!h)
		return;
	h->is_check = true;
	h->is_nobody = !hash;
	strcpy(h->hash, hash ? hash : nobody);
	start_next(h->access);
}

void
access_password_make(struct ask *a, struct str password, access_on_hashed *fn)
{
	struct hashing *h = enqueue(a, password, fn);

	if (h)
		start_next(h->access);
}

bool
access_password_get(struct ask *a, const char *name, struct str *ret)
{
	struct err err = { { 0 } };
	struct str s = { 0 };
	char pointer[32];

	snprintf(pointer, sizeof(pointer), "#/%s", name);
	if (json_in_str(a->body, name, &s, &err) == JSON_IN_WRONG) {
		ask_fail(a, PROBLEM_VALIDATION, pointer, "%s", err.text);
		return false;
	}
	if (s.n < PASSWORD_MIN || s.n > PASSWORD_MAX) {
		ask_fail(a, PROBLEM_VALIDATION, pointer,
			"a password has %d to %d bytes", PASSWORD_MIN,
			PASSWORD_MAX);
		return false;
	}
	*ret = s;
	return true;
}

/* --- how fast ---------------------------------------------------------------------- */

/* The slot of an account and address: its own, else a free one, else the
 * one that may be tried again soonest. */
static struct access_try *
find_try(const struct ask *a, struct str name)
{
	struct access *x = a->api->access;
	struct prefix net = addr_prefix(
		&a->addr, addr_is_v4(&a->addr) ? ADDR_BITS : 64);
	uint8_t digest[CRYPT_DIGEST];
	struct access_try *best = NULL;
	uint64_t key;

	crypt_digest_join(
		(struct str){ (const char *)net.addr.b, 16 }, name, digest);
	memcpy(&key, digest, sizeof(key));
	key |= 1;
	for (unsigned i = 0; i < TRIES_PROBED; i++) {
		struct access_try *t =
			&x->tries[(key / 2 + i) % THROTTLE_SLOTS];

		if (t->key == key)
			return t;
		if (!best || t->again < best->again)
			best = t;
	}
	*best = (struct access_try){ .key = key };
	return best;
}

int64_t
access_wait(const struct ask *a, struct str name)
{
	int64_t left = find_try(a, name)->again - node_now(a->node);

	return left > 0 ? left : 0;
}

void
access_try_count(struct access_try *t, bool has_come, int64_t now)
{
	int64_t wait_s = t->failures < 9 ? INT64_C(1) << t->failures
					 : WAIT_MAX_S;

	if (has_come) {
		*t = (struct access_try){ 0 };
		return;
	}
	t->failures++;
	t->again = now + (wait_s < WAIT_MAX_S ? wait_s : WAIT_MAX_S);
}

void
access_tried(struct ask *a, struct str name, bool has_come)
{
	access_try_count(find_try(a, name), has_come, node_now(a->node));
	if (a->via == VIA_SOCKET)
		return;
	node_report(a->node,
		&(struct event){
			.kind = has_come ? EVENT_LOGIN_SUCCESS
					 : EVENT_LOGIN_FAILURE,
			.addr = a->addr,
			.count = 1,
			.source = S("web"),
			.service = S("web"),
			.account = name,
			.detail = has_come ? S("signed in to the web interface")
					   : S("sign-in to the web interface "
					       "failed"),
		});
}
