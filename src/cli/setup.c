/* SPDX-License-Identifier: ISC */

/*
 * The way to the first user.
 */

#include <stdio.h>
#include <unistd.h>

#include "base/stamp.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/show.h"

/* Whoever sits elsewhere comes by ssh while only loopback is open. */
static void
add_tunnel(struct cli *c, struct str url)
{
	struct str host = url, port, rest;
	char name[256] = "";

	if (!str_take(&host, S("http://127.0.0.1:")))
		return;
	str_cut(host, '/', &port, &rest);
	(void)gethostname(name, sizeof(name) - 1);
	buf_add(&c->out, S("From another machine, as long as there is no user, "
			   "by way of ssh:\n\n    ssh -L "));
	show_text(c, port);
	buf_add(&c->out, S(":127.0.0.1:"));
	show_text(c, port);
	buf_addc(&c->out, ' ');
	show_text(c, str_of(name));
	buf_add(&c->out, S("\n\n"));
}

static void
show(struct cli *c, const struct json_t *doc)
{
	struct str url = json_tree_str(doc, "url");
	int64_t until;

	buf_add(&c->out, S("Open this page and make the first administrator:"
			   "\n\n    "));
	cli_style(c, STYLE_BOLD);
	show_text(c, url);
	cli_style(c, STYLE_PLAIN);
	buf_add(&c->out, S("\n\nIt holds a token that is good once"));
	if (stamp_parse(json_tree_str(doc, "expires"), &until)) {
		buf_add(&c->out, S(", until "));
		text_add_time(&c->out, &c->clock, until);
	}
	buf_add(&c->out, S(": show it to nobody.\n"));
	add_tunnel(c, url);
	buf_add(&c->out, S("Without a browser: brattice user add NAME --role "
			   "admin\n"));
}

enum exit_code
setup_run(struct cli *c)
{
	struct question q;
	struct answer a;

	question_open(&q, "POST", "/setup/token");
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && cli_has(c, OPT_QUIET)) {
		show_text(c, json_tree_str(a.doc, "url"));
		buf_addc(&c->out, '\n');
	} else if (!code && !client_json(c, &a)) {
		show(c, a.doc);
	}
	answer_free(&a);
	return code;
}
