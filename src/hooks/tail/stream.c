/* SPDX-License-Identifier: ISC */

#include "hooks/tail/stream.h"

#include <errno.h>
#include <string.h>

#include "hooks/tail/stream_inside.h"
#include "sys/clock.h"
#include "sys/guard.h"
#include "sys/log.h"

/* --- lines ------------------------------------------------------------- */

static void
count_reading(struct tail_stats *st, enum reading reading)
{
	st->unknown += reading == READING_UNKNOWN;
	st->ambiguous += reading == READING_AMBIGUOUS;
	st->foreign += reading == READING_FOREIGN;
}

static void
feed_line(struct stream *s, struct str line, int64_t arrival)
{
	struct tail_stats *st = &s->shared->stats;
	struct events events;

	while (line.n && *line.p == '\0') /* the rest of a hole */
		line = str_from(line, 1);
	if (line.n > FOLLOW_LINE_MAX) {
		line.n = FOLLOW_LINE_MAX;
		st->cut++;
	}
	st->lines++;
	if (!guard_enter(s->shared->guard, line)) {
		st->aside++;
		return;
	}
	events.n = 0;
	count_reading(st, reader_feed(s->reader, line, arrival, &events));
	for (unsigned i = 0; i < events.n; i++)
		node_report(s->shared->node, &events.list[i]);
	st->events += events.n;
	guard_leave(s->shared->guard);
}

/* At most STREAM_LINES of @text.  Returns those that were fed. */
static struct str
feed_lines(struct stream *s, struct str text, int64_t arrival)
{
	struct str rest = text, line;

	for (unsigned i = 0; i < STREAM_LINES && rest.n; i++) {
		str_cut(rest, '\n', &line, &rest);
		feed_line(s, line, arrival);
	}
	return (struct str){ text.p, text.n - rest.n };
}

/* When lines of a file arrived: now, or long ago. */
static int64_t
arrival_of(const struct stream *s, const struct follow *f)
{
	struct disk_state st;
	int64_t now = node_now(s->shared->node);

	if (!f->next || disk_look(f->fd, &st) < 0)
		return now;
	return st.mtime < now ? st.mtime : now;
}

/* Deal with what was read.  Returns true when something was. */
static bool
block_take(struct stream *s, struct follow *f, struct follow_block *b)
{
	struct tail_stats *st = &s->shared->stats;

	if (b->what == FOLLOW_LINES) {
		struct str done = feed_lines(s, b->text, arrival_of(s, f));

		b->has_more |= done.n < b->text.n;
		follow_advance(f, done);
		st->bytes += done.n;
		return true;
	}
	if (b->what == FOLLOW_LONG) {
		st->cut++;
		st->bytes += (uint64_t)b->consumed;
		feed_line(s, b->text, arrival_of(s, f));
		follow_skip(f, b->consumed);
		return true;
	}
	return false;
}

/* --- positions ---------------------------------------------------------- */

void
stream_keep_position(struct stream *s)
{
	struct log_position p = { 0 }; /* known, but no file yet */

	if (s->files)
		p = follow_position(s->files);
	node_log_position(s->shared->node, str_of(s->key), &p);
}

/* --- files --------------------------------------------------------------- */

void
stream_watch(struct stream *s, struct follow *f)
{
	f->watch = watch_file(&s->shared->watch, f->fd);
	s->is_ready = true;
	s->trouble = NULL;
}

void
stream_unwatch(struct stream *s, struct follow *f)
{
	watch_remove(&s->shared->watch, f->watch);
	follow_close(f);
}

/* Has any of these files a byte?  One may have been left empty. */
static bool
has_bytes(const struct follow *f)
{
	struct disk_state st;

	for (; f; f = f->next)
		if (disk_look(f->fd, &st) == 0 && st.size > 0)
			return true;
	return false;
}

/* A file that was left goes; what stands at its end was never whole. */
static void
late_close(struct stream *s, struct follow *f)
{
	struct disk_state st;

	if (disk_look(f->fd, &st) == 0 && st.size > f->offset)
		s->shared->stats.partial++;
	stream_unwatch(s, f);
}

/* Close the file that was left longest ago when there are too many. */
static void
late_limit(struct stream *s, unsigned max)
{
	struct follow **at = &s->late;

	for (unsigned n = 0; *at; n++) {
		if (n < max) {
			at = &(*at)->next;
			continue;
		}
		struct follow *f = *at;

		*at = f->next;
		late_close(s, f);
	}
}

/* The first file is read to its end and the next one has lines. */
static void
file_leave(struct stream *s)
{
	struct follow *f = s->files;

	s->files = f->next;
	f->next = s->late;
	f->quiet_since_ns = clock_mono_ns();
	s->late = f;
	late_limit(s, STREAM_LATE_MAX);
	s->shared->stats.rotations++;
	stream_keep_position(s);
}

/* The file was cut or rewritten: what stood behind the position may be in
 * a copy; the file itself begins anew. */
static void
file_restart(struct stream *s, struct follow *f)
{
	struct log_position p = follow_position(f);
	struct follow *copy = NULL, **last = &copy;

	if (p.fingerprint_n >= FOLLOW_MARK_MIN)
		copy = family_copies(s->folder, s->base, &p);
	s->shared->stats.cuts++;
	if (!copy)
		log_line(LOG_LEVEL_NOTICE, "tail.cut",
			"source=%s file=%s/%s offset=%lld: the file was cut "
			"or rewritten; reading it from its beginning",
			s->shared->name, s->folder, s->base,
			(long long)p.offset);
	follow_rewind(f);
	for (; *last; last = &(*last)->next)
		stream_watch(s, *last);
	*last = s->files;
	s->files = copy;
	stream_keep_position(s);
}

/* --- turns ---------------------------------------------------------------- */

/* Files that were left: read what slow writers add, let them go when there
 * was silence.  Returns true when there may be more. */
static bool
late_turn(struct stream *s)
{
	int64_t now_ns = clock_mono_ns();
	struct follow **at = &s->late;
	bool has_more = false;

	while (*at) {
		struct follow *f = *at;
		struct follow_block b;

		follow_read(f, s->shared->room, &b);
		if (block_take(s, f, &b)) {
			f->quiet_since_ns = now_ns;
			has_more |= b.has_more;
		}
		if (now_ns - f->quiet_since_ns <
			STREAM_LATE_S * INT64_C(1000000000)) {
			at = &f->next;
			continue;
		}
		*at = f->next;
		late_close(s, f);
	}
	return has_more;
}

bool
stream_turn(struct stream *s)
{
	struct follow *f = s->files;
	struct follow_block b;
	bool has_next, has_late = s->late && late_turn(s);

	if (!f)
		return has_late;
	/* Before reading: a line written to this file before the next one
	 * had any is there by now. */
	has_next = has_bytes(f->next);
	follow_read(f, s->shared->room, &b);
	if (block_take(s, f, &b)) {
		stream_keep_position(s);
		return b.has_more || has_next || has_late;
	}
	switch (b.what) {
	case FOLLOW_CHANGED: file_restart(s, f); return true;
	case FOLLOW_AGAIN: return true;
	case FOLLOW_FAILED: s->trouble = "cannot be read"; break;
	default: break;
	}
	if (has_next)
		file_leave(s);
	return has_next || has_late;
}

int64_t
stream_lag(const struct stream *s)
{
	struct disk_state st;
	int64_t lag = 0;

	for (const struct follow *f = s->files; f; f = f->next)
		if (disk_look(f->fd, &st) == 0 && st.size > f->offset)
			lag += st.size - f->offset;
	return lag;
}
