/* SPDX-License-Identifier: ISC */

#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "cli/addr_set.h"
#include "cli/grid.h"
#include "cli/logfile.h"
#include "cli/offline.h"
#include "core/engine.h"
#include "sys/clock.h"
#include "sys/disk.h"

enum {
	SETTINGS_MAX = 1 << 20, /* largest file of settings [bytes] */
	AHEAD = 4,		/* events that are read before one is folded */
};

static const struct grid_column columns[] = {
	{ "ADDRESS", GRID_LEFT },
	{ "WHY", GRID_LEFT },
	{ "FROM", GRID_LEFT },
	{ "UNTIL", GRID_LEFT },
	{ "EVENTS", GRID_LEFT },
};

static const char *const component_names[COMPONENTS] = { "smtp", "login" };

/* An event that memory is being fetched for. */
struct waiting {
	struct event event;
	uint64_t hash;	 /* of its address, for the set */
	struct buf text; /* what its texts borrow from */
};

struct replay {
	struct cli *cli;
	struct engine *engine;
	int64_t now; /* time of the newest event so far */
	struct addr_set addrs;
	struct grid table;
	struct buf cell;
	uint64_t lines, events, blocks;
	uint64_t read; /* events, of which the last aren't folded yet */
	struct waiting ahead[AHEAD];
	enum exit_code code;
	/* Large, and wanted for every event: kept here, not on the stack. */
	struct effects effects;
	struct err err;
};

/* A file among those that are merged. */
struct source {
	struct logfile file;
	bool is_open;
};

static void
add_counts(struct json *j, const struct tally *t)
{
	json_open(j, '{');
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (t->count[k])
			json_member_int(j, event_types[k].id, t->count[k]);
	}
	json_close(j, '}');
}

static void
print_json(struct replay *r, const struct effect *e)
{
	const struct block *b = &e->block;
	struct json j = { .b = &r->cli->out };
	char text[PREFIX_TEXT_MAX];

	json_open(&j, '{');
	json_member_str(&j, "address", str_of(prefix_format(&b->prefix, text)));
	json_member_str(&j, "component", str_of(component_names[b->component]));
	json_member_time(&j, "from", b->from);
	json_member_time(&j, "until", b->until);
	json_member_int(&j, "score", b->score);
	json_member_int(&j, "threshold", b->threshold);
	json_key(&j, "events");
	add_counts(&j, e->why ? &e->why->tally : &(struct tally){ 0 });
	json_close(&j, '}');
	buf_addc(&r->cli->out, '\n');
	if (r->cli->out.n > 1 << 16)
		cli_flush(r->cli);
}

/* The cell is in @r->cell; take it. */
static void
end_cell(struct replay *r)
{
	grid_add(&r->table, buf_str(&r->cell));
	r->cell.n = 0;
}

static void
print_row(struct replay *r, const struct effect *e)
{
	const struct block *b = &e->block;
	const char *comma = "";

	prefix_add(&r->cell, &b->prefix);
	end_cell(r);
	buf_printf(&r->cell, "%s %u/%u", component_names[b->component],
		b->score, b->threshold);
	end_cell(r);
	text_add_time(&r->cell, &r->cli->clock, b->from);
	end_cell(r);
	text_add_time(&r->cell, &r->cli->clock, b->until);
	end_cell(r);
	for (int k = 0; e->why && k < EVENT_KINDS; k++) {
		uint32_t n = e->why->tally.count[k];

		if (n)
			buf_printf(&r->cell, "%s%u %s", comma, n,
				event_types[k].id);
		comma = r->cell.n ? ", " : "";
	}
	end_cell(r);
}

static void
take_effects(struct replay *r)
{
	for (unsigned i = 0; i < r->effects.n; i++) {
		const struct effect *e = &r->effects.list[i];

		if (e->type != EFFECT_BLOCK)
			continue;
		r->blocks++;
		if (cli_has(r->cli, OPT_JSON))
			print_json(r, e);
		else
			print_row(r, e);
	}
}

static void
pass_time(struct replay *r, int64_t now)
{
	if (now > r->now)
		r->now = now;
	if (engine_next_deadline(r->engine) > r->now)
		return;
	do {
		engine_tick(r->engine, r->now, &r->effects);
		take_effects(r);
	} while (r->effects.has_more);
}

/* Fold the event that has waited longest. */
static void
fold(struct replay *r)
{
	const struct waiting *w = &r->ahead[r->events % AHEAD];

	pass_time(r, w->event.time);
	r->events++;
	engine_apply(r->engine,
		&(struct fact){ .type = FACT_EVENT,
			.event = &w->event,
			.event_id = r->events },
		r->now, &r->effects);
	take_effects(r);
	addr_set_add(&r->addrs, w->hash);
}

static struct str
keep(struct buf *b, struct str s)
{
	struct str kept = { b->p + b->n, s.n };

	buf_add(b, s);
	return kept;
}

/* An event waits while a few more are read, for the memory that it needs to
 * come.  Its texts go with the line; of these scores depend on. */
static void
take_event(struct replay *r, const struct event *ev)
{
	struct waiting *w = &r->ahead[r->read % AHEAD];

	if (r->read - r->events == AHEAD)
		fold(r);
	r->read++;
	w->hash = addr_set_ready(&r->addrs, &ev->addr);
	engine_prefetch(r->engine, &ev->addr);
	w->event = *ev;
	w->text.n = 0;
	buf_room(&w->text,
		ev->service.n + ev->account.n + ev->session.n + ev->tag.n);
	w->event.service = keep(&w->text, ev->service);
	w->event.account = keep(&w->text, ev->account);
	w->event.session = keep(&w->text, ev->session);
	w->event.tag = keep(&w->text, ev->tag);
	w->event.helo = w->event.detail = (struct str){ 0 };
}

/* To the next line with events; the source closes at its end. */
static void
advance(struct replay *r, struct source *s)
{
	int rc;

	do
		rc = logfile_next(&s->file, &r->err);
	while (rc > 0 && s->file.events.n == 0);
	if (rc > 0)
		return;
	if (rc < 0)
		r->code = cli_fail(r->cli, EXIT_CODE_FAILED, "%s", r->err.text);
	r->lines += s->file.lines.number;
	logfile_close(&s->file);
	s->is_open = false;
}

static struct source *
earliest(struct source *sources, unsigned n)
{
	struct source *first = NULL;

	for (unsigned i = 0; i < n; i++) {
		struct source *s = &sources[i];

		if (s->is_open &&
			(!first || s->file.events.list[0].time <
					   first->file.events.list[0].time))
			first = s;
	}
	return first;
}

/* Merge the files by the time of their events. */
static void
merge(struct replay *r, const struct logfile_config *config)
{
	unsigned n = r->cli->call.words;
	struct source *sources CLEANUP(mem_freep) = mem_alloc(
		n, sizeof(*sources));
	struct source *s;

	for (unsigned i = 0; i < n; i++) {
		s = &sources[i];
		s->is_open = logfile_open(&s->file, config,
				     r->cli->call.word[i], &r->err) == 0;
		if (s->is_open)
			advance(r, s);
		else
			r->code = cli_fail(
				r->cli, EXIT_CODE_FAILED, "%s", r->err.text);
	}
	while ((s = earliest(sources, n))) {
		for (unsigned i = 0; i < s->file.events.n; i++)
			take_event(r, &s->file.events.list[i]);
		advance(r, s);
	}
	while (r->events < r->read)
		fold(r);
}

static void
summarize(struct replay *r)
{
	struct buf *b = &r->cli->out;
	double seconds = (double)clock_cpu_ns() / 1e9;
	int64_t rate = (int64_t)((double)r->lines / seconds);
	struct json j = { .b = b };

	if (!cli_has(r->cli, OPT_JSON)) {
		if (r->blocks)
			grid_print(&r->table, r->cli);
		buf_add(b, r->blocks ? S("\n") : S(""));
		text_add_count(b, (int64_t)r->lines, "line, ", "lines, ");
		text_add_count(
			b, (int64_t)r->events, "event of ", "events of ");
		text_add_count(
			b, (int64_t)r->addrs.n, "address, ", "addresses, ");
		text_add_count(b, (int64_t)r->blocks, "block", "blocks");
		buf_printf(b, "; %jd lines per CPU second\n", (intmax_t)rate);
		return;
	}
	json_open(&j, '{');
	json_member_int(&j, "lines", (int64_t)r->lines);
	json_member_int(&j, "events", (int64_t)r->events);
	json_member_int(&j, "addresses", (int64_t)r->addrs.n);
	json_member_int(&j, "blocks", (int64_t)r->blocks);
	json_member_int(&j, "lines_per_second", rate);
	json_close(&j, '}');
	buf_addc(b, '\n');
}

/* The defaults with a file laid over them. */
static int
load_settings(struct settings *s, const char *path, struct err *err)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct err inner;

	*s = settings_default();
	if (path && disk_read(path, SETTINGS_MAX, &text, err))
		return -1;
	if (settings_parse(s, buf_str(&text), &inner))
		return err_set(err, "%s: %s", path, inner.text);
	/* Logs tell neither connections nor what was refused. */
	s->mode = MODE_ENFORCE;
	s->evaluate = EVALUATE_EVENT;
	return 0;
}

enum exit_code
replay_run(struct cli *c)
{
	struct replay r = { .cli = c };
	struct engine_config engine = { .max_v4 = 1 << 24,
		.max_v6 = 1 << 22,
		.acts = 1 << 16,
		.v6_len = 64 };
	struct logfile_config config;
	struct settings settings;
	struct err err;

	if (logfile_config(&config, c->call.option[OPT_DIALECT], &err))
		return cli_fail(c, EXIT_CODE_USAGE, "%s", err.text);
	if (load_settings(&settings, c->call.option[OPT_SETTINGS], &err))
		return cli_fail(c, EXIT_CODE_INVALID, "%s", err.text);
	engine.key = r.addrs.key = config.key;
	r.engine = engine_new(&engine, &settings);
	r.table = (struct grid){ .columns = columns,
		.columns_n = ARRAY_LEN(columns) };
	merge(&r, &config);
	summarize(&r);
	engine_free(r.engine);
	addr_set_free(&r.addrs);
	grid_free(&r.table);
	buf_free(&r.cell);
	for (unsigned i = 0; i < AHEAD; i++)
		buf_free(&r.ahead[i].text);
	return r.code;
}
