/* SPDX-License-Identifier: ISC */

/*
 * Who may sign in to the web interface.
 */

#include "base/json.h"
#include "base/utf8.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/pages.h"
#include "cli/prompt.h"
#include "cli/rows.h"
#include "cli/show.h"

static void
show_list(struct cli *c, const struct json_t *items)
{
	static const struct rows_column columns[] = {
		{ "NAME", "name", ROWS_TEXT },
		{ "ROLE", "role", ROWS_TEXT },
		{ "DISABLED", "disabled", ROWS_FLAG },
		{ "TOTP", "totp", ROWS_FLAG },
		{ "CREATED", "created", ROWS_TIME },
		{ "SEEN", "last_login", ROWS_TIME },
		{ "ID", "id", ROWS_INT },
	};

	rows_show(c, items, columns, ARRAY_LEN(columns));
}

enum exit_code
user_list_run(struct cli *c)
{
	static const struct pages pages = { "/users", NULL, show_list,
		.is_whole = true, .key = "name" };

	return pages_run(c, &pages);
}

/* "/users/ann" */
static void
open_user(struct cli *c, struct question *q, const char *method)
{
	question_open(q, method, "/users/");
	question_part(q, c->call.word[0]);
}

/* "ann: …", said unless --quiet. */
static void
say(struct cli *c, const char *what)
{
	if (cli_has(c, OPT_QUIET))
		return;
	show_text(c, str_of(c->call.word[0]));
	buf_printf(&c->out, "%s\n", what);
}

/* With --dry-run: is the user there, and what would be done? */
static enum exit_code
rehearse(struct cli *c, const char *what)
{
	struct question q;
	struct answer a;

	open_user(c, &q, "GET");
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a))
		say(c, what);
	answer_free(&a);
	return code;
}

/* A change, with what is said before and after it. */
struct change {
	const char *body; /* JSON; NULL: the user is removed */
	const char *would, *done;
};

static enum exit_code
apply(struct cli *c, const struct change *change)
{
	struct question q;
	struct answer a;

	if (cli_has(c, OPT_DRY_RUN))
		return rehearse(c, change->would);
	open_user(c, &q, change->body ? "PATCH" : "DELETE");
	buf_add(&q.body, str_of(change->body));
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a))
		say(c, change->done);
	answer_free(&a);
	return code;
}

enum exit_code
user_disable_run(struct cli *c)
{
	return apply(
		c, &(struct change){ "{\"disabled\":true}",
			   " would not be able to sign in any more",
			   " can't sign in any more; sessions and tokens are "
			   "void" });
}

enum exit_code
user_enable_run(struct cli *c)
{
	return apply(c, &(struct change){ "{\"disabled\":false}",
				" would be able to sign in again",
				" can sign in again" });
}

enum exit_code
user_totp_run(struct cli *c)
{
	if (!cli_has(c, OPT_RESET))
		return cli_fail(c, EXIT_CODE_USAGE,
			"expected --reset; a second factor is set up by the "
			"user, on the page \"Me\"");
	return apply(c,
		&(struct change){ "{\"totp\":false}",
			" would sign in with the password alone",
			" signs in with the password alone until a new second "
			"factor is set up" });
}

enum exit_code
user_role_run(struct cli *c)
{
	struct buf body CLEANUP(buf_free) = { 0 };
	struct buf would CLEANUP(buf_free) = { 0 };
	struct buf done CLEANUP(buf_free) = { 0 };
	struct buf role CLEANUP(buf_free) = { 0 };
	struct json j = { .b = &body };

	json_open(&j, '{');
	json_member_str(&j, "role", str_of(c->call.word[1]));
	json_close(&j, '}');
	utf8_add_safe(&role, str_of(c->call.word[1]));
	buf_printf(&would, " would be %s", buf_text(&role));
	buf_printf(&done, " is %s from now on, and must sign in again",
		buf_text(&role));
	return apply(c, &(struct change){ buf_text(&body), buf_text(&would),
				buf_text(&done) });
}

enum exit_code
user_remove_run(struct cli *c)
{
	struct buf name CLEANUP(buf_free) = { 0 };
	enum exit_code code = EXIT_CODE_DONE;

	utf8_add_safe(&name, str_of(c->call.word[0]));
	if (!cli_has(c, OPT_DRY_RUN))
		code = cli_confirm(c,
			"Remove the user %s with all sessions and tokens?",
			buf_text(&name));
	return code ? code
		    : apply(c, &(struct change){ NULL,
				       " would be removed, with all sessions "
				       "and tokens",
				       " is removed" });
}

/* The password is asked for and put into @body behind what is there. */
static enum exit_code
add_password(struct cli *c, struct json *j)
{
	struct buf what CLEANUP(buf_free) = { 0 };
	struct buf password CLEANUP(prompt_forget) = { 0 };
	enum exit_code code;

	buf_add(&what, S("New password of "));
	utf8_add_safe(&what, str_of(c->call.word[0]));
	code = prompt_secret(c, buf_text(&what), &password);
	if (code == EXIT_CODE_DONE)
		json_member_str(j, "password", buf_str(&password));
	return code;
}

enum exit_code
user_passwd_run(struct cli *c)
{
	struct buf body CLEANUP(prompt_forget) = { 0 };
	struct json j = { .b = &body };
	enum exit_code code;

	if (cli_has(c, OPT_DRY_RUN))
		return rehearse(c, " would get a new password");
	json_open(&j, '{');
	code = add_password(c, &j);
	json_close(&j, '}');
	return code ? code
		    : apply(c, &(struct change){ buf_text(&body), "",
				       " has a new password and must sign in "
				       "again" });
}

enum exit_code
user_add_run(struct cli *c)
{
	const char *role = c->call.option[OPT_ROLE];
	struct question q;
	struct answer a;
	enum exit_code code;

	role = role ? role : "viewer";
	if (cli_has(c, OPT_DRY_RUN)) {
		say(c, " would be added");
		return EXIT_CODE_DONE;
	}
	question_open(&q, "POST", "/users");
	struct json j = { .b = &q.body };
	json_open(&j, '{');
	json_member_str(&j, "name", str_of(c->call.word[0]));
	json_member_str(&j, "role", str_of(role));
	code = add_password(c, &j);
	json_close(&j, '}');
	if (code) {
		question_free(&q);
		return code;
	}
	code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a) && !cli_has(c, OPT_QUIET)) {
		show_text(c, json_tree_str(a.doc, "name"));
		buf_printf(&c->out, " is added as %s\n", role);
	}
	answer_free(&a);
	return code;
}
