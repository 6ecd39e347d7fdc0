/* SPDX-License-Identifier: ISC */

/* Rules that go by the mail that was sent. */

#include "core/hints_rules.h"

/* The figures of the rules; docs/hints.md says what they mean. */
enum {
	CLIENT_SOON_S = 600,
	FORWARD_GOOD = 20,
	FORWARD_SURE = 100,
	FORWARD_BAD = 20, /* percent */
	HARVEST_BAD = 10,
	HARVEST_SURE = 50,
};

/* A login that came after a refused relay, if only by the times kept. */
static int64_t
login_after(const struct hint_facts *f)
{
	int64_t best = 0;

	for (unsigned i = 0; i < f->accounts_n; i++) {
		const struct hint_account *x = &f->accounts[i];
		int64_t t = x->first_ok >= f->first_relay ? x->first_ok
							  : x->last_ok;

		if (t >= f->first_relay && (best == 0 || t < best))
			best = t;
	}
	return best;
}

bool
hint_is_no_auth_client(const struct hint_facts *f, struct hint *h)
{
	int64_t login = login_after(f);

	if (!f->relay_denied || !login)
		return false;
	h->confidence = login - f->first_relay <= CLIENT_SOON_S ? HINT_HIGH
								: HINT_MEDIUM;
	say(h, "relay_denied", f->relay_denied);
	say(h, "ok", f->ok);
	say(h, "after_s", login - f->first_relay);
	return true;
}

bool
hint_is_forwarder(const struct hint_facts *f, struct hint *h)
{
	uint64_t all = (uint64_t)f->good_recipients + f->bad_recipients;

	if (f->good_recipients < FORWARD_GOOD || f->bad_recipients == 0 ||
		(uint64_t)f->bad_recipients * 100 > all * FORWARD_BAD ||
		f->failed || f->relay_denied || f->viruses)
		return false;
	h->confidence = f->good_recipients >= FORWARD_SURE ? HINT_MEDIUM
							   : HINT_LOW;
	say(h, "good_recipients", f->good_recipients);
	say(h, "bad_recipients", f->bad_recipients);
	return true;
}

bool
hint_is_harvest(const struct hint_facts *f, struct hint *h)
{
	if (f->bad_recipients < HARVEST_BAD || f->good_recipients || f->ok)
		return false;
	h->confidence = sure_from(f->bad_recipients, HARVEST_SURE);
	say(h, "bad_recipients", f->bad_recipients);
	say(h, "good_recipients", 0);
	return true;
}
