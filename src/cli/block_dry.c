/* SPDX-License-Identifier: ISC */

/*
 * What a block would do, and what an end of blocks, with nothing done.
 */

#include <inttypes.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/json.h"
#include "cli/block.h"
#include "cli/show.h"
#include "cli/word.h"

/* Rows of a list in a preview, each on a line of its own. */
static void
add_rows(struct cli *c, const struct json_t *list, const char *what,
	const char *member)
{
	const struct json_t *o;

	for (size_t i = 0; (o = json_tree_at(list, i)); i++) {
		struct str note = json_tree_str(o, "note");

		buf_printf(&c->out, "  %s ", what);
		show_text(c, json_tree_str(o, member));
		if (note.n) {
			buf_add(&c->out, S(": "));
			show_text(c, note);
		}
		buf_addc(&c->out, '\n');
	}
}

static void
show_preview(struct cli *c, const struct json_t *doc)
{
	buf_add(&c->out, S("Would block "));
	show_text(c, json_tree_str(doc, "address"));
	if (str_eq(json_tree_str(doc, "kind"), S("network"))) {
		buf_add(&c->out, S(", "));
		show_text(c, json_tree_str(doc, "covers"));
		buf_add(&c->out, S(" addresses"));
	}
	buf_addc(&c->out, '\n');
	add_rows(c, json_tree_get(doc, "overlaps"), "overlaps the entry",
		"address");
	add_rows(c, json_tree_get(doc, "never"), "stays unblocked:", "address");
	add_rows(c, json_tree_get(doc, "accounts"),
		"has logged in from there within 7 days:", "account");
}

enum exit_code
block_dry(struct cli *c)
{
	struct question q;
	struct answer a;
	struct str self;

	question_open(&q, "POST", "/blocks/preview");
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	json_member_str(&j, "address", str_of(c->call.word[0]));
	if (block_self(&self))
		json_member_str(&j, "self", self);
	json_close(&j, '}');
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (!client_json(c, &a) && !cli_has(c, OPT_QUIET))
		show_preview(c, a.doc);
	if (json_tree_bool(a.doc, "would_block_self") && !cli_has(c, OPT_FORCE))
		code = cli_fail(c, EXIT_CODE_CONFLICT,
			"it covers your own address: --force is needed");
	answer_free(&a);
	return code;
}

static void
show_end(struct cli *c, const struct json_t *b)
{
	buf_add(&c->out, S("Would unblock "));
	show_text(c, json_tree_str(b, "address"));
	buf_printf(&c->out, " (entry %" PRId64 ", ", json_tree_int(b, "id"));
	show_until(&c->out, c, b);
	buf_add(&c->out, S(")\n"));
}

/* Would this entry end with the options that are given? */
static bool
is_meant(struct cli *c, const struct prefix *word, const struct json_t *b)
{
	struct prefix p;

	if (!prefix_parse(json_tree_str(b, "address"), &p, NULL))
		return false;
	bool is_inside = prefix_covers(word, &p);
	bool is_around = prefix_covers(&p, word);

	return (is_inside && is_around) ||
	       (is_inside && cli_has(c, OPT_WITHIN)) ||
	       (is_around && cli_has(c, OPT_COVERING));
}

static enum exit_code
end_prefix(struct cli *c, const char *word)
{
	const struct json_t *items, *b;
	struct prefix p;
	struct question q;
	struct answer a;
	unsigned n = 0;

	if (!prefix_parse(str_of(word), &p, NULL))
		return EXIT_CODE_USAGE;
	question_open(&q, "GET", "/blocks");
	question_param(&q, "address", word);
	question_param(&q, "limit", "1000");
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	items = json_tree_get(a.doc, "items");
	for (size_t i = 0; (b = json_tree_at(items, i)); i++) {
		if (!is_meant(c, &p, b))
			continue;
		n++;
		if (!cli_has(c, OPT_QUIET))
			show_end(c, b);
	}
	bool has_others = json_tree_at(items, 0) != NULL;
	answer_free(&a);
	if (n)
		return EXIT_CODE_DONE;
	return cli_fail(c,
		has_others ? EXIT_CODE_CONFLICT : EXIT_CODE_NOT_FOUND,
		has_others ? "%s has no entry of its own: see --within and "
			     "--covering"
			   : "%s is not blocked",
		word);
}

enum exit_code
unblock_dry(struct cli *c, const char *word)
{
	char path[64];
	struct question q;
	struct answer a;

	if (word_type(word) != WORD_ID)
		return end_prefix(c, word);
	snprintf(path, sizeof(path), "/blocks/%s", word);
	question_open(&q, "GET", path);
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !cli_has(c, OPT_QUIET))
		show_end(c, a.doc);
	answer_free(&a);
	return code;
}
