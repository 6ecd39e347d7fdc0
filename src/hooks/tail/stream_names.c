/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <string.h>

#include "hooks/tail/stream_inside.h"
#include "sys/log.h"

/* A name that appears is opened when the kernel has nothing more to tell:
 * until then it may have moved on, and moves are followed by cookie. */

static struct arrival *
arrival_named(struct stream *s, const char *name)
{
	for (unsigned i = 0; i < s->arrivals_n; i++)
		if (strcmp(s->arrivals[i].name, name) == 0)
			return &s->arrivals[i];
	return NULL;
}

static struct arrival *
arrival_moving(struct stream *s, uint32_t cookie)
{
	for (unsigned i = 0; cookie && i < s->arrivals_n; i++)
		if (!*s->arrivals[i].name && s->arrivals[i].cookie == cookie)
			return &s->arrivals[i];
	return NULL;
}

static void
arrival_lose(struct stream *s, struct arrival *a)
{
	struct arrival *end = s->arrivals + --s->arrivals_n;

	memmove(a, a + 1, (size_t)(end - a) * sizeof(*a));
	s->shared->stats.lost++;
	log_line(LOG_LEVEL_WARN, "tail.lost",
		"source=%s file=%s/%s: a file came and went before it was "
		"opened",
		s->shared->name, s->folder, s->base);
}

static void
on_appeared(struct stream *s, const struct watch_event *ev)
{
	struct arrival *a = arrival_named(s, ev->name);

	if (a) /* something else took its name: moved over, or told twice */
		arrival_lose(s, a);
	a = arrival_moving(s, ev->cookie);
	if (!a && strcmp(ev->name, s->base) != 0)
		return;
	if (!a && s->arrivals_n == ARRIVALS_MAX)
		arrival_lose(s, &s->arrivals[0]);
	if (!a)
		a = &s->arrivals[s->arrivals_n++];
	a->cookie = 0;
	strncpy(a->name, ev->name, sizeof(a->name) - 1);
	s->is_ready = true;
}

void
stream_on_name(struct stream *s, const struct watch_event *ev)
{
	struct arrival *a;

	if (ev->what == WATCH_APPEARED) {
		on_appeared(s, ev);
		return;
	}
	a = arrival_named(s, ev->name);
	if (a && ev->what == WATCH_GONE)
		arrival_lose(s, a);
	if (a && ev->what == WATCH_MOVED) {
		a->cookie = ev->cookie;
		*a->name = '\0';
	}
}

bool
stream_has_watch(const struct stream *s, int id)
{
	for (const struct follow *f = s->files; f; f = f->next)
		if (f->watch == id)
			return true;
	for (const struct follow *f = s->late; f; f = f->next)
		if (f->watch == id)
			return true;
	return false;
}

bool
stream_has_inode(const struct stream *s, const struct disk_state *st)
{
	for (const struct follow *f = s->files; f; f = f->next)
		if (f->inode == st->inode && f->device == st->device)
			return true;
	for (const struct follow *f = s->late; f; f = f->next)
		if (f->inode == st->inode && f->device == st->device)
			return true;
	return false;
}

/* An editor or a restored backup put the same log in the place of the one
 * that was read: go on in there. */
static bool
takes_over(struct stream *s, struct follow *f)
{
	struct follow *old = s->files;
	struct disk_state st;

	return old && !old->next && disk_look(old->fd, &st) == 0 &&
	       !st.is_linked && follow_seek_like(f, old, s->shared->room);
}

static void
file_add(struct stream *s, struct follow *f)
{
	struct follow **last = &s->files;
	unsigned n = 0;

	if (takes_over(s, f)) {
		stream_unwatch(s, s->files);
		s->files = NULL;
	}
	for (; *last; last = &(*last)->next)
		n++;
	if (n >= STREAM_QUEUE_MAX) {
		s->shared->stats.lost++;
		follow_close(f);
		return;
	}
	if (s->is_unread && !s->shared->is_from_beginning)
		follow_seek_end(f, s->shared->room);
	s->is_unread = false;
	*last = f;
	stream_watch(s, f);
	if (s->files == f)
		stream_keep_position(s);
}

/* Open all names that have appeared.  They are right if nothing more was
 * told meanwhile. */
static bool
open_all(struct stream *s, struct follow *ret[ARRIVALS_MAX], unsigned *ret_n)
{
	struct disk_state st;
	char path[4096];

	*ret_n = 0;
	for (unsigned i = 0; i < s->arrivals_n; i++) {
		struct follow *f;

		if (!*s->arrivals[i].name ||
			!stream_path(
				s, s->arrivals[i].name, path, sizeof(path)))
			continue;
		f = follow_open(path, &st);
		if (!f)
			stream_trouble(s, errno);
		else
			ret[(*ret_n)++] = f;
	}
	return !watch_pump(&s->shared->watch);
}

void
stream_arrive(struct stream *s)
{
	struct follow *found[ARRIVALS_MAX];
	struct disk_state st;
	unsigned n = 0;

	for (int tries = 0; s->arrivals_n && tries < 16; tries++) {
		if (open_all(s, found, &n))
			break;
		while (n && tries < 15)
			follow_close(found[--n]);
	}
	s->arrivals_n = 0;
	for (unsigned i = 0; i < n; i++)
		if (disk_look(found[i]->fd, &st) == 0 &&
			!stream_has_inode(s, &st))
			file_add(s, found[i]);
		else
			follow_close(found[i]);
}

void
stream_look(struct stream *s)
{
	struct disk_state st;
	char path[4096];
	int rc;

	if (!stream_path(s, s->base, path, sizeof(path)))
		return;
	rc = disk_look_path(path, &st);
	if (rc < 0)
		stream_trouble(s, -rc);
	else if (!stream_has_inode(s, &st) && !s->arrivals_n)
		stream_on_name(s, &(struct watch_event){ .what = WATCH_APPEARED,
					  .name = s->base });
	if (s->arrivals_n)
		stream_arrive(s);
	s->is_ready |= s->late || stream_lag(s) > 0;
}
