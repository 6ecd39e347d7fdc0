/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "hooks/tail/stream_inside.h"
#include "sys/guard.h"
#include "sys/log.h"

static char *
text_of(const char *a, const char *b, const char *c)
{
	size_t n = strlen(a) + strlen(b) + strlen(c) + 1;
	char *text = mem_alloc(n, 1);

	snprintf(text, n, "%s%s%s", a, b, c);
	return text;
}

struct stream *
stream_new(struct tail_shared *shared, const char *folder, const char *base)
{
	struct stream *s = mem_alloc(1, sizeof(*s));
	char *path = text_of(folder, "/", base);

	s->shared = shared;
	s->folder = text_of(folder, "", "");
	s->base = text_of(base, "", "");
	s->key = text_of(shared->name, ":", path);
	s->reader = reader_new(shared->dialect, &shared->zone, &shared->key);
	reader_rules(s->reader, shared->rules);
	free(path);
	return s;
}

void
stream_free(struct stream *s)
{
	struct follow *f;

	if (!s)
		return;
	while ((f = s->files)) {
		s->files = f->next;
		stream_unwatch(s, f);
	}
	while ((f = s->late)) {
		s->late = f->next;
		stream_unwatch(s, f);
	}
	reader_free(s->reader);
	free(s->folder);
	free(s->base);
	free(s->key);
	free(s);
}

bool
stream_path(const struct stream *s, const char *name, char *room, size_t n)
{
	int len = snprintf(room, n, "%s/%s", s->folder, name);

	return len > 0 && (size_t)len < n;
}

void
stream_trouble(struct stream *s, int error)
{
	const char *what = error == ELOOP
				   ? "is a symbolic link: name the file itself"
			   : error == EINVAL ? "is no regular file"
					     : strerrordesc_np(error);

	if (error == ENOENT || s->trouble == what) {
		s->trouble = error == ENOENT ? NULL : what;
		return;
	}
	s->trouble = what;
	log_line(LOG_LEVEL_WARN, "tail.trouble", "source=%s file=%s/%s: %s",
		s->shared->name, s->folder, s->base, what);
}

/* --- state of open sessions ----------------------------------------------- */

/* Lines between two offsets once more, for what they say about sessions;
 * their events have been counted. */
static void
warm_from(struct stream *s, const struct follow *f, int64_t from, int64_t to)
{
	struct disk_state st = { 0 };
	char *room = s->shared->room;
	int64_t n = disk_read_at(f->fd, room, (size_t)(to - from), from);
	struct str rest = { room, n > 0 ? (size_t)n : 0 }, line;
	struct events thrown_away;

	disk_look(f->fd, &st);
	if (from > 0) /* the first one may have lost its beginning */
		str_cut(rest, '\n', &line, &rest);
	while (str_cut(rest, '\n', &line, &rest)) {
		thrown_away.n = 0;
		if (line.n <= FOLLOW_LINE_MAX &&
			guard_enter(s->shared->guard, line)) {
			reader_feed(s->reader, line, st.mtime, &thrown_away);
			guard_leave(s->shared->guard);
		}
		s->shared->stats.warmed++;
	}
}

static void
warm(struct stream *s)
{
	struct follow *f = s->files, *before;
	int64_t have = f->offset < STREAM_WARM ? f->offset : STREAM_WARM;
	struct disk_state st;

	before = have < STREAM_WARM && !f->next
			 ? family_before(s->folder, s->base)
			 : NULL;
	if (before && disk_look(before->fd, &st) == 0) {
		int64_t more = STREAM_WARM - have;

		warm_from(s, before, st.size < more ? 0 : st.size - more,
			st.size);
	}
	follow_close(before);
	warm_from(s, f, f->offset - have, f->offset);
}

/* --- where to begin -------------------------------------------------------- */

static void
begin_new(struct stream *s, bool is_born)
{
	char path[4096];

	if (!stream_path(s, s->base, path, sizeof(path)))
		return;
	s->files = follow_open(path, NULL);
	if (!s->files) {
		s->is_unread = errno != ENOENT;
		stream_trouble(s, errno);
		return;
	}
	if (!is_born && !s->shared->is_from_beginning)
		follow_seek_end(s->files, s->shared->room);
}

static void
begin_known(struct stream *s, const struct log_position *p)
{
	struct family_found found;

	family_resume(s->folder, s->base, p, &found);
	s->files = found.files;
	if (found.is_lost || found.compressed) {
		s->shared->stats.lost += found.compressed + found.is_lost;
		log_line(LOG_LEVEL_WARN, "tail.lost",
			"source=%s file=%s/%s: %s while we were down; what "
			"stood there behind our position was not read",
			s->shared->name, s->folder, s->base,
			found.is_lost ? "the file was removed, compressed or "
					"rewritten"
				      : "a file was compressed");
	}
}

void
stream_begin(struct stream *s, bool is_born)
{
	struct log_position p;
	bool is_known = node_log_resume(s->shared->node, str_of(s->key), &p);

	if (!is_known || p.inode == 0)
		begin_new(s, is_born || is_known);
	else
		begin_known(s, &p);
	for (struct follow *f = s->files; f; f = f->next)
		stream_watch(s, f);
	if (s->files)
		warm(s);
	else if (!s->is_unread) /* once: nobody begins it again */
		log_line(LOG_LEVEL_WARN, "tail.absent",
			"source=%s file=%s/%s: there is none; waiting for it",
			s->shared->name, s->folder, s->base);
	if (!s->is_unread)
		stream_keep_position(s);
}
