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

/* The counters of a hook that aren't zero, whatever they are called. */
static int
add_counter(void *ctx, struct str name, const struct json_t *value)
{
	struct cli *c = ctx;
	struct buf b CLEANUP(buf_free) = { 0 };
	struct str s;

	if (json_in_text(value, &s) || !json_tree_add(&b, value) || b.n == 0 ||
		b.p[0] < '1' || b.p[0] > '9')
		return 0;
	buf_add(&c->out, S(", "));
	show_text(c, name);
	buf_addc(&c->out, ' ');
	buf_add(&c->out, buf_str(&b));
	return 0;
}

static void
add_trouble(struct cli *c, enum style style, const char *what, struct str text)
{
	if (!text.n)
		return;
	cli_style(c, style);
	buf_printf(&c->out, "  ! %s", what);
	show_text(c, text);
	cli_style(c, STYLE_PLAIN);
	buf_addc(&c->out, '\n');
}

static void
add_warning(struct cli *c, const char *what, struct str text)
{
	add_trouble(c, STYLE_WARN, what, text);
}

/* A log file that a hook reads. */
static void
add_file(struct cli *c, const struct json_t *f)
{
	int64_t lag = json_tree_int(f, "lag_bytes");

	buf_add(&c->out, S("                 "));
	show_text(c, json_tree_str(f, "path"));
	if (lag)
		buf_printf(&c->out, ", %" PRId64 " bytes behind", lag);
	buf_addc(&c->out, '\n');
	struct str trouble = json_tree_str(f, "trouble");
	add_trouble(c, STYLE_BAD, "", trouble);
	/* Only files that are watched by name tell whether they are open. */
	if (!trouble.n && json_tree_get(f, "is_open") &&
		!json_tree_bool(f, "is_open"))
		add_warning(c, "", S("no such file yet"));
}

static void
add_hook(struct cli *c, struct json_t *h)
{
	const struct json_t *files = json_tree_get(h, "files"), *f;

	buf_add(&c->out, S("  Hook         "));
	show_text(c, json_tree_str(h, "hook"));
	buf_addc(&c->out, ' ');
	show_text(c, json_tree_str(h, "source"));
	(void)json_in_each(h, add_counter, c);
	buf_addc(&c->out, '\n');
	for (size_t i = 0; (f = json_tree_at(files, i)); i++)
		add_file(c, f);
	if (json_tree_is_array(files) && !json_tree_at(files, 0))
		add_warning(c, "", S("no such file yet"));
	add_trouble(c, STYLE_BAD, "", json_tree_str(h, "trouble"));
	if (!json_tree_bool(h, "is_running"))
		add_warning(c, "not running: ", json_tree_str(h, "hook"));
}

static void
add_troubles(struct cli *c, const struct json_t *s)
{
	const struct json_t *store = json_tree_get(s, "store");
	const struct json_t *tracked = json_tree_get(s, "tracked");
	struct buf b CLEANUP(buf_free) = { 0 };

	bool is_running = str_eq(json_tree_str(s, "state"), S("running"));

	if (!is_running)
		add_warning(c, "starting: ",
			json_tree_bool(s, "has_lists")
				? S("block and never-block list hold, nothing "
				    "new is counted")
				: S("the lists are not loaded, everybody is "
				    "allowed"));
	add_warning(c, "store: ", json_tree_str(store, "notice"));
	add_trouble(c, STYLE_BAD,
		is_running ? "not stored: " : "cannot be loaded: ",
		json_tree_str(store, "last_error"));
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
	const struct json_t *hooks = json_tree_get(a.doc, "hooks");
	struct json_t *h;
	for (size_t i = 0; (h = json_tree_at(hooks, i)); i++)
		add_hook(c, h);
	add_counts(c, a.doc);
	add_troubles(c, a.doc);
	answer_free(&a);
	return EXIT_CODE_DONE;
}
