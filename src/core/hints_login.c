/* SPDX-License-Identifier: ISC */

/* Rules that go by the accounts that were tried. */

#include "core/hints_rules.h"

/* The figures of the rules; docs/hints.md says what they mean. */
enum {
	OFFICE_USERS = 2,
	OFFICE_FAILED = 3,
	OFFICE_SHARE = 80, /* percent of the failures that are one account's */
	REGULAR_FAILED = 5,
	REGULAR_GAP_S = 2, /* closer ones are one attempt */
	SLOW_S = 30,
	SHARED_USERS = 5,
	SHARED_SURE = 10,
	SHARED_HELOS = 5,
	GUESSED_FAILED = 10,
	GUESSED_ACCOUNTS = 3,
	ATTACK_ACCOUNTS = 5,
	ATTACK_SURE = 10,
};

/* It had logged in from there before it failed. */
static bool
was_known(const struct hint_account *x)
{
	return x->is_trusted ||
	       (x->first_ok && (!x->failed || x->first_ok < x->first_failed));
}

bool
hint_is_any_known(const struct hint_facts *f)
{
	for (unsigned i = 0; i < f->accounts_n; i++) {
		if (f->accounts[i].ok || f->accounts[i].is_trusted)
			return true;
	}
	return f->ok > 0;
}

unsigned
hint_users(const struct hint_facts *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->accounts_n; i++)
		n += f->accounts[i].ok > 0;
	return n;
}

static unsigned
count_failing(const struct hint_facts *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->accounts_n; i++)
		n += f->accounts[i].failed > 0;
	return n;
}

/* The account with the most failures; of those alike the first. */
static const struct hint_account *
top_failing(const struct hint_facts *f)
{
	const struct hint_account *top = NULL;

	for (unsigned i = 0; i < f->accounts_n; i++) {
		const struct hint_account *x = &f->accounts[i];

		if (x->failed && (!top || x->failed > top->failed))
			top = x;
	}
	return top;
}

/* Does it fail at regular intervals: their deviation is less than a fifth
 * of their mean?  Returns the mean [s], or 0. */
static int64_t
interval_of(const struct hint_account *x)
{
	int64_t sum = 0, squares = 0, n = 0;

	for (unsigned i = 1, last = 0; i < x->times_n; i++) {
		int64_t gap = x->times[i] - x->times[last];

		if (gap <= REGULAR_GAP_S)
			continue;
		last = i;
		sum += gap;
		squares += gap * gap;
		n++;
	}
	/* n · Σx² - (Σx)² is n² times the variance. */
	if (n < REGULAR_FAILED - 1 ||
		25 * (n * squares - sum * sum) >= sum * sum)
		return 0;
	return (sum + n / 2) / n;
}

bool
hint_is_stale_password(const struct hint_facts *f, struct hint *h)
{
	const struct hint_account *top = top_failing(f);
	unsigned users = hint_users(f);

	if (!top || users < OFFICE_USERS || f->failed < OFFICE_FAILED ||
		(uint64_t)top->failed * 100 <
			(uint64_t)f->failed * OFFICE_SHARE)
		return false;
	h->account = str_of(top->name);
	h->confidence = top->ok || top->is_trusted ? HINT_HIGH : HINT_MEDIUM;
	say(h, "users", users);
	say(h, "failed", top->failed);
	say(h, "share", (int64_t)top->failed * 100 / f->failed);
	return true;
}

bool
hint_is_password_changed(const struct hint_facts *f, struct hint *h)
{
	const struct hint_account *top = top_failing(f);
	int64_t interval;

	if (!top || !was_known(top) || top->last_ok > top->first_failed)
		return false;
	interval = interval_of(top);
	if (!interval)
		return false;
	h->account = str_of(top->name);
	h->confidence = HINT_HIGH;
	say(h, "failed", top->failed);
	say(h, "interval_s", interval);
	return true;
}

/* A guess that came true is no known user. */
bool
hint_is_break_in(const struct hint_facts *f, struct hint *h)
{
	unsigned failing = count_failing(f);

	for (unsigned i = 0; i < f->accounts_n; i++) {
		const struct hint_account *x = &f->accounts[i];

		if (!x->ok || was_known(x) ||
			(x->failed < GUESSED_FAILED &&
				failing < GUESSED_ACCOUNTS))
			continue;
		h->account = str_of(x->name);
		h->confidence = x->failed >= GUESSED_FAILED ? HINT_HIGH
							    : HINT_MEDIUM;
		say(h, "failed", x->failed);
		say(h, "accounts", failing);
		say(h, "ok", x->ok);
		return true;
	}
	return false;
}

bool
hint_is_known_user(const struct hint_facts *f, struct hint *h)
{
	const struct hint_account *best = NULL;
	struct hint other = { 0 };

	if (hint_is_break_in(f, &other))
		return false;
	for (unsigned i = 0; i < f->accounts_n; i++) {
		const struct hint_account *x = &f->accounts[i];

		if (x->failed && (x->ok || x->is_trusted) &&
			(!best || x->failed > best->failed))
			best = x;
	}
	if (!best)
		return false;
	h->account = str_of(best->name);
	h->confidence = was_known(best) && best->last_ok > best->last_failed
				? HINT_HIGH
				: HINT_MEDIUM;
	say(h, "failed", best->failed);
	say(h, "ok", best->ok);
	return true;
}

bool
hint_is_robot(const struct hint_facts *f, struct hint *h)
{
	const struct hint_account *top = top_failing(f);
	int64_t interval;

	if (!top || count_failing(f) != 1 || top->failed != f->failed ||
		hint_is_any_known(f))
		return false;
	interval = interval_of(top);
	if (!interval)
		return false;
	h->account = str_of(top->name);
	h->confidence = interval >= SLOW_S ? HINT_MEDIUM : HINT_LOW;
	say(h, "failed", top->failed);
	say(h, "interval_s", interval);
	return true;
}

bool
hint_is_shared(const struct hint_facts *f, struct hint *h)
{
	struct prefix cgnat, one = addr_prefix(&f->addr, ADDR_BITS);
	unsigned users = hint_users(f);
	bool is_cgnat = prefix_parse(S("100.64.0.0/10"), &cgnat, NULL) &&
			prefix_covers(&cgnat, &one);

	if (users < SHARED_USERS && !is_cgnat &&
		(f->helos_n < SHARED_HELOS || users == 0))
		return false;
	h->confidence = sure_from(users, SHARED_SURE);
	say(h, "users", users);
	say(h, "helos", f->helos_n);
	return true;
}

bool
hint_is_attack(const struct hint_facts *f, struct hint *h)
{
	unsigned failing = count_failing(f);

	if (failing < ATTACK_ACCOUNTS || hint_is_any_known(f))
		return false;
	h->confidence = sure_from(failing, ATTACK_SURE);
	say(h, "accounts", failing);
	say(h, "failed", f->failed);
	return true;
}
