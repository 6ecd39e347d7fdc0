/* SPDX-License-Identifier: ISC */

/*
 * What to know before one decides, and what is known of the address.
 */

#include "web/explain.h"

enum {
	ACCOUNTS_SHOWN = 20,
	NEIGHBOURS_SHOWN = 10,
};

static void
add_suggested(struct json *j, enum hint_kind kind)
{
	const char *const *actions = hint_types[kind].actions;

	json_key(j, "suggested");
	json_open(j, '[');
	for (int i = 0; i < HINT_ACTIONS_MAX && actions[i]; i++)
		json_str(j, str_of(actions[i]));
	json_close(j, ']');
}

static void
add_hint(struct json *j, const struct hint *h)
{
	bool is_innocent = hint_types[h->kind].side == HINT_INNOCENT;

	json_open(j, '{');
	json_member_str(j, "kind", str_of(hint_types[h->kind].id));
	json_member_str(j, "side", is_innocent ? S("innocent") : S("hostile"));
	json_member_str(
		j, "confidence", str_of(hint_confidence_names[h->confidence]));
	if (h->account.n)
		json_member_str(j, "account", h->account);
	if (h->has_prefix)
		render_prefix(j, "prefix", &h->prefix);
	json_key(j, "evidence");
	json_open(j, '{');
	for (unsigned i = 0; i < h->numbers_n; i++)
		json_member_int(j, h->numbers[i].name, h->numbers[i].value);
	json_close(j, '}');
	add_suggested(j, h->kind);
	json_close(j, '}');
}

static int64_t
last_of(const struct hint_account *x)
{
	return x->last_ok > x->last_failed ? x->last_ok : x->last_failed;
}

static void
add_accounts(struct json *j, const struct hint_facts *f)
{
	json_key(j, "accounts");
	json_open(j, '[');
	for (unsigned i = 0; i < f->accounts_n && i < ACCOUNTS_SHOWN; i++) {
		const struct hint_account *x = &f->accounts[i];

		json_open(j, '{');
		json_member_str(j, "account", str_of(x->name));
		json_member_int(j, "ok", x->ok);
		json_member_int(j, "failed", x->failed);
		json_member_time(j, "last", last_of(x));
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Most events first; few enough to look through for each. */
static void
add_neighbours(struct json *j, const struct inquiry *q)
{
	bool done[EXPLAIN_NEIGHBOURS] = { false };

	json_key(j, "neighbours");
	json_open(j, '[');
	for (int shown = 0; shown < NEIGHBOURS_SHOWN; shown++) {
		const struct neighbour *best = NULL;

		for (unsigned i = 0; i < q->neighbours_n; i++) {
			const struct neighbour *n = &q->neighbours[i];

			if (!done[i] && !addr_eq(&n->addr, &q->addr) &&
				(!best || n->n > best->n))
				best = n;
		}
		if (!best)
			break;
		done[best - q->neighbours] = true;
		struct prefix one = addr_prefix(&best->addr, ADDR_BITS);
		json_open(j, '{');
		render_prefix(j, "address", &one);
		json_member_int(j, "events", (int64_t)best->n);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
add_dossier(struct json *j, const struct inquiry *q)
{
	struct prefix network = hint_network(&q->key.addr);

	json_key(j, "dossier");
	json_open(j, '{');
	json_key(j, "host");
	json_null(j); /* no DNS is asked */
	render_prefix(j, "network", &network);
	json_member_int(j, "events", (int64_t)q->seen_n);
	if (q->seen_n) {
		json_member_time(j, "first", q->seen_first);
		json_member_time(j, "last", q->seen_last);
	}
	json_member_int(j, "earlier_blocks", q->day->earlier_blocks);
	json_member_int(j, "logins_ok", q->month->ok);
	json_member_int(j, "logins_failed", q->month->failed);
	add_accounts(j, q->month);
	add_neighbours(j, q);
	json_close(j, '}');
}

void
explain_add_hints(struct json *j, const struct inquiry *q)
{
	struct hint found[HINT_KINDS];
	unsigned n = hint_find(q->day, found);

	json_key(j, "hints");
	json_open(j, '[');
	for (unsigned i = 0; i < n; i++)
		add_hint(j, &found[i]);
	json_close(j, ']');
	add_dossier(j, q);
}
