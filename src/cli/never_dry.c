/* SPDX-License-Identifier: ISC */

#include "cli/never_dry.h"

#include "base/addr.h"
#include "base/json.h"
#include "cli/show.h"

enum exit_code
never_add_dry(struct cli *c)
{
	struct question q;
	struct answer a;

	question_open(&q, "POST", "/never/preview");
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	json_member_str(&j, "address", str_of(c->call.word[0]));
	json_close(&j, '}');
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a) && !cli_has(c, OPT_QUIET)) {
		buf_add(&c->out, S("Would never block "));
		show_text(c, json_tree_str(a.doc, "address"));
		buf_add(&c->out, S(" and lift "));
		text_add_count(&c->out, json_tree_int(a.doc, "lifts"), "block",
			"blocks");
		buf_addc(&c->out, '\n');
	}
	answer_free(&a);
	return code;
}

static const struct json_t *
find(const struct json_t *items, const char *word)
{
	const struct json_t *o;
	struct prefix wanted, p;

	if (!prefix_parse(str_of(word), &wanted, NULL))
		return NULL;
	for (size_t i = 0; (o = json_tree_at(items, i)); i++) {
		if (prefix_parse(json_tree_str(o, "address"), &p, NULL) &&
			prefix_covers(&p, &wanted) &&
			prefix_covers(&wanted, &p))
			return o;
	}
	return NULL;
}

enum exit_code
never_remove_dry(struct cli *c)
{
	struct question q;
	struct answer a;
	const struct json_t *o;

	question_open(&q, "GET", "/never");
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	o = find(json_tree_get(a.doc, "items"), c->call.word[0]);
	if (!o) {
		code = cli_fail(c, EXIT_CODE_NOT_FOUND,
			"the never-block list has no such entry");
	} else if (!cli_has(c, OPT_QUIET)) {
		buf_add(&c->out, S("Would remove "));
		show_text(c, json_tree_str(o, "address"));
		buf_addc(&c->out, '\n');
	}
	answer_free(&a);
	return code;
}
