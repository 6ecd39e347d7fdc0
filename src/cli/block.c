/* SPDX-License-Identifier: ISC */

#include "cli/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/json.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/online.h"
#include "cli/show.h"
#include "cli/word.h"
#include "core/engine.h"

/* SSH_CONNECTION is "address port …". */
bool
block_self(struct str *ret)
{
	struct str head, tail;
	struct addr addr;

	str_cut(str_of(getenv("SSH_CONNECTION")), ' ', &head, &tail);
	*ret = head;
	return addr_parse(head, &addr);
}

static void
add_body(struct cli *c, struct buf *body)
{
	const char *span = c->call.option[OPT_FOR];
	const char *end = c->call.option[OPT_END];
	struct json j = { .b = body };
	struct str self;
	int64_t span_s = ENGINE_NO_END_S;

	json_open(&j, '{');
	json_member_str(&j, "address", str_of(c->call.word[0]));
	if (span) {
		if (strcmp(span, "none") != 0)
			(void)num_parse_span(str_of(span), 60, &span_s);
		json_member_int(&j, "duration", span_s);
	}
	if (end && stamp_parse(str_of(end), &span_s))
		json_member_int(&j, "duration", span_s - c->clock.now);
	if (c->call.option[OPT_NOTE])
		json_member_str(&j, "note", str_of(c->call.option[OPT_NOTE]));
	if (cli_has(c, OPT_FORCE))
		json_member_bool(&j, "force", true);
	if (block_self(&self))
		json_member_str(&j, "self", self);
	json_close(&j, '}');
}

static void
show_block(struct cli *c, const struct json_t *doc)
{
	const struct json_t *b = json_tree_get(doc, "block");
	const struct json_t *inside = json_tree_get(doc, "never_inside"), *n;

	bool is_idle = json_tree_bool(b, "would_block");

	buf_add(&c->out, is_idle ? S("Recorded ") : S("Blocked "));
	show_text(c, json_tree_str(b, "address"));
	buf_addc(&c->out, ' ');
	show_until(&c->out, c, b);
	buf_printf(&c->out, " (entry %" PRId64 ")\n", json_tree_int(b, "id"));
	for (size_t i = 0; (n = json_tree_at(inside, i)); i++) {
		buf_add(&c->out, S("  stays unblocked: "));
		show_text(c, json_tree_str(n, "address"));
		buf_addc(&c->out, ' ');
		show_text(c, json_tree_str(n, "note"));
		buf_addc(&c->out, '\n');
	}
	if (!is_idle)
		return;
	cli_flush(c);
	fputs("brattice: recorded; mode is observe, nothing is refused\n",
		stderr);
}

/* Either a span or an end to come. */
static bool
is_end_good(struct cli *c)
{
	const char *end = c->call.option[OPT_END];
	int64_t t;

	if (!end)
		return true;
	if (!cli_has(c, OPT_FOR) && stamp_parse(str_of(end), &t) &&
		t > c->clock.now)
		return true;
	cli_fail(c, EXIT_CODE_USAGE,
		cli_has(c, OPT_FOR)
			? "give one of --for and --until, not both"
			: "--until: expected a time to come, such as "
			  "2026-11-24T18:00:00Z");
	return false;
}

enum exit_code
block_run(struct cli *c)
{
	enum word_type type = word_type(c->call.word[0]);
	struct question q;
	struct answer a;

	if (type != WORD_ADDR && type != WORD_PREFIX)
		return word_fail(c, c->call.word[0],
			"an address or network such as 198.51.100.0/24");
	if (!is_end_good(c))
		return EXIT_CODE_USAGE;
	if (cli_has(c, OPT_DRY_RUN))
		return block_dry(c);
	question_open(&q, "POST", "/blocks");
	add_body(c, &q.body);
	enum exit_code code = client_ask(c, &q, &a);
	if (code == EXIT_CODE_DONE && !client_json(c, &a) &&
		!cli_has(c, OPT_QUIET))
		show_block(c, a.doc);
	answer_free(&a);
	return code;
}

static void
show_removed(struct cli *c, const struct json_t *list)
{
	const struct json_t *b;
	int64_t until;

	for (size_t i = 0; (b = json_tree_at(list, i)); i++) {
		buf_add(&c->out, S("Unblocked "));
		show_text(c, json_tree_str(b, "address"));
		buf_printf(&c->out, " (entry %" PRId64, json_tree_int(b, "id"));
		if (stamp_parse(json_tree_str(b, "until"), &until) &&
			until > c->clock.now) {
			buf_add(&c->out, S(", had "));
			text_add_span(&c->out, until - c->clock.now);
			buf_add(&c->out, S(" left"));
		}
		buf_add(&c->out, S(")\n"));
	}
}

static void
show_still(struct cli *c, const struct json_t *b)
{
	if (!b)
		return;
	buf_printf(&c->out, "  still blocked by entry %" PRId64 ", ",
		json_tree_int(b, "id"));
	show_text(c, json_tree_str(b, "address"));
	buf_add(&c->out, S(" (--covering ends it)\n"));
}

/* One request.  It may be more than one may end: @ret_more. */
static enum exit_code
unblock_once(struct cli *c, const char *word, bool *ret_more)
{
	enum word_type type = word_type(word);
	struct question q;
	struct answer a;
	char path[64];

	if (type == WORD_ID) {
		snprintf(path, sizeof(path), "/blocks/%s", word);
		question_open(&q, "DELETE", path);
	} else {
		question_open(&q, "DELETE", "/blocks");
		question_param(&q, "address", word);
		question_param(&q, "within", c->call.option[OPT_WITHIN]);
		question_param(&q, "covering", c->call.option[OPT_COVERING]);
	}
	enum exit_code code = client_ask(c, &q, &a);
	*ret_more = !code && json_tree_bool(a.doc, "more");
	if (code == EXIT_CODE_DONE && !client_json(c, &a) &&
		!cli_has(c, OPT_QUIET)) {
		show_removed(c, json_tree_get(a.doc, "removed"));
		if (!*ret_more)
			show_still(c, json_tree_get(a.doc, "still_covered"));
	}
	answer_free(&a);
	return code;
}

static enum exit_code
unblock_one(struct cli *c, const char *word)
{
	enum exit_code code;
	bool has_more;

	if (cli_has(c, OPT_DRY_RUN))
		return unblock_dry(c, word);
	do
		code = unblock_once(c, word, &has_more);
	while (has_more);
	return code;
}

enum exit_code
unblock_run(struct cli *c)
{
	enum exit_code worst = EXIT_CODE_DONE;
	bool is_any_done = false;

	/* All are looked at before the first is done. */
	for (unsigned i = 0; i < c->call.words; i++) {
		if (word_type(c->call.word[i]) == WORD_BAD)
			return word_fail(c, c->call.word[i],
				"an address, a network or the number of an "
				"entry");
	}
	for (unsigned i = 0; i < c->call.words && worst != EXIT_CODE_NO_DAEMON;
		i++) {
		enum exit_code code = unblock_one(c, c->call.word[i]);

		is_any_done |= code == EXIT_CODE_DONE;
		if (code)
			worst = code;
	}
	return worst && is_any_done ? EXIT_CODE_PARTLY : worst;
}

static void
show_blocked(struct cli *c, const struct json_t *x)
{
	show_text(c, json_tree_str(x, "address"));
	if (json_tree_bool(x, "blocked")) {
		buf_add(&c->out, S(" is blocked "));
		show_until(&c->out, c, x);
	} else if (json_tree_bool(x, "would_block")) {
		buf_add(&c->out, S(" would be blocked "));
		show_until(&c->out, c, x);
	} else {
		buf_add(&c->out, json_tree_bool(x, "never")
					 ? S(" is never blocked")
					 : S(" is not blocked"));
	}
	buf_addc(&c->out, '\n');
}

enum exit_code
blocked_run(struct cli *c)
{
	struct question q;
	struct answer a;

	if (word_type(c->call.word[0]) != WORD_ADDR)
		return word_fail(
			c, c->call.word[0], "an address such as 192.0.2.1");
	question_open(&q, "GET", "/blocked");
	question_param(&q, "address", c->call.word[0]);
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (!json_tree_bool(a.doc, "blocked"))
		code = EXIT_CODE_NOT_FOUND;
	/* For scripts: a pipe gets nothing but the exit code. */
	if (!client_json(c, &a) && c->is_terminal && !cli_has(c, OPT_QUIET))
		show_blocked(c, a.doc);
	answer_free(&a);
	return code;
}
