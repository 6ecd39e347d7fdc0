/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/def.h"
#include "hooks/tail/tail.h"
#include "sys/log.h"

static bool
is_glob(const char *base)
{
	return strpbrk(base, "*?[") != NULL;
}

static struct stream *
stream_find(struct tail *t, const struct pattern *p, const char *name)
{
	for (struct stream *s = t->streams; s; s = s->next)
		if (strcmp(s->base, name) == 0 &&
			strcmp(s->folder, p->folder) == 0)
			return s;
	return NULL;
}

/* Is it a file that was read under another name and then rotated? */
static bool
is_read_already(struct tail *t, const struct pattern *p, const char *name)
{
	struct disk_state st;
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s", p->folder, name);

	if (n < 0 || (size_t)n >= sizeof(path) || disk_look_path(path, &st) < 0)
		return false;
	for (const struct stream *s = t->streams; s; s = s->next)
		if (stream_has_inode(s, &st))
			return true;
	return false;
}

static void
stream_add(
	struct tail *t, const struct pattern *p, const char *name, bool is_born)
{
	struct stream **last = &t->streams;

	if (t->streams_n == TAIL_STREAMS_MAX) {
		log_line(LOG_LEVEL_WARN, "tail.too-many",
			"source=%s file=%s/%s: not read: there are %d already",
			t->name, p->folder, name, TAIL_STREAMS_MAX);
		return;
	}
	while (*last)
		last = &(*last)->next;
	*last = stream_new(&t->shared, p->folder, name);
	t->streams_n++;
	stream_begin(*last, is_born);
	tail_pump(t);
}

/* A name that a pattern may stand for. */
struct candidate {
	struct tail *t;
	struct pattern *p;
	bool is_born;
};

/* "mail.log.1", "mail.log-20261124.gz": a pattern may match them, but they
 * were read under their first name. */
static bool
looks_rotated(const char *name)
{
	struct str s = str_of(name);
	bool is_compressed = family_cut_compression(&s);
	size_t digits = 0;

	while (digits < s.n && s.p[s.n - 1 - digits] >= '0' &&
		s.p[s.n - 1 - digits] <= '9')
		digits++;
	return is_compressed ||
	       (digits && digits < s.n &&
		       strchr(".-", s.p[s.n - 1 - digits]) != NULL);
}

static void
on_candidate(void *ctx, const char *name)
{
	struct candidate *c = ctx;

	if (fnmatch(c->p->base, name, FNM_PERIOD) != 0 || looks_rotated(name) ||
		stream_find(c->t, c->p, name) ||
		is_read_already(c->t, c->p, name))
		return;
	stream_add(c->t, c->p, name, c->is_born);
}

static void
pattern_watch(struct tail *t, struct pattern *p)
{
	if (p->watch >= 0)
		return;
	p->watch = watch_folder(&t->shared.watch, p->folder);
	if (p->watch < 0 && p->told != -p->watch) {
		p->told = -p->watch;
		log_line(LOG_LEVEL_WARN, "tail.trouble",
			"source=%s folder=%s: %s; trying again every %d s",
			t->name, p->folder, strerrordesc_np(p->told),
			TAIL_LOOK_MS / 1000);
	}
}

/* Look at everything. */
void
tail_look(struct tail *t, bool is_born)
{
	for (unsigned i = 0; i < t->patterns_n; i++) {
		struct candidate c = { t, &t->patterns[i], is_born };

		pattern_watch(t, c.p);
		if (is_glob(c.p->base))
			disk_list(c.p->folder, on_candidate, &c);
		else if (!stream_find(t, c.p, c.p->base))
			stream_add(t, c.p, c.p->base, is_born);
	}
	for (struct stream *s = t->streams; s; s = s->next)
		stream_look(s);
	tail_pump(t);
}

static void
on_name(struct tail *t, const struct watch_event *ev)
{
	for (struct stream *s = t->streams; s; s = s->next)
		for (unsigned i = 0; i < t->patterns_n; i++)
			if (t->patterns[i].watch == ev->id &&
				strcmp(t->patterns[i].folder, s->folder) == 0) {
				stream_on_name(s, ev);
				break;
			}
	for (unsigned i = 0; i < t->patterns_n; i++) {
		struct candidate c = { t, &t->patterns[i], true };

		if (ev->what == WATCH_APPEARED && c.p->watch == ev->id &&
			is_glob(c.p->base))
			on_candidate(&c, ev->name);
	}
}

static void
on_file(struct tail *t, const struct watch_event *ev)
{
	for (struct stream *s = t->streams; s; s = s->next)
		s->is_ready |= stream_has_watch(s, ev->id);
}

void
tail_on_event(struct tail *t, const struct watch_event *ev)
{
	if (!t->is_begun)
		return; /* everything is looked at when it begins */
	switch (ev->what) {
	case WATCH_APPEARED:
	case WATCH_MOVED:
	case WATCH_GONE: on_name(t, ev); break;
	case WATCH_WRITTEN: on_file(t, ev); break;
	case WATCH_OVERFLOW: tail_look(t, true); break;
	case WATCH_ENDED: /* a folder was removed: watch its successor */
		for (unsigned i = 0; i < t->patterns_n; i++)
			if (t->patterns[i].watch == ev->id)
				t->patterns[i].watch = -ENOENT;
		break;
	}
}
