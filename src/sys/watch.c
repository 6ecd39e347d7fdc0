/* SPDX-License-Identifier: ISC */

#include "sys/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static const struct {
	uint32_t bit;
	enum watch_what what;
} rows[] = {
	{ IN_Q_OVERFLOW, WATCH_OVERFLOW },
	{ IN_IGNORED, WATCH_ENDED },
	{ IN_MODIFY, WATCH_WRITTEN },
	{ IN_MOVED_FROM, WATCH_MOVED },
	{ IN_CREATE | IN_MOVED_TO, WATCH_APPEARED },
	{ IN_DELETE, WATCH_GONE },
};

static void
tell(struct watch *w, const struct inotify_event *e, const char *name)
{
	struct watch_event ev = {
		.id = e->wd, .cookie = e->cookie, .name = e->len ? name : ""
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		if (e->mask & rows[i].bit) {
			ev.what = rows[i].what;
			w->ops->event(w->ctx, &ev);
			return;
		}
}

bool
watch_pump(struct watch *w)
{
	char buf[16384] __attribute__((aligned(8)));
	ssize_t n = read(w->fd, buf, sizeof(buf));
	struct inotify_event e;

	if (n <= 0)
		return false;
	for (ssize_t at = 0; at < n; at += (ssize_t)(sizeof(e) + e.len)) {
		memcpy(&e, buf + at, sizeof(e));
		tell(w, &e, buf + at + sizeof(e));
	}
	return true;
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = CONTAINER_OF(poll, struct watch, poll);

	(void)status;
	(void)events;
	watch_pump(w);
	w->ops->settled(w->ctx);
}

int
watch_open(struct watch *w, uv_loop_t *loop, struct err *err)
{
	int rc;

	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0)
		return err_set(err,
			"cannot watch files: %s (see "
			"fs.inotify.max_user_instances)",
			strerror(errno));
	rc = uv_poll_init(loop, &w->poll, w->fd);
	if (rc == 0)
		rc = uv_poll_start(&w->poll, UV_READABLE, on_poll);
	if (rc == 0)
		return 0;
	close(w->fd);
	return err_set(err, "cannot watch files: %s", uv_strerror(rc));
}

int
watch_folder(struct watch *w, const char *path)
{
	int id = inotify_add_watch(w->fd, path,
		IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
			IN_ONLYDIR);

	return id < 0 ? -errno : id;
}

int
watch_file(struct watch *w, int fd)
{
	char path[32];

	/* By its descriptor: the name may be another file's by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int id = inotify_add_watch(w->fd, path, IN_MODIFY);

	return id < 0 ? -errno : id;
}

void
watch_remove(struct watch *w, int id)
{
	if (id >= 0)
		inotify_rm_watch(w->fd, id);
}

static void
on_closed(uv_handle_t *h)
{
	struct watch *w = CONTAINER_OF((uv_poll_t *)h, struct watch, poll);

	close(w->fd);
	w->ops->closed(w->ctx);
}

void
watch_close(struct watch *w)
{
	uv_poll_stop(&w->poll);
	uv_close((uv_handle_t *)&w->poll, on_closed);
}
