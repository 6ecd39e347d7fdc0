/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/stamp.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/show.h"

static void
add_head(struct cli *c, const struct json_t *s)
{
	bool is_running = str_eq(json_tree_str(s, "state"), S("running"));
	int64_t started;

	cli_style(c, is_running ? STYLE_GOOD : STYLE_WARN);
	buf_add(&c->out, S("brattice "));
	show_text(c, json_tree_str(s, "version"));
	buf_addc(&c->out, ' ');
	show_text(c, json_tree_str(s, "state"));
	cli_style(c, STYLE_PLAIN);
	if (stamp_parse(json_tree_str(s, "started"), &started)) {
		buf_add(&c->out, S(" since "));
		text_add_time(&c->out, &c->clock, started);
		buf_add(&c->out, S(" ("));
		int64_t span_s = c->clock.now - started;
		text_add_span(&c->out, span_s > 0 ? span_s : 0);
		buf_addc(&c->out, ')');
	}
	buf_add(&c->out, S(", mode "));
	show_text(c, json_tree_str(s, "mode"));
	buf_addc(&c->out, '\n');
}

static void
add_counts(struct cli *c, const struct json_t *s)
{
	const struct json_t *tracked = json_tree_get(s, "tracked");

	buf_add(&c->out, S("  Blocked      "));
	text_add_count(
		&c->out, json_tree_int(s, "blocks"), "entry\n", "entries\n");
	buf_add(&c->out, S("  Never block  "));
	text_add_count(
		&c->out, json_tree_int(s, "never"), "entry\n", "entries\n");
	buf_printf(&c->out, "  Events       %" PRId64 " since the start\n",
		json_tree_int(s, "events"));
	buf_printf(&c->out,
		"  Tracked      %" PRId64 " IPv4, %" PRId64 " IPv6, in %" PRId64
		" KiB\n",
		json_tree_int(tracked, "ipv4"), json_tree_int(tracked, "ipv6"),
		json_tree_int(tracked, "bytes") / 1024);
}

/* Counters of a hook: numbers and texts, whatever they are called. */
static int
add_member(void *ctx, struct str name, const struct json_t *value)
{
	struct cli *c = ctx;
	struct buf b CLEANUP(buf_free) = { 0 };

	if (!json_tree_add(&b, value) || str_eq(name, S("name")) ||
		str_eq(name, S("hook")))
		return 0;
	buf_add(&c->out, S("  "));
	show_text(c, name);
	buf_addc(&c->out, ' ');
	show_text(c, buf_str(&b));
	return 0;
}

static void
add_sources(struct cli *c, const struct json_t *list)
{
	const struct json_t *source;

	for (size_t i = 0; (source = json_tree_at(list, i)); i++) {
		struct str hook = json_tree_str(source, "hook");

		buf_add(&c->out,
			i ? S("\n               ") : S("  Sources      "));
		show_text(c, json_tree_str(source, "name"));
		if (hook.n) {
			buf_add(&c->out, S(" ("));
			show_text(c, hook);
			buf_addc(&c->out, ')');
		}
		(void)json_in_each(source, add_member, c);
	}
	if (json_tree_at(list, 0))
		buf_addc(&c->out, '\n');
}

static void
add_warning(struct cli *c, const char *what, struct str text)
{
	if (!text.n)
		return;
	cli_style(c, STYLE_WARN);
	buf_printf(&c->out, "  ! %s", what);
	show_text(c, text);
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

static void
add_troubles(struct cli *c, const struct json_t *s)
{
	const struct json_t *store = json_tree_get(s, "store");
	const struct json_t *tracked = json_tree_get(s, "tracked");
	struct buf b CLEANUP(buf_free) = { 0 };

	add_warning(c, "", json_tree_str(store, "notice"));
	add_warning(c, "not stored: ", json_tree_str(store, "last_error"));
	if (json_tree_int(store, "shed")) {
		buf_printf(&b,
			"%" PRId64 " events were not kept: the disk is too "
			"slow",
			json_tree_int(store, "shed"));
		add_warning(c, "", buf_str(&b));
	}
	b.n = 0;
	if (json_tree_int(tracked, "not_taken")) {
		buf_printf(&b,
			"%" PRId64 " addresses were not tracked: the table is "
			"full",
			json_tree_int(tracked, "not_taken"));
		add_warning(c, "", buf_str(&b));
	}
	if (str_eq(json_tree_str(s, "mode"), S("observe")))
		add_warning(c, "",
			S("nothing is refused in mode \"observe\": brattice "
			  "settings set mode=enforce"));
}

enum exit_code
status_run(struct cli *c)
{
	struct question q;
	struct answer a;

	question_open(&q, "GET", "/status");
	enum exit_code code = client_ask(c, &q, &a);
	if (code || client_json(c, &a)) {
		answer_free(&a);
		return code;
	}
	add_head(c, a.doc);
	add_sources(c, json_tree_get(a.doc, "sources"));
	add_counts(c, a.doc);
	add_troubles(c, a.doc);
	answer_free(&a);
	return EXIT_CODE_DONE;
}
