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
	buf_add(&c->out, S("● brattice "));
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
	buf_add(&c->out, str_eq(json_tree_str(s, "mode"), S("enforce"))
				 ? S(", enforcing\n")
				 : S(", observing only\n"));
}

/* "24 addresses (3 by hand), 37 new in 24 h" */
static void
add_blocked(struct cli *c, const struct json_t *s, const struct json_t *o)
{
	buf_add(&c->out, S("  Blocked      "));
	text_add_count(&c->out, json_tree_int(s, "blocks"), "entry", "entries");
	if (o)
		buf_printf(&c->out,
			" (%" PRId64 " by hand), %" PRId64 " new in 24 h",
			json_tree_int(o, "manual"),
			json_tree_int(o, "blocks_24h"));
	buf_addc(&c->out, '\n');
}

/* What only the overview knows. */
static void
add_overview(struct cli *c, const struct json_t *o)
{
	int64_t near = json_tree_int(o, "near");

	buf_printf(&c->out, "  Accounts     %" PRId64 " locked\n",
		json_tree_int(o, "locked"));
	buf_add(&c->out, S("  Near         "));
	text_add_count(&c->out, near, "address", "addresses");
	buf_add(&c->out, near ? S(" at half the threshold or more: brattice "
				  "top\n")
			      : S(" at half the threshold or more\n"));
	buf_printf(&c->out, "  Events       %" PRId64 " in 24 h\n",
		json_tree_int(o, "events_24h"));
}

static void
add_counts(struct cli *c, const struct json_t *s, const struct json_t *o)
{
	const struct json_t *tracked = json_tree_get(s, "tracked");

	add_blocked(c, s, o);
	buf_add(&c->out, S("  Never block  "));
	text_add_count(
		&c->out, json_tree_int(s, "never"), "entry\n", "entries\n");
	if (o)
		add_overview(c, o);
	buf_printf(&c->out,
		"  Tracked      %" PRId64 " IPv4, %" PRId64 " IPv6, in %" PRId64
		" KiB\n",
		json_tree_int(tracked, "ipv4"), json_tree_int(tracked, "ipv6"),
		json_tree_int(tracked, "bytes") / 1024);
}

/* "1 200 lines (0.4/s), 0.2 % not understood, 12 events" */
static void
add_lines(struct cli *c, const struct json_t *h, int64_t age_s)
{
	int64_t lines = json_tree_int(h, "lines");
	int64_t bad = json_tree_int(h, "unknown") +
		      json_tree_int(h, "ambiguous");
	double rate = age_s > 0 ? (double)lines / (double)age_s : 0;

	buf_addc(&c->out, ' ');
	text_add_count(&c->out, lines, "line", "lines");
	buf_printf(&c->out, " (%.*f/s), %.1f %% not understood, ",
		rate < 10 ? 1 : 0, rate,
		lines ? 100.0 * (double)bad / (double)lines : 0.0);
	text_add_count(&c->out, json_tree_int(h, "events"), "event", "events");
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
	buf_add(&c->out, c->out.p[c->out.n - 1] == ':' ? S(" ") : S(", "));
	buf_add(&c->out, buf_str(&b));
	buf_addc(&c->out, ' ');
	show_text(c, name);
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
add_hook(struct cli *c, struct json_t *h, int64_t age_s)
{
	const struct json_t *files = json_tree_get(h, "files"), *f;

	struct str name = json_tree_str(h, "hook");
	struct str source = json_tree_str(h, "source");

	buf_add(&c->out, S("  Source       "));
	show_text(c, name);
	if (!str_eq(name, source)) {
		buf_addc(&c->out, ' ');
		show_text(c, source);
	}
	buf_addc(&c->out, ':');
	if (json_tree_get(h, "lines"))
		add_lines(c, h, age_s);
	else if (!json_in_each(h, add_counter, c) &&
		 c->out.p[c->out.n - 1] == ':')
		buf_add(&c->out, S(" nothing yet"));
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

/* How long it has been running [s]. */
static int64_t
age_of(const struct json_t *s)
{
	int64_t started, now;

	return stamp_parse(json_tree_str(s, "started"), &started) &&
			       stamp_parse(json_tree_str(s, "now"), &now)
		       ? now - started
		       : 0;
}

static void
show(struct cli *c, const struct json_t *s, const struct json_t *overview)
{
	const struct json_t *hooks = json_tree_get(s, "hooks");
	int64_t hints = json_tree_int(overview, "hints"), age_s = age_of(s);
	struct buf b CLEANUP(buf_free) = { 0 };
	struct json_t *h;

	add_head(c, s);
	for (size_t i = 0; (h = json_tree_at(hooks, i)); i++)
		add_hook(c, h, age_s);
	add_counts(c, s, overview);
	add_troubles(c, s);
	if (hints == 0)
		return;
	text_add_count(&b, hints, "block looks", "blocks look");
	buf_add(&b, S(" like a false positive: brattice blocks"));
	add_warning(c, "", buf_str(&b));
}

enum exit_code
status_run(struct cli *c)
{
	struct question q;
	struct answer a, overview;
	struct err err;

	question_open(&q, "GET", "/status");
	enum exit_code code = client_ask(c, &q, &a);
	if (!code && !client_json(c, &a)) {
		/* A daemon that starts has none yet. */
		question_open(&q, "GET", "/overview");
		(void)client_try(c, &q, &overview, &err);
		show(c, a.doc, overview.doc);
		answer_free(&overview);
	}
	answer_free(&a);
	return code;
}
