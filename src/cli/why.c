/* SPDX-License-Identifier: ISC */

#include "cli/why.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/stamp.h"
#include "cli/block.h"
#include "cli/chart.h"
#include "cli/client.h"
#include "cli/online.h"
#include "cli/show.h"
#include "cli/width.h"
#include "cli/word.h"

static const struct {
	const char *state, *text;
	enum style style;
} states[] = {
	{ "never", "is never blocked", STYLE_GOOD },
	{ "blocked", "is blocked ", STYLE_BAD },
	{ "would_block", "would be blocked ", STYLE_WARN },
	{ "not_blocked", "is not blocked", STYLE_GOOD },
	{ "active", ": a live entry", STYLE_BAD },
	{ "expired", ": an entry that has expired", STYLE_PLAIN },
	{ "removed", ": an entry that was removed", STYLE_PLAIN },
};

static void
add_state(struct cli *c, const struct json_t *x)
{
	struct str state = json_tree_str(x, "state");
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(states) &&
		!str_eq(state, str_of(states[i].state)))
		i++;
	cli_style(c, STYLE_BOLD);
	show_text(c, json_tree_str(x, "address"));
	cli_style(c, STYLE_PLAIN);
	if (states[i].text[0] != ':')
		buf_addc(&c->out, ' ');
	cli_style(c, states[i].style);
	buf_add(&c->out, str_of(states[i].text));
	cli_style(c, STYLE_PLAIN);
	if (str_eq(state, S("blocked")) || str_eq(state, S("would_block")))
		show_until(&c->out, c, x);
	buf_addc(&c->out, '\n');
}

static void
add_never(struct cli *c, const struct json_t *n)
{
	struct str note = json_tree_str(n, "note");

	if (!n)
		return;
	buf_add(&c->out, S("Never-block entry "));
	show_text(c, json_tree_str(n, "address"));
	if (json_tree_bool(n, "builtin")) {
		buf_add(&c->out, S(", always in force"));
	} else {
		buf_add(&c->out, S(", added by "));
		show_text(c, json_tree_str(n, "by"));
		buf_addc(&c->out, ' ');
		show_time(&c->out, c, n, "added");
	}
	if (note.n) {
		buf_add(&c->out, S(": "));
		show_text(c, note);
	}
	buf_addc(&c->out, '\n');
}

/* "Entry 7: 192.0.2.0/24, by hand (root), until …: note". */
static void
add_block(struct cli *c, const char *what, const struct json_t *b)
{
	bool is_manual = str_eq(json_tree_str(b, "origin"), S("manual"));
	struct str note = json_tree_str(b, "note");

	if (!b)
		return;
	buf_printf(&c->out, "%s %" PRId64 ": ", what, json_tree_int(b, "id"));
	show_text(c, json_tree_str(b, "address"));
	buf_add(&c->out, is_manual ? S(", by hand") : S(", automatic, "));
	if (is_manual && json_tree_str(b, "by").n) {
		buf_add(&c->out, S(" ("));
		show_text(c, json_tree_str(b, "by"));
		buf_addc(&c->out, ')');
	} else if (!is_manual) {
		show_why(&c->out, b);
	}
	buf_add(&c->out, S(", from "));
	show_time(&c->out, c, b, "from");
	buf_addc(&c->out, ' ');
	show_until(&c->out, c, b);
	if (note.n) {
		buf_add(&c->out, S(": "));
		show_text(c, note);
	}
	if (show_time(&(struct buf){ 0 }, c, b, "removed") != 0) {
		buf_add(&c->out, S("; removed "));
		show_time(&c->out, c, b, "removed");
		show_remover(&c->out, b);
	}
	buf_addc(&c->out, '\n');
}

/* What the rows come to. */
static void
add_sum(struct grid *t, int64_t score)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%" PRId64, score);
	for (unsigned i = 0; i < t->columns_n; i++)
		grid_add(t, i == 3 ? buf_str(&b) : S(""));
}

static void
add_contributions(struct cli *c, const struct json_t *x)
{
	/* Without bars where nobody looks. */
	const struct grid_column columns[] = {
		{ "  EVENT", GRID_LEFT },
		{ "COUNT", GRID_RIGHT },
		{ "POINTS", GRID_RIGHT },
		{ "TOTAL", GRID_RIGHT },
		{ "SHARE", c->is_terminal ? GRID_LEFT : GRID_RIGHT },
		{ "", GRID_RIGHT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) - !c->is_terminal };
	const struct json_t *list = json_tree_get(x, "contributions"), *k;

	for (size_t i = 0; (k = json_tree_at(list, i)); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };

		buf_add(&b, S("  "));
		buf_add(&b, json_tree_str(k, "label"));
		if (json_tree_int(k, "trusted"))
			buf_printf(&b,
				" (%" PRId64 " trusted, at %" PRId64 " %%)",
				json_tree_int(k, "trusted"),
				json_tree_int(k, "trusted_percent"));
		grid_add(&t, buf_str(&b));
		show_cell_int(&t, k, "count");
		b.n = 0;
		buf_printf(&b, "× %" PRId64, json_tree_int(k, "points"));
		grid_add(&t, buf_str(&b));
		show_cell_int(&t, k, "total");
		b.n = 0;
		if (c->is_terminal) {
			chart_bar(&b, json_tree_int(k, "share"));
			grid_add(&t, buf_str(&b));
			b.n = 0;
		}
		buf_printf(&b, "%" PRId64 " %%", json_tree_int(k, "share"));
		grid_add(&t, buf_str(&b));
	}
	if (!json_tree_at(list, 0))
		return;
	add_sum(&t, json_tree_int(x, "score"));
	grid_print(&t, c);
}

/* When the block came, and by what. */
static void
add_episode(struct cli *c, const struct json_t *x)
{
	const struct json_t *e = json_tree_get(x, "episode");
	int64_t crossed, enforced;

	if (!stamp_parse(json_tree_str(e, "crossed_at"), &crossed) ||
		!stamp_parse(json_tree_str(e, "enforced_at"), &enforced))
		return;
	if (crossed == enforced) {
		buf_add(&c->out, S(", at "));
		text_add_time(&c->out, &c->clock, enforced);
		return;
	}
	buf_add(&c->out, S("; crossed at "));
	text_add_time(&c->out, &c->clock, crossed);
	buf_add(&c->out, S(", blocked at the next connection at "));
	text_add_time(&c->out, &c->clock, enforced);
}

/* From the first point of the window, or from where it begins. */
static void
add_chart(struct cli *c, const struct json_t *x, const struct json_t *score)
{
	struct chart s = { .series = json_tree_get(x, "series"),
		.threshold = json_tree_int(score, "threshold") };
	int64_t first = 0;

	if (!c->is_terminal || !json_tree_at(s.series, 0) ||
		!stamp_parse(json_tree_str(x, "at"), &s.to))
		return;
	s.from = s.to - json_tree_int(score, "period");
	if (stamp_parse(
		    json_tree_str(json_tree_at(s.series, 0), "time"), &first) &&
		first > s.from && first < s.to)
		s.from = first;
	buf_addc(&c->out, '\n');
	chart_steps(c, &s);
	buf_addc(&c->out, '\n');
}

static const char *
heading_of(struct str as_of)
{
	if (str_eq(as_of, S("block")))
		return "Why: ";
	return str_eq(as_of, S("then")) ? "Then: " : "Now: ";
}

static void
add_component(struct cli *c, const struct json_t *x, const struct json_t *score)
{
	struct str name = json_tree_str(score, "component");
	struct str as_of = json_tree_str(score, "as_of");
	bool is_block = str_eq(as_of, S("block"));

	cli_style(c, STYLE_BOLD);
	buf_add(&c->out, str_of(heading_of(as_of)));
	cli_style(c, STYLE_PLAIN);
	buf_add(&c->out, str_eq(name, S("smtp")) ? S("SMTP score ")
						 : S("failed logins "));
	if (is_block)
		buf_add(&c->out, S("reached "));
	buf_printf(&c->out, "%" PRId64 " of %" PRId64 " within ",
		json_tree_int(score, "score"),
		json_tree_int(score, "threshold"));
	text_add_span(&c->out, json_tree_int(score, "period"));
	if (is_block)
		add_episode(c, x);
	buf_addc(&c->out, '\n');
	add_contributions(c, score);
	if (str_eq(name, json_tree_str(x, "component")))
		add_chart(c, x, score);
}

/* Each event with the score behind it, or why it doesn't count. */
static void
add_rows(struct cli *c, const struct json_t *list)
{
	static const struct grid_column columns[] = {
		{ "TIME", GRID_LEFT },
		{ "EVENT", GRID_LEFT },
		{ "COUNT", GRID_RIGHT },
		{ "CHANGE", GRID_RIGHT },
		{ "SCORE", GRID_RIGHT },
		{ "NOT COUNTED", GRID_LEFT },
		{ "SERVICE", GRID_LEFT },
		{ "ACCOUNT", GRID_LEFT },
		{ "ADDRESS", GRID_LEFT },
		{ "DETAIL", GRID_LEFT },
	};
	struct grid t CLEANUP(grid_free) = { .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	const struct json_t *e;

	for (size_t i = 0; (e = json_tree_at(list, i)); i++) {
		struct buf b CLEANUP(buf_free) = { 0 };
		struct str reason = json_tree_str(e, "why_not");

		show_cell_clock(&t, c, e, "time");
		show_cell(&t, e, "kind");
		show_cell_int(&t, e, "count");
		buf_printf(&b, "%+" PRId64, json_tree_int(e, "change"));
		grid_add(&t, buf_str(&b));
		show_cell_int(&t, e, "running");
		b.n = 0;
		for (size_t k = 0; k < reason.n; k++)
			buf_addc(&b, reason.p[k] == '_' ? ' ' : reason.p[k]);
		grid_add(&t, buf_str(&b));
		show_cell(&t, e, "service");
		show_cell(&t, e, "account");
		show_cell(&t, e, "address");
		show_cell(&t, e, "detail");
	}
	grid_print(&t, c);
}

static void
add_events(struct cli *c, const struct json_t *x)
{
	const struct json_t *list = json_tree_get(x, "events");
	size_t n = 0;

	while (json_tree_at(list, n))
		n++;
	if (n == 0)
		return;
	if (!cli_has(c, OPT_RAW)) {
		text_add_count(&c->out, (int64_t)n, "event", "events");
		buf_add(&c->out, S(": --raw lists them\n"));
		return;
	}
	buf_addc(&c->out, '\n');
	add_rows(c, list);
	buf_addc(&c->out, '\n');
}

/* In a line when it fits, else one below the other. */
static void
add_next(struct cli *c, const struct json_t *list)
{
	size_t n = 0, wide = width_of(S("Next: "));
	const struct json_t *v;
	struct str s;

	for (; (v = json_tree_at(list, n)); n++) {
		(void)json_in_text(v, &s);
		wide += width_of(s) + (n ? width_of(S("  ·  ")) : 0);
	}
	bool is_long = c->width && wide > c->width;

	for (size_t i = 0; (v = json_tree_at(list, i)); i++) {
		(void)json_in_text(v, &s);
		if (i)
			buf_add(&c->out, is_long ? S("\n      ") : S("  ·  "));
		else
			buf_add(&c->out, S("Next: "));
		show_text(c, s);
	}
	if (n)
		buf_addc(&c->out, '\n');
}

static void
show(struct cli *c, const struct json_t *x)
{
	const struct json_t *blocks = json_tree_get(x, "blocks");
	const struct json_t *components = json_tree_get(x, "components");
	const struct json_t *v;

	add_state(c, x);
	add_never(c, json_tree_get(x, "never"));
	for (size_t i = 0; (v = json_tree_at(blocks, i)); i++)
		add_block(c, "Entry", v);
	for (size_t i = 0; (v = json_tree_at(components, i)); i++)
		add_component(c, x, v);
	add_events(c, x);
	why_add_hints(c, x);
	why_add_otherwise(c, x);
	why_add_dossier(c, x);
	add_block(c, "Last entry", json_tree_get(x, "last_block"));
	add_next(c, json_tree_get(x, "next"));
}

enum exit_code
why_run(struct cli *c)
{
	const char *word = c->call.word[0];
	enum word_type type = word_type(word);
	char path[96], text[ADDR_TEXT_MAX];
	struct question q;
	struct answer a;
	struct addr addr;
	struct str self;

	if (type == WORD_ID) {
		snprintf(path, sizeof(path), "/blocks/%s/explain", word);
	} else if (type == WORD_ADDR) {
		(void)addr_parse(str_of(word), &addr);
		snprintf(path, sizeof(path), "/addresses/%s/explain",
			addr_format(&addr, text));
	} else {
		return word_fail(c, word,
			"an address such as 192.0.2.1, or the number of an "
			"entry");
	}
	question_open(&q, "GET", path);
	question_time(c, &q, "at", OPT_AT);
	if (block_self(&self) && addr_parse(self, &addr))
		question_param(&q, "self", addr_format(&addr, text));
	enum exit_code code = client_ask(c, &q, &a);
	if (code == EXIT_CODE_DONE && !client_json(c, &a))
		show(c, a.doc);
	answer_free(&a);
	return code;
}
