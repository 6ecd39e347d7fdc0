/* SPDX-License-Identifier: ISC */

#include "base/json.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/logfile.h"
#include "cli/offline.h"
#include "dialect/dialect.h"

enum {
	PIECE = 256 << 10, /* written at once */
};

/* What stays the same from line to line is formatted once. */
struct parse {
	struct cli *cli;
	struct buf *out;
	int64_t time; /* of @time_text */
	struct buf time_text;
	struct buf kind[EVENT_KINDS]; /* from behind the line's number */
	const char *source; /* of @source_text: a dialect's constant */
	struct buf source_text;
	struct buf file; /* member that names the file, or empty */
	uint64_t line;
};

static void
parse_init(struct parse *p, struct cli *c)
{
	*p = (struct parse){ .cli = c, .out = &c->out, .time = INT64_MIN };
	for (int k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id)
			buf_printf(&p->kind[k],
				",\"event\":%d,\"kind\":\"%s\",\"address\":\"",
				k, event_types[k].id);
	}
}

static void
parse_fini(struct parse *p)
{
	for (int k = 0; k < EVENT_KINDS; k++)
		buf_free(&p->kind[k]);
	buf_free(&p->time_text);
	buf_free(&p->source_text);
	buf_free(&p->file);
}

static void
add_line(struct parse *p)
{
	buf_add(p->out, S("{\"line\":"));
	num_add(p->out, (int64_t)p->line);
}

static void
add_end(struct parse *p)
{
	buf_add(p->out, buf_str(&p->file));
	buf_add(p->out, S("}\n"));
	if (p->out->n >= PIECE)
		cli_flush(p->cli);
}

/* Neighbours share their second. */
static void
add_time(struct parse *p, int64_t t)
{
	if (t != p->time) {
		p->time = t;
		p->time_text.n = 0;
		buf_add(&p->time_text, S(",\"time\":\""));
		stamp_add(&p->time_text, t);
		buf_add(&p->time_text, S("\",\"detail\":"));
	}
	buf_add(p->out, buf_str(&p->time_text));
}

static void
add_source(struct parse *p, struct str source)
{
	if (source.p != p->source) {
		p->source = source.p;
		p->source_text.n = 0;
		buf_add(&p->source_text, S(",\"source\":"));
		json_quote(&p->source_text, source);
	}
	buf_add(p->out, buf_str(&p->source_text));
}

static void
add_rest(struct parse *p, const struct event *e)
{
	if (e->session.n) {
		buf_add(p->out, S(",\"session\":"));
		json_quote(p->out, e->session);
	}
	add_source(p, e->source);
	if (e->count > 1) {
		buf_add(p->out, S(",\"count\":"));
		num_add(p->out, e->count);
	}
	if (e->is_summary)
		buf_add(p->out, S(",\"summary\":true"));
}

static void
add_event(struct parse *p, const struct event *e)
{
	struct str detail = e->detail;

	if (detail.n > EVENT_DETAIL_MAX)
		detail.n = EVENT_DETAIL_MAX;
	add_line(p);
	buf_add(p->out, buf_str(&p->kind[e->kind]));
	addr_add(p->out, &e->addr);
	buf_add(p->out, S("\",\"account\":"));
	json_quote(p->out, e->account);
	buf_add(p->out, S(",\"service\":"));
	json_quote(p->out, e->service);
	add_time(p, e->time);
	json_quote(p->out, detail);
	add_rest(p, e);
	add_end(p);
}

static void
add_reading(struct parse *p, enum reading r)
{
	add_line(p);
	buf_add(p->out, S(",\"reading\":\""));
	buf_add(p->out, str_of(reading_names[r]));
	buf_addc(p->out, '"');
	add_end(p);
}

static int
parse_file(struct parse *p, struct logfile *s, struct err *err)
{
	bool is_all = cli_has(p->cli, OPT_ALL);
	int rc;

	while ((rc = logfile_next(s, err)) > 0) {
		p->line = s->lines.number;
		for (unsigned i = 0; i < s->events.n; i++)
			add_event(p, &s->events.list[i]);
		if (is_all && s->events.n == 0)
			add_reading(p, s->reading);
	}
	return rc;
}

static int
parse_path(struct parse *p, const struct logfile_config *config,
	const char *path, struct err *err)
{
	struct logfile s;

	if (logfile_open(&s, config, path, err))
		return -1;
	p->file.n = 0;
	if (p->cli->call.words > 1) {
		buf_add(&p->file, S(",\"file\":"));
		json_quote(&p->file, str_of(path));
	}
	int rc = parse_file(p, &s, err);
	logfile_close(&s);
	return rc;
}

enum exit_code
parse_run(struct cli *c)
{
	enum exit_code code = EXIT_CODE_DONE;
	struct logfile_config config;
	struct parse p;
	struct err err;

	if (logfile_config(&config, c->call.option[OPT_DIALECT], &err))
		return cli_fail(c, EXIT_CODE_USAGE, "%s", err.text);
	if (logfile_rule(&config, c->call.option[OPT_RULE], &err)) {
		logfile_done(&config);
		return cli_fail(c, EXIT_CODE_USAGE, "%s", err.text);
	}
	parse_init(&p, c);
	for (unsigned i = 0; i < c->call.words; i++) {
		if (parse_path(&p, &config, c->call.word[i], &err))
			code = cli_fail(c, EXIT_CODE_FAILED, "%s", err.text);
	}
	parse_fini(&p);
	logfile_done(&config);
	return code;
}
