/* SPDX-License-Identifier: ISC */

/*
 * Tokens for programs, and the sessions of people.
 */

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/word.h"

enum {
	LIFE_S = 365 * 86400, /* of a token, if nothing else is said */
};

static void
show_tokens(struct cli *c, const struct json_t *items)
{
	static const struct rows_column columns[] = {
		{ "ID", "id", ROWS_INT },
		{ "NAME", "name", ROWS_TEXT },
		{ "USER", "user", ROWS_TEXT },
		{ "SCOPES", "scopes", ROWS_LIST },
		{ "CREATED", "created", ROWS_TIME },
		{ "USED", "last_used", ROWS_TIME },
		{ "EXPIRES", "expires", ROWS_TIME },
		{ "NETWORKS", "networks", ROWS_LIST },
	};

	rows_show(c, items, columns, ARRAY_LEN(columns));
}

enum exit_code
token_list_run(struct cli *c)
{
	static const struct pages pages = { "/tokens", NULL, show_tokens,
		.is_whole = true, .key = "id" };

	return pages_run(c, &pages);
}

/* "a,b" as an array. */
static void
add_words(struct json *j, const char *name, const char *list)
{
	struct str rest = str_of(list), word;

	json_key(j, name);
	json_open(j, '[');
	while (rest.n) {
		str_cut(rest, ',', &word, &rest);
		json_str(j, str_trim(word));
	}
	json_close(j, ']');
}

static void
add_token(struct cli *c, struct buf *body)
{
	const char *scopes = c->call.option[OPT_SCOPES];
	const char *life = c->call.option[OPT_EXPIRES];
	struct json j = { .b = body };
	int64_t life_s = LIFE_S;

	json_open(&j, '{');
	json_member_str(&j, "name", str_of(c->call.word[0]));
	if (c->call.option[OPT_USER])
		json_member_str(&j, "user", str_of(c->call.option[OPT_USER]));
	add_words(&j, "scopes", scopes ? scopes : "read");
	if (c->call.option[OPT_NETWORKS])
		add_words(&j, "networks", c->call.option[OPT_NETWORKS]);
	if (!life || strcmp(life, "none") != 0) {
		(void)num_parse_span(str_of(life ? life : ""), 60, &life_s);
		json_member_time(&j, "expires", c->clock.now + life_s);
	}
	json_close(&j, '}');
}

/* The token is the data; what it is good for is a message. */
static void
show_token(struct cli *c, const struct json_t *t)
{
	struct str name = json_tree_str(t, "name");
	struct str user = json_tree_str(t, "user");

	show_text(c, json_tree_str(t, "token"));
	buf_addc(&c->out, '\n');
	cli_note(c,
		"Token %" PRId64 ", \"%.*s\", of %.*s. It is shown only now: "
		"keep it where only its program reads it.",
		json_tree_int(t, "id"), (int)name.n, name.p, (int)user.n,
		user.p);
}

enum exit_code
token_create_run(struct cli *c)
{
	struct question q;
	struct answer a;

	if (!cli_has(c, OPT_USER) && !cli_has(c, OPT_URL))
		return cli_fail(c, EXIT_CODE_USAGE,
			"whose token shall it be? --user NAME; \"brattice "
			"user\" lists them");
	if (cli_has(c, OPT_DRY_RUN)) {
		show_text(c, str_of(c->call.word[0]));
		buf_add(&c->out, S(" would be created\n"));
		return EXIT_CODE_DONE;
	}
	question_open(&q, "POST", "/tokens");
	add_token(c, &q.body);
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a))
		show_token(c, a.doc);
	answer_free(&a);
	return code;
}

/* Is it in a list that has no page of its own for each? */
static bool
has_id(const struct json_t *items, int64_t id)
{
	const struct json_t *o;

	for (size_t i = 0; (o = json_tree_at(items, i)); i++) {
		if (json_tree_int(o, "id") == id)
			return true;
	}
	return false;
}

/* End the one with a number. */
static enum exit_code
revoke(struct cli *c, const char *path, const char *word)
{
	struct question q;
	struct answer a;

	question_open(&q, "DELETE", path);
	buf_addc(&q.path, '/');
	question_part(&q, word);
	enum exit_code code = client_ask(c, &q, &a);
	answer_free(&a);
	return code;
}

/* What is revoked, and where the API has it. */
struct kind {
	const char *path, *name, *title;
};

static enum exit_code
revoke_one(struct cli *c, const struct kind *k, const struct json_t *items,
	const char *word)
{
	bool is_dry = cli_has(c, OPT_DRY_RUN);
	enum exit_code code = EXIT_CODE_DONE;
	int64_t id = 0;

	(void)num_parse(str_of(word), 1, INT64_MAX, &id);
	if (!has_id(items, id))
		return cli_fail(c, EXIT_CODE_NOT_FOUND, "there is no %s %s",
			k->name, word);
	if (!is_dry)
		code = revoke(c, k->path, word);
	if (!code && !cli_has(c, OPT_QUIET))
		buf_printf(&c->out, "%s %s %s\n", k->title, word,
			is_dry ? "would end" : "has ended");
	return code;
}

static enum exit_code
revoke_all(struct cli *c, const struct kind *k)
{
	enum exit_code worst = EXIT_CODE_DONE;
	struct question q;
	struct answer a;
	unsigned done = 0;

	for (unsigned i = 0; i < c->call.words; i++) {
		if (word_type(c->call.word[i]) != WORD_ID)
			return word_fail(
				c, c->call.word[i], "a number from the list");
	}
	question_open(&q, "GET", k->path);
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	for (unsigned i = 0; i < c->call.words; i++) {
		code = revoke_one(
			c, k, json_tree_get(a.doc, "items"), c->call.word[i]);
		done += code == EXIT_CODE_DONE;
		if (code)
			worst = code;
	}
	answer_free(&a);
	return worst && done ? EXIT_CODE_PARTLY : worst;
}

enum exit_code
token_revoke_run(struct cli *c)
{
	return revoke_all(c, &(struct kind){ "/tokens", "token", "Token" });
}

static void
show_sessions(struct cli *c, const struct json_t *items)
{
	static const struct rows_column columns[] = {
		{ "ID", "id", ROWS_INT },
		{ "USER", "user", ROWS_TEXT },
		{ "ADDRESS", "address", ROWS_TEXT },
		{ "CREATED", "created", ROWS_TIME },
		{ "SEEN", "last_seen", ROWS_TIME },
		{ "AGENT", "agent", ROWS_TEXT },
	};

	rows_show(c, items, columns, ARRAY_LEN(columns));
}

enum exit_code
session_list_run(struct cli *c)
{
	static const struct pages pages = { "/sessions", NULL, show_sessions,
		.is_whole = true, .key = "id" };

	return pages_run(c, &pages);
}

enum exit_code
session_revoke_run(struct cli *c)
{
	return revoke_all(
		c, &(struct kind){ "/sessions", "session", "Session" });
}
