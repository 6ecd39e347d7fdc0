/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/def.h"
#include "core/hints.h"

static struct str
name_of(const struct hint_account *x)
{
	return str_of(x->name);
}

/* Beyond HINT_ACCOUNTS_MAX accounts are counted, not told apart. */
static struct hint_account *
account_get(struct hint_facts *f, struct str name)
{
	char text[HINT_NAME_MAX] = { 0 };
	size_t n = name.n < sizeof(text) - 1 ? name.n : sizeof(text) - 1;

	if (name.n == 0)
		return NULL;
	memcpy(text, name.p, n);
	for (unsigned i = 0; i < f->accounts_n; i++) {
		if (str_eq_case(name_of(&f->accounts[i]), str_of(text)))
			return &f->accounts[i];
	}
	if (f->accounts_n == HINT_ACCOUNTS_MAX)
		return NULL;
	struct hint_account *x = &f->accounts[f->accounts_n++];

	memcpy(x->name, text, sizeof(text));
	return x;
}

static void
widen(int64_t *first, int64_t *last, int64_t time)
{
	if (*first == 0 || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

static void
time_add(struct hint_account *x, int64_t time)
{
	unsigned at = x->times_n;

	if (at == HINT_TIMES_MAX)
		return;
	x->times_n++;
	for (; at && x->times[at - 1] > time; at--)
		x->times[at] = x->times[at - 1];
	x->times[at] = time;
}

static void
add_failure(struct hint_facts *f, const struct hint_event *e)
{
	struct hint_account *x = account_get(f, e->event->account);

	f->failed++;
	if (!x)
		return;
	x->failed++;
	x->is_trusted |= (e->marks & MARK_TRUSTED) != 0;
	widen(&x->first_failed, &x->last_failed, e->event->time);
	time_add(x, e->event->time);
}

static void
add_success(struct hint_facts *f, const struct hint_event *e)
{
	struct hint_account *x = account_get(f, e->event->account);

	f->ok++;
	if (!x)
		return;
	x->ok++;
	widen(&x->first_ok, &x->last_ok, e->event->time);
}

static void
add_helo(struct hint_facts *f, struct str helo)
{
	static const struct hash_key key = { 0, 0 };
	uint64_t hash = hash_folded(&key, helo);

	for (unsigned i = 0; i < f->helos_n; i++) {
		if (f->helos[i] == hash)
			return;
	}
	if (f->helos_n < HINT_HELOS_MAX)
		f->helos[f->helos_n++] = hash;
}

void
hint_facts_add(struct hint_facts *f, const struct hint_event *e)
{
	const struct event *ev = e->event;

	/* What another source has told already is no second act. */
	if (ev->time <= f->since || e->outcome == OUTCOME_JOINED ||
		ev->is_summary)
		return;
	if (ev->helo.n)
		add_helo(f, ev->helo);
	f->web += str_eq(ev->service, S("web"));
	switch (e->kind) {
	case EVENT_AUTH_FAILURE:
	case EVENT_LOGIN_FAILURE: add_failure(f, e); break;
	case EVENT_LOGIN_SUCCESS: add_success(f, e); break;
	case EVENT_RELAY_DENIED:
		f->relay_denied++;
		widen(&f->first_relay, &f->last_relay, ev->time);
		break;
	case EVENT_GOOD_RECIPIENT: f->good_recipients++; break;
	case EVENT_BAD_RECIPIENT: f->bad_recipients++; break;
	case EVENT_VIRUS: f->viruses++; break;
	default: break;
	}
}

static bool
is_within(const struct addr *a, const char *prefix)
{
	struct prefix p, one = addr_prefix(a, ADDR_BITS);

	return prefix_parse(str_of(prefix), &p, NULL) &&
	       prefix_covers(&p, &one);
}

bool
hint_is_private(const struct addr *a)
{
	static const char *const ranges[] = { "10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "::1",
		"fc00::/7", "fe80::/10" };

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		if (is_within(a, ranges[i]))
			return true;
	}
	return false;
}

struct prefix
hint_network(const struct addr *a)
{
	return addr_prefix(a, addr_is_v4(a) ? ADDR_V4_BITS + 24 : 48);
}
