/* SPDX-License-Identifier: ISC */

#include "core/hints_rules.h"

const char *const hint_confidence_names[] = { "low", "medium", "high" };

const struct hint_type hint_types[HINT_KINDS] = {
	[HINT_YOU] = { "you", HINT_INNOCENT, { "never_add" } },
	[HINT_STALE_PASSWORD] = { "nat_stale_password", HINT_INNOCENT,
		{ "tell_user", "unblock", "never_add" } },
	[HINT_PASSWORD_CHANGED] = { "password_changed", HINT_INNOCENT,
		{ "tell_user", "unblock" } },
	[HINT_KNOWN_USER] = { "known_user", HINT_INNOCENT,
		{ "unblock", "tell_user" } },
	[HINT_ROBOT] = { "robot_interval", HINT_INNOCENT, { "find_device" } },
	[HINT_NO_AUTH_CLIENT] = { "no_auth_client", HINT_INNOCENT,
		{ "tell_user", "unblock" } },
	[HINT_FORWARDER] = { "forwarder", HINT_INNOCENT,
		{ "unblock", "never_add" } },
	[HINT_PROXY] = { "proxy", HINT_INNOCENT,
		{ "pass_address", "never_add" } },
	[HINT_OWN_HOST] = { "own_host", HINT_INNOCENT,
		{ "never_add", "find_device" } },
	[HINT_SHARED] = { "shared_address", HINT_INNOCENT,
		{ "unblock", "shorten" } },
	[HINT_NEAR_NEVER] = { "near_never", HINT_INNOCENT, { "never_add" } },
	[HINT_BREAK_IN] = { "break_in", HINT_HOSTILE,
		{ "check_account", "extend" } },
	[HINT_ATTACK] = { "attack_pattern", HINT_HOSTILE,
		{ "keep", "extend" } },
	[HINT_HARVEST] = { "address_harvest", HINT_HOSTILE,
		{ "keep", "extend" } },
	[HINT_AGAIN] = { "blocked_again", HINT_HOSTILE, { "extend" } },
	[HINT_NEIGHBOURS] = { "neighbours", HINT_HOSTILE, { "block_network" } },
};

/* The figures of the rules; docs/hints.md says what they mean. */
enum {
	PROXY_USERS = 5,
	AGAIN_BLOCKS = 3,
	AGAIN_SURE = 10,
	NEIGHBOURS = 3,
	NEIGHBOURS_SURE = 10,
};

static bool
is_you(const struct hint_facts *f, struct hint *h)
{
	h->confidence = HINT_HIGH;
	return f->is_you;
}

static bool
is_near_host(const struct hint_facts *f)
{
	return f->is_own || hint_is_private(&f->addr);
}

/* Many people behind one address of ours: something stands between. */
static bool
is_proxy(const struct hint_facts *f, struct hint *h)
{
	if (!is_near_host(f) || f->accounts_n < PROXY_USERS)
		return false;
	h->confidence = f->web || hint_users(f) >= PROXY_USERS ? HINT_HIGH
							       : HINT_MEDIUM;
	say(h, "accounts", f->accounts_n);
	say(h, "users", hint_users(f));
	return true;
}

static bool
is_own_host(const struct hint_facts *f, struct hint *h)
{
	h->confidence = f->is_own ? HINT_HIGH : HINT_MEDIUM;
	return is_near_host(f);
}

static bool
is_near_never(const struct hint_facts *f, struct hint *h)
{
	h->confidence = HINT_MEDIUM;
	h->prefix = f->never;
	h->has_prefix = true;
	return f->has_never;
}

static bool
is_again(const struct hint_facts *f, struct hint *h)
{
	if (f->earlier_blocks < AGAIN_BLOCKS || hint_is_any_known(f))
		return false;
	h->confidence = sure_from(f->earlier_blocks, AGAIN_SURE);
	say(h, "earlier_blocks", f->earlier_blocks);
	return true;
}

static bool
has_neighbours(const struct hint_facts *f, struct hint *h)
{
	if (f->neighbours < NEIGHBOURS)
		return false;
	h->confidence = sure_from(f->neighbours, NEIGHBOURS_SURE);
	h->prefix = hint_network(&f->addr);
	h->has_prefix = true;
	say(h, "addresses", f->neighbours);
	return true;
}

unsigned
hint_find(const struct hint_facts *f, struct hint ret[static HINT_KINDS])
{
	static hint_rule *const rules[HINT_KINDS] = {
		[HINT_YOU] = is_you,
		[HINT_STALE_PASSWORD] = hint_is_stale_password,
		[HINT_PASSWORD_CHANGED] = hint_is_password_changed,
		[HINT_KNOWN_USER] = hint_is_known_user,
		[HINT_ROBOT] = hint_is_robot,
		[HINT_NO_AUTH_CLIENT] = hint_is_no_auth_client,
		[HINT_FORWARDER] = hint_is_forwarder,
		[HINT_PROXY] = is_proxy,
		[HINT_OWN_HOST] = is_own_host,
		[HINT_SHARED] = hint_is_shared,
		[HINT_NEAR_NEVER] = is_near_never,
		[HINT_BREAK_IN] = hint_is_break_in,
		[HINT_ATTACK] = hint_is_attack,
		[HINT_HARVEST] = hint_is_harvest,
		[HINT_AGAIN] = is_again,
		[HINT_NEIGHBOURS] = has_neighbours,
	};
	unsigned n = 0;

	for (int k = 0; k < HINT_KINDS; k++) {
		ret[n] = (struct hint){ .kind = (enum hint_kind)k };
		n += rules[k](f, &ret[n]);
	}
	return n;
}

uint64_t
hint_bits(const struct hint *hints, unsigned n)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < n; i++)
		bits |= UINT64_C(1) << hints[i].kind;
	return bits;
}

uint64_t
hint_innocent_bits(void)
{
	uint64_t bits = 0;

	for (int k = 0; k < HINT_KINDS; k++)
		bits |= (uint64_t)(hint_types[k].side == HINT_INNOCENT) << k;
	return bits;
}

bool
hint_kind_find(struct str s, enum hint_kind *ret)
{
	for (int k = 0; k < HINT_KINDS; k++) {
		if (str_eq(s, str_of(hint_types[k].id))) {
			*ret = (enum hint_kind)k;
			return true;
		}
	}
	return false;
}
