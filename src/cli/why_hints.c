/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "cli/show.h"
#include "cli/why.h"
#include "cli/width.h"

enum {
	SHOWN = 5, /* accounts and neighbours */
};

/* What each hint says; {name} is a number of its evidence. */
static const struct {
	const char *kind, *text;
} sentences[] = {
	{ "you", "you are connected from here" },
	{ "nat_stale_password",
		"{users} users have logged in from here, and {share} % of the "
		"failures are {account}: likely an office with one stale "
		"password" },
	{ "password_changed",
		"{account} logged in from here before and now fails every "
		"{interval_s}: a device has the old password" },
	{ "known_user",
		"{account} has logged in from here: probably the owner" },
	{ "robot_interval",
		"{account} fails every {interval_s} and nobody else does: a "
		"scanner, a printer or a monitor" },
	{ "no_auth_client",
		"a relay was refused and a login came {after_s} later: a "
		"client that was set up without authentication" },
	{ "forwarder",
		"{good_recipients} recipients exist and {bad_recipients} do "
		"not: a forwarder or an old mailing list" },
	{ "proxy",
		"{accounts} accounts from an address of your own: a proxy or "
		"webmail that does not pass the client's address on" },
	{ "own_host", "a private address, or one beside this machine" },
	{ "shared_address",
		"{users} users and {helos} client names: many people behind "
		"one address" },
	{ "near_never", "beside {prefix}, which is never blocked" },
	{ "break_in",
		"{account} logged in after {failed} failures of its own, and "
		"{accounts} accounts failed: check that account" },
	{ "attack_pattern",
		"{accounts} accounts failed and nobody logged in: looks like "
		"an attack" },
	{ "address_harvest",
		"{bad_recipients} recipients do not exist and none does: "
		"looks like a search for addresses" },
	{ "blocked_again", "blocked {earlier_blocks} times before" },
	{ "neighbours",
		"{addresses} other addresses of {prefix} were blocked, too" },
};

static void
add_member(struct buf *b, const struct json_t *h, struct str name)
{
	char text[32];
	const struct json_t *evidence = json_tree_get(h, "evidence");

	if (str_eq(name, S("account")) || str_eq(name, S("prefix"))) {
		utf8_add_safe(b, json_tree_str(h, str_eq(name, S("account"))
							  ? "account"
							  : "prefix"));
		return;
	}
	if (name.n >= sizeof(text))
		return;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (str_ends(name, S("_s")))
		text_add_span(b, json_tree_int(evidence, text));
	else
		num_add(b, json_tree_int(evidence, text));
}

static void
add_sentence(struct buf *b, const struct json_t *h)
{
	struct str kind = json_tree_str(h, "kind"), rest = { 0 }, head, name;

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		if (str_eq(kind, str_of(sentences[i].kind)))
			rest = str_of(sentences[i].text);
	}
	if (!rest.n)
		utf8_add_safe(b, kind); /* of a newer daemon */
	while (rest.n) {
		bool has_name = str_cut(rest, '{', &head, &rest);

		buf_add(b, head);
		if (has_name && str_cut(rest, '}', &name, &rest))
			add_member(b, h, name);
	}
}

/* Words, broken where the terminal ends; later lines are indented. */
static void
add_wrapped(struct cli *c, const char *label, struct str text)
{
	size_t column = width_of(str_of(label)), indent = column;
	struct str word;

	cli_style(c, STYLE_BOLD);
	buf_add(&c->out, str_of(label));
	cli_style(c, STYLE_PLAIN);
	while (text.n) {
		str_cut(text, ' ', &word, &text);
		size_t wide = width_of(word);

		if (c->width && column > indent &&
			column + 1 + wide > c->width) {
			buf_printf(&c->out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_addc(&c->out, ' ');
			column++;
		}
		buf_add(&c->out, word);
		column += wide;
	}
	buf_addc(&c->out, '\n');
}

void
why_add_hints(struct cli *c, const struct json_t *x)
{
	const struct json_t *list = json_tree_get(x, "hints"), *h;

	for (size_t i = 0; (h = json_tree_at(list, i)); i++) {
		bool is_hostile = str_eq(
			json_tree_str(h, "side"), S("hostile"));
		struct buf b CLEANUP(buf_free) = { 0 };

		add_sentence(&b, h);
		buf_add(&b, S(" ("));
		utf8_add_safe(&b, json_tree_str(h, "confidence"));
		buf_add(&b, S(" confidence)"));
		add_wrapped(
			c, is_hostile ? "Against it: " : "Hint: ", buf_str(&b));
	}
}

/* --- other settings ------------------------------------------------------------ */

static void
add_score(struct buf *b, const struct json_t *f)
{
	buf_printf(b, "%" PRId64 " of %" PRId64, json_tree_int(f, "score"),
		json_tree_int(f, "threshold"));
}

static void
add_case(struct buf *b, const struct cli *c, const struct json_t *f)
{
	struct str kind = json_tree_str(f, "kind");
	bool is_blocked = json_tree_bool(f, "blocked");

	if (str_eq(kind, S("threshold"))) {
		buf_printf(b,
			"a threshold of %" PRId64 " would not have "
			"blocked it",
			json_tree_int(f, "value"));
	} else if (str_eq(kind, S("period"))) {
		buf_add(b, S("nor would a period of "));
		text_add_span(b, json_tree_int(f, "seconds"));
	} else if (str_eq(kind, S("without_kind"))) {
		buf_add(b, S("without \""));
		utf8_add_safe(b, json_tree_str(f, "label"));
		buf_add(b, is_blocked ? S("\" still ") : S("\" it is "));
		add_score(b, f);
	} else if (str_eq(kind, S("other_component"))) {
		utf8_add_safe(b, json_tree_str(f, "component"));
		buf_add(b, is_blocked ? S(" protection would have blocked it "
					  "as well: ")
				      : S(" protection counted "));
		add_score(b, f);
	} else if (str_eq(kind, S("missing"))) {
		buf_printf(b, "%" PRId64 " more would block it",
			json_tree_int(f, "points"));
	} else if (str_eq(kind, S("end")) &&
		   str_eq(json_tree_str(f, "reason"), S("window"))) {
		buf_add(b, S("nothing counts any more from "));
		show_time(b, c, f, "time");
	}
}

void
why_add_otherwise(struct cli *c, const struct json_t *x)
{
	const struct json_t *list = json_tree_get(x, "counterfactuals"), *f;
	struct buf b CLEANUP(buf_free) = { 0 };

	for (size_t i = 0; (f = json_tree_at(list, i)); i++) {
		struct buf one CLEANUP(buf_free) = { 0 };

		add_case(&one, c, f);
		if (one.n && b.n)
			buf_add(&b, S("; "));
		buf_add(&b, buf_str(&one));
	}
	if (b.n)
		add_wrapped(c, "Otherwise: ", buf_str(&b));
}

/* --- the address ---------------------------------------------------------------- */

static void
add_accounts(struct buf *b, const struct json_t *list)
{
	const struct json_t *v;

	for (size_t i = 0; (v = json_tree_at(list, i)) && i < SHOWN; i++) {
		buf_add(b, i ? S(", ") : S("; accounts "));
		utf8_add_safe(b, json_tree_str(v, "account"));
		buf_printf(b, " (%" PRId64 " good, %" PRId64 " failed)",
			json_tree_int(v, "ok"), json_tree_int(v, "failed"));
	}
	if (json_tree_at(list, SHOWN))
		buf_add(b, S(" and more"));
}

static void
add_neighbours(struct buf *b, const struct json_t *list)
{
	const struct json_t *v;

	for (size_t i = 0; (v = json_tree_at(list, i)) && i < SHOWN; i++) {
		buf_add(b, i ? S(", ") : S("; beside it "));
		utf8_add_safe(b, json_tree_str(v, "address"));
		buf_printf(b, " (%" PRId64 ")", json_tree_int(v, "events"));
	}
}

void
why_add_dossier(struct cli *c, const struct json_t *x)
{
	const struct json_t *d = json_tree_get(x, "dossier");
	struct buf b CLEANUP(buf_free) = { 0 };

	if (json_tree_int(d, "events") == 0)
		return;
	text_add_count(&b, json_tree_int(d, "events"), "event", "events");
	buf_add(&b, S(" in 30 days, "));
	text_add_count(&b, json_tree_int(d, "logins_ok"), "login", "logins");
	buf_printf(&b, ", %" PRId64 " failed, ",
		json_tree_int(d, "logins_failed"));
	text_add_count(&b, json_tree_int(d, "earlier_blocks"), "earlier block",
		"earlier blocks");
	add_accounts(&b, json_tree_get(d, "accounts"));
	add_neighbours(&b, json_tree_get(d, "neighbours"));
	add_wrapped(c, "Address: ", buf_str(&b));
}
