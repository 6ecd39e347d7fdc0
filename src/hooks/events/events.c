/* SPDX-License-Identifier: ISC */

/*
 * hook events: a line protocol for scripts, Exim and whatever else can
 * write to a socket.
 */

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "hooks/events/protocol.h"
#include "hooks/serve.h"

struct events {
	struct node *node;
	struct serve serve;
	uint64_t asked, refused; /* CONNECT and CHECK */
	uint64_t reported;
	uint64_t errors;	       /* lines that weren't understood */
	struct events_request request; /* of the line at hand */
};

extern const struct hook hook_events;

static void
answer_verdict(struct events *e, struct buf *out, const struct verdict *verdict)
{
	const struct settings *s = engine_settings(node_engine(e->node));

	e->asked++;
	if (verdict->word == VERDICT_ALLOW) {
		buf_add(out, S("OK\n"));
		return;
	}
	e->refused++;
	events_block(
		out, verdict->until - node_now(e->node), str_of(s->text_smtp));
}

static void
answer(struct events *e, struct buf *out, struct str line)
{
	const struct events_request *r = &e->request;
	const char *expected = events_parse(line, &e->request);
	struct verdict verdict;

	if (expected) {
		e->errors++;
		events_error(out, expected);
		return;
	}
	switch (r->verb) {
	case EVENTS_CONNECT:
		verdict = node_connect(e->node, &r->event.addr);
		answer_verdict(e, out, &verdict);
		return;
	case EVENTS_CHECK:
		verdict = node_check(e->node, &r->event.addr);
		answer_verdict(e, out, &verdict);
		return;
	case EVENTS_EVENT:
		node_report(e->node, &r->event);
		e->reported++;
		break;
	default: break;
	}
	buf_add(out, S("OK\n"));
}

/* A line that has no end isn't a line: its address may lack a digit. */
static ptrdiff_t
on_rest(struct events *e, struct buf *out, struct str rest, enum stream_end end)
{
	if (rest.n == EVENTS_LINE_MAX) {
		e->errors++;
		events_error(out, "expected a line of at most 4096 bytes");
		return STREAM_BAD;
	}
	if (end == STREAM_END && rest.n > 0) {
		e->errors++;
		events_error(out, "expected a line end");
	}
	return 0;
}

static ptrdiff_t
on_bytes(void *ctx, struct stream *s, struct str in, enum stream_end end)
{
	struct events *e = ctx;
	struct buf *out = stream_out(s);
	struct str rest = in;
	const char *newline;

	while ((newline = memchr(rest.p, '\n', rest.n))) {
		struct str line = { rest.p, (size_t)(newline - rest.p) };

		rest = str_from(rest, line.n + 1);
		if (str_ends(line, S("\r")))
			line.n--;
		answer(e, out, line);
		if (e->request.verb == EVENTS_QUIT)
			return STREAM_QUIT;
	}
	if (on_rest(e, out, rest, end) < 0)
		return STREAM_BAD;
	return rest.p - in.p;
}

static int
events_check(const struct hook_config *config, struct err *err)
{
	return serve_check(&hook_events, config, err);
}

static int
events_start(const struct hook_config *config, struct node *node,
	uv_loop_t *loop, void **ret, struct err *err)
{
	struct events *e = mem_alloc(1, sizeof(*e));
	struct stream_config stream = {
		.in_max = EVENTS_LINE_MAX,
		.on_bytes = on_bytes,
		.ctx = e,
	};

	e->node = node;
	e->serve.hook = &hook_events;
	if (serve_start(&e->serve, config, &stream, loop, err) < 0) {
		free(e);
		return -1;
	}
	*ret = e;
	return 0;
}

static void
events_stop(void *running)
{
	struct events *e = running;

	serve_stop(&e->serve);
	free(e);
}

static void
events_status(void *running, struct json *j)
{
	struct events *e = running;

	serve_status(&e->serve, j);
	json_member_int(j, "asked", (int64_t)e->asked);
	json_member_int(j, "refused", (int64_t)e->refused);
	json_member_int(j, "reported", (int64_t)e->reported);
	json_member_int(j, "errors", (int64_t)e->errors);
}

static void
events_counts(void *running, struct source_counts *ret)
{
	const struct events *e = running;

	ret->asked = e->asked;
	ret->refused = e->refused;
	ret->events = e->reported;
	ret->errors = e->errors + serve_bad(&e->serve);
}

static const struct hook_option_type options[] = {
	SERVE_OPTIONS("10m"),
	{ 0 },
};

const struct hook hook_events = {
	.name = "events",
	.summary = "Line protocol for Exim and scripts: ask and report",
	.is_listening = true,
	.options = options,
	.check = events_check,
	.start = events_start,
	.stop = events_stop,
	.status = events_status,
	.counts = events_counts,
};
