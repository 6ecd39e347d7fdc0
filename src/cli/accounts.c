/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "cli/client.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/word.h"

static void
show_locks(struct cli *c, const struct json_t *items)
{
	static const struct rows_column columns[] = {
		{ "ACCOUNT", "account", ROWS_TEXT },
		{ "ADDRESS", "address", ROWS_TEXT },
		{ "STATE", "state", ROWS_TEXT },
		{ "FROM", "from", ROWS_TIME },
		{ "UNTIL", "until", ROWS_TIME },
		{ "BY", "by", ROWS_TEXT },
	};

	rows_show(c, items, columns, ARRAY_LEN(columns));
}

enum exit_code
accounts_list_run(struct cli *c)
{
	static const struct pages pages = { "/accounts", NULL, show_locks,
		false };

	return pages_run(c, &pages);
}

static void
open_question(
	struct cli *c, struct question *q, const char *method, const char *end)
{
	question_open(q, method, "/accounts/");
	question_part(q, c->call.word[0]);
	buf_add(&q->path, str_of(end));
}

static void
show_account(struct cli *c, const struct json_t *x)
{
	const struct json_t *locks = json_tree_get(x, "locks");
	const struct json_t *events = json_tree_get(x, "events");

	if (json_tree_at(locks, 0))
		show_locks(c, locks);
	else
		buf_add(&c->out, S("It has not been locked for 30 days.\n"));
	if (!json_tree_at(events, 0))
		return;
	buf_add(&c->out, S("\nIts newest events\n"));
	show_events(c, events, true);
}

enum exit_code
accounts_show_run(struct cli *c)
{
	struct question q;
	struct answer a;

	open_question(c, &q, "GET", "");
	enum exit_code code = client_ask(c, &q, &a);

	if (code == EXIT_CODE_DONE && !client_json(c, &a))
		show_account(c, a.doc);
	answer_free(&a);
	return code;
}

static void
show_unlocked(struct cli *c, int64_t n)
{
	if (n == 0) {
		show_text(c, str_of(c->call.word[0]));
		buf_add(&c->out, S(" was not locked; its failed logins are "
				   "forgotten\n"));
		return;
	}
	show_text(c, str_of(c->call.word[0]));
	buf_add(&c->out, S(" can log in again: ended "));
	text_add_count(&c->out, n, "lock", "locks");
	buf_addc(&c->out, '\n');
}

/* How many locks would end? */
static enum exit_code
unlock_dry(struct cli *c, const char *from)
{
	const struct json_t *locks, *l;
	struct question q;
	struct answer a;
	int64_t n = 0;

	open_question(c, &q, "GET", "");
	enum exit_code code = client_ask(c, &q, &a);
	locks = json_tree_get(a.doc, "locks");
	for (size_t i = 0; (l = json_tree_at(locks, i)); i++)
		n += str_eq(json_tree_str(l, "state"), S("locked")) &&
		     (!from ||
			     str_eq(json_tree_str(l, "address"), str_of(from)));
	if (!code && !cli_has(c, OPT_QUIET)) {
		buf_add(&c->out, S("Would end "));
		text_add_count(&c->out, n, "lock of ", "locks of ");
		show_text(c, str_of(c->call.word[0]));
		buf_addc(&c->out, '\n');
	}
	answer_free(&a);
	return code || n ? code : EXIT_CODE_NOT_FOUND;
}

enum exit_code
accounts_unlock_run(struct cli *c)
{
	const char *from = c->call.option[OPT_FROM];
	struct question q;
	struct answer a;

	if (from && word_type(from) != WORD_ADDR)
		return word_fail(c, from, "an address such as 192.0.2.1");
	if (cli_has(c, OPT_DRY_RUN))
		return unlock_dry(c, from);
	open_question(c, &q, "DELETE", "/lock");
	question_param(&q, "address", from);
	enum exit_code code = client_ask(c, &q, &a);
	int64_t n = json_tree_int(a.doc, "unlocked");

	if (code == EXIT_CODE_DONE && !client_json(c, &a) &&
		!cli_has(c, OPT_QUIET))
		show_unlocked(c, n);
	if (code == EXIT_CODE_DONE && n == 0)
		code = EXIT_CODE_NOT_FOUND;
	answer_free(&a);
	return code;
}
