/* SPDX-License-Identifier: ISC */

#include "hooks/tail/tail.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "hooks/hook.h"
#include "sys/secret.h"
#include "sys/zone.h"

enum {
	LOADING_MS = 5, /* how often to ask whether the node is loaded */
	BUSY_MS = 10,	/* pause while much waits for the disk */
};

/* --- turns ------------------------------------------------------------- */

static void on_pump(uv_idle_t *idle);

void
tail_pump(struct tail *t)
{
	if (t->is_begun && !uv_is_active((uv_handle_t *)&t->pause))
		uv_idle_start(&t->pump, on_pump);
}

static void
on_pause_over(uv_timer_t *timer)
{
	struct tail *t = CONTAINER_OF(timer, struct tail, pause);

	uv_timer_stop(timer);
	tail_pump(t);
}

static struct stream *
stream_next_ready(struct tail *t)
{
	for (unsigned i = 0; i < t->streams_n; i++) {
		t->turn = t->turn && t->turn->next ? t->turn->next : t->streams;
		if (t->turn->is_ready)
			return t->turn;
	}
	return NULL;
}

/* One block of one stream in each turn of the loop. */
static void
on_pump(uv_idle_t *idle)
{
	struct tail *t = CONTAINER_OF(idle, struct tail, pump);
	struct stream *s = stream_next_ready(t);

	if (!s) {
		uv_idle_stop(idle);
		return;
	}
	if (node_is_busy(t->shared.node)) {
		uv_idle_stop(idle);
		uv_timer_start(&t->pause, on_pause_over, BUSY_MS, 0);
		return;
	}
	s->is_ready = stream_turn(s);
}

static void
on_look(uv_timer_t *timer)
{
	struct tail *t = CONTAINER_OF(timer, struct tail, look);

	tail_look(t, t->is_begun);
}

static void
on_loading(uv_timer_t *timer)
{
	struct tail *t = CONTAINER_OF(timer, struct tail, look);

	if (!node_is_loaded(t->shared.node))
		return;
	tail_look(t, false);
	t->is_begun = true;
	tail_pump(t);
	uv_timer_start(timer, on_look, TAIL_LOOK_MS, TAIL_LOOK_MS);
}

static void
on_event(void *ctx, const struct watch_event *ev)
{
	tail_on_event(ctx, ev);
}

static void
on_settled(void *ctx)
{
	struct tail *t = ctx;

	for (struct stream *s = t->streams; s; s = s->next)
		if (s->arrivals_n)
			stream_arrive(s);
	tail_pump(t);
}

/* --- end ------------------------------------------------------------------ */

static void
tail_free(struct tail *t)
{
	for (unsigned i = 0; i < t->patterns_n; i++) {
		free(t->patterns[i].folder);
		free(t->patterns[i].base);
	}
	free(t->name);
	free(t->dialect);
	rules_free(t->shared.rules);
	free(t->shared.room);
	free(t);
}

static void
on_handle_closed(struct tail *t)
{
	if (--t->handles == 0)
		tail_free(t);
}

static void
on_watch_closed(void *ctx)
{
	on_handle_closed(ctx);
}

static void
on_closed(uv_handle_t *h)
{
	on_handle_closed(h->data);
}

static const struct watch_ops watch_ops = { on_event, on_settled,
	on_watch_closed };

extern const struct hook hook_tail;

/* --- options --------------------------------------------------------------- */

static const struct hook_option_type options[] = {
	{ "file", NULL, true,
		"Log file to read, with its whole path; *, ? and [] may stand "
		"in its last part. May be given several times." },
	{ "dialect", "auto", false,
		"Whose words these are: the name of a dialect, or auto to "
		"tell by the program's name in each line." },
	{ "rule", NULL, true,
		"A rule of your own for lines that no dialect knows: \"event "
		"service program: line\", docs/rules.md. May be given "
		"several times." },
	{ "start", "end", false,
		"Where a file that was never read before begins: end or "
		"beginning." },
	{ NULL },
};

static bool
has_dialect(const char *name)
{
	if (strcmp(name, "auto") == 0)
		return true;
	for (unsigned i = 0; i < dialects_n; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return true;
	return false;
}

static int
rules_take(const struct hook_config *config, struct rules *ret, struct err *err)
{
	struct err why;

	for (size_t i = 0; i < config->options_n; i++) {
		const struct hook_option *o = &config->options[i];

		if (strcmp(o->name, "rule") == 0 &&
			rules_add(ret, str_of(o->value), &why) < 0)
			return err_set(err, "%s: rule \"%s\": %s",
				config->source, o->value, why.text);
	}
	return 0;
}

static int
rules_check(const struct hook_config *config, struct err *err)
{
	struct rules *rules = rules_new();
	int rc = rules_take(config, rules, err);

	rules_free(rules);
	return rc;
}

static int
path_check(const char *source, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');

	if (*path != '/' || !slash[1] || strlen(path) > 900)
		return err_set(err,
			"%s: file: expected the whole path of a log file, "
			"not \"%s\"",
			source, path);
	if (strcspn(path, "*?[") < (size_t)(slash - path))
		return err_set(err,
			"%s: file: \"%s\": wildcards may stand only behind "
			"the last slash",
			source, path);
	return 0;
}

static int
tail_check(const struct hook_config *config, struct err *err)
{
	const char *dialect = hook_option(&hook_tail, config, "dialect");
	const char *start = hook_option(&hook_tail, config, "start");
	unsigned files = 0;

	for (size_t i = 0; i < config->options_n; i++) {
		const struct hook_option *o = &config->options[i];

		if (strcmp(o->name, "file") != 0)
			continue;
		if (path_check(config->source, o->value, err) < 0)
			return -1;
		if (++files > TAIL_PATTERNS_MAX)
			return err_set(err, "%s: file: expected at most %d",
				config->source, TAIL_PATTERNS_MAX);
	}
	if (files == 0)
		return err_set(
			err, "%s: file: expected at least one", config->source);
	if (!has_dialect(dialect))
		return err_set(err, "%s: dialect: there is no \"%s\"",
			config->source, dialect);
	if (strcmp(start, "end") != 0 && strcmp(start, "beginning") != 0)
		return err_set(err,
			"%s: start: expected end or beginning, not \"%s\"",
			config->source, start);
	return rules_check(config, err);
}

/* --- start, stop, status ---------------------------------------------------- */

static char *
text_copy(const char *from, size_t n)
{
	char *to = mem_alloc(n + 1, 1);

	memcpy(to, from, n);
	return to;
}

static void
patterns_take(struct tail *t, const struct hook_config *config)
{
	for (size_t i = 0; i < config->options_n; i++) {
		const char *path = config->options[i].value;
		const char *slash = strrchr(path, '/');

		if (strcmp(config->options[i].name, "file") != 0)
			continue;
		t->patterns[t->patterns_n++] = (struct pattern){
			.folder = slash == path
					  ? text_copy("/", 1)
					  : text_copy(path,
						    (size_t)(slash - path)),
			.base = text_copy(slash + 1, strlen(slash + 1)),
			.watch = -1,
		};
	}
}

static int
tail_start(const struct hook_config *config, struct node *node, uv_loop_t *loop,
	void **ret, struct err *err)
{
	struct tail *t = mem_alloc(1, sizeof(*t));
	struct tail_shared *s = &t->shared;
	const char *dialect = hook_option(&hook_tail, config, "dialect");
	const char *start = hook_option(&hook_tail, config, "start");

	t->name = text_copy(config->source, strlen(config->source));
	t->dialect = text_copy(dialect, strlen(dialect));
	patterns_take(t, config);
	s->rules = rules_new();
	rules_take(config, s->rules, err); /* checked before */
	s->name = t->name;
	s->dialect = strcmp(dialect, "auto") == 0 ? NULL : t->dialect;
	s->is_from_beginning = strcmp(start, "beginning") == 0;
	s->node = node;
	s->guard = config->guard;
	s->room = mem_alloc(FOLLOW_ROOM, 1);
	zone_local(&s->zone, node_now(node));
	secret_fill(&s->key, sizeof(s->key));
	s->watch.ops = &watch_ops;
	s->watch.ctx = t;
	if (watch_open(&s->watch, loop, err) < 0) {
		tail_free(t);
		return -1;
	}
	uv_idle_init(loop, &t->pump);
	uv_timer_init(loop, &t->pause);
	uv_timer_init(loop, &t->look);
	t->pump.data = t->pause.data = t->look.data = t;
	t->handles = 4;
	uv_timer_start(&t->look, on_loading, 0, LOADING_MS);
	*ret = t;
	return 0;
}

static void
tail_stop(void *running)
{
	struct tail *t = running;
	struct stream *s;

	while ((s = t->streams)) {
		t->streams = s->next;
		stream_free(s);
	}
	uv_close((uv_handle_t *)&t->pump, on_closed);
	uv_close((uv_handle_t *)&t->pause, on_closed);
	uv_close((uv_handle_t *)&t->look, on_closed);
	watch_close(&t->shared.watch);
}

static void
stream_status(const struct stream *s, struct json *j, uint64_t *mended)
{
	struct reader_stats st;
	struct buf path = { 0 };

	reader_stats(s->reader, &st);
	*mended += st.times_mended;
	buf_printf(&path, "%s/%s", s->folder, s->base);
	json_open(j, '{');
	json_key(j, "path");
	json_str(j, buf_str(&path));
	json_key(j, "lag_bytes");
	json_int(j, stream_lag(s));
	json_key(j, "offset");
	json_int(j, s->files ? s->files->offset : 0);
	json_key(j, "is_open");
	json_bool(j, s->files != NULL);
	if (s->trouble) {
		json_key(j, "trouble");
		json_str(j, str_of(s->trouble));
	}
	json_close(j, '}');
	buf_free(&path);
}

static const struct {
	const char *name;
	size_t at;
} counters[] = {
	{ "lines", offsetof(struct tail_stats, lines) },
	{ "bytes", offsetof(struct tail_stats, bytes) },
	{ "events", offsetof(struct tail_stats, events) },
	{ "unknown", offsetof(struct tail_stats, unknown) },
	{ "ambiguous", offsetof(struct tail_stats, ambiguous) },
	{ "foreign", offsetof(struct tail_stats, foreign) },
	{ "cut_lines", offsetof(struct tail_stats, cut) },
	{ "aside_lines", offsetof(struct tail_stats, aside) },
	{ "partial_lines", offsetof(struct tail_stats, partial) },
	{ "rotations", offsetof(struct tail_stats, rotations) },
	{ "truncations", offsetof(struct tail_stats, cuts) },
	{ "lost_files", offsetof(struct tail_stats, lost) },
	{ "warmed_lines", offsetof(struct tail_stats, warmed) },
};

static void
tail_status(void *running, struct json *j)
{
	struct tail *t = running;
	uint64_t mended = 0;

	for (unsigned i = 0; i < ARRAY_LEN(counters); i++) {
		uint64_t v;

		memcpy(&v, (const char *)&t->shared.stats + counters[i].at,
			sizeof(v));
		json_key(j, counters[i].name);
		json_int(j, (int64_t)v);
	}
	json_key(j, "files");
	json_open(j, '[');
	for (const struct stream *s = t->streams; s; s = s->next)
		stream_status(s, j, &mended);
	json_close(j, ']');
	json_key(j, "times_mended");
	json_int(j, (int64_t)mended);
}

static void
tail_counts(void *running, struct source_counts *ret)
{
	const struct tail *t = running;
	const struct tail_stats *s = &t->shared.stats;

	ret->lines = s->lines;
	ret->unknown = s->unknown;
	ret->ambiguous = s->ambiguous;
	ret->events = s->events;
	for (const struct stream *each = t->streams; each; each = each->next)
		ret->lag_bytes += (uint64_t)stream_lag(each);
}

const struct hook hook_tail = {
	.name = "log",
	.summary = "reads log files as they grow, rotated or cut",
	.is_named = true,
	.options = options,
	.check = tail_check,
	.start = tail_start,
	.stop = tail_stop,
	.status = tail_status,
	.counts = tail_counts,
};
