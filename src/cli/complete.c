/* SPDX-License-Identifier: ISC */

#include "cli/complete.h"

#include "cli/client.h"
#include "control/help.h"

static const struct {
	const char *name, *path, *member;
} lists[] = {
	{ "blocks", "/blocks?limit=1000", "address" },
	{ "never", "/never", "address" },
	{ "accounts", "/accounts?limit=1000", "account" },
	{ "users", "/users", "name" },
	{ "tokens", "/tokens", "id" },
	{ "sessions", "/sessions", "id" },
};

/* A shell may do with a word what it likes, and clients choose the names of
 * accounts: only what means nothing to any shell is offered. */
static bool
is_harmless(struct str s)
{
	static const char marks[] = "@._+-:/";

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
			!(c >= '0' && c <= '9') &&
			!memchr(marks, c, sizeof(marks) - 1))
			return false;
	}
	return s.n && s.p[0] != '-';
}

static void
print_word(struct cli *c, struct str s)
{
	if (!is_harmless(s))
		return;
	buf_add(&c->out, s);
	buf_addc(&c->out, '\n');
}

/* First words of commands, and topics. */
static void
print_commands(struct cli *c)
{
	struct str seen = { 0 }, first, rest;

	for (unsigned i = 0; i < verbs_n; i++) {
		str_cut(str_of(verbs[i].path), ' ', &first, &rest);
		if (!str_eq(first, seen))
			print_word(c, first);
		seen = first;
	}
	help_add_topic_names(&c->out);
}

static void
print_list(struct cli *c, const char *path, const char *member)
{
	const struct json_t *items, *o;
	struct question q;
	struct answer a;
	struct err err;

	c->call.option[OPT_TIMEOUT] = "1";
	question_open(&q, "GET", path);
	(void)client_try(c, &q, &a, &err);
	items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (o = json_tree_at(items, i)); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		if (!json_tree_bool(o, "builtin") &&
			json_tree_add(&b, json_tree_get(o, member)))
			print_word(c, buf_str(&b));
	}
	answer_free(&a);
}

void
complete_print(struct cli *c, const char *list)
{
	if (strcmp(list, "commands") == 0)
		print_commands(c);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strcmp(list, lists[i].name) == 0)
			print_list(c, lists[i].path, lists[i].member);
	}
}
