/* SPDX-License-Identifier: ISC */

#include "daemon/wiring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/web.h"
#include "sys/disk.h"

/* The engine reads what we read, even when the file is another by then. */
static int
memory_of(struct str text)
{
	int fd = memfd_create("brattice.conf", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -1;
	if (write(fd, text.p, text.n) != (ssize_t)text.n ||
		fcntl(fd, F_ADD_SEALS,
			F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE |
				F_SEAL_SEAL) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int
wiring_read(struct wiring *ret, const char *path, struct buf *errors)
{
	struct err err;

	ret->memory = -1;
	if (disk_read(path, CONF_SIZE_MAX, &ret->text, &err) < 0) {
		buf_printf(errors, "%s\n", err.text);
		return -1;
	}
	if (conf_parse(&ret->conf, path, buf_str(&ret->text), errors))
		return -1;
	ret->memory = memory_of(buf_str(&ret->text));
	if (ret->memory >= 0)
		return 0;
	buf_printf(errors, "cannot copy %s to memory: %s\n", path,
		strerror(errno));
	return -1;
}

int
wiring_check(const struct wiring *w, struct buf *errors)
{
	struct err err;
	int rc = 0;

	for (size_t i = 0; i < w->conf.sections_n; i++) {
		const struct conf_section *s = &w->conf.sections[i];

		if (web_check_files(s, &err) == 0)
			continue;
		buf_printf(errors, "line %u: %s\n", s->line, err.text);
		rc = -1;
	}
	return rc;
}

static int
socket_find(const struct wiring *w, const char *name)
{
	for (unsigned i = 0; w && i < w->fds_n; i++)
		if (strcmp(w->names[i], name) == 0)
			return w->fds[i];
	return -1;
}

static int
socket_open(const struct conf_section *s, const char *name,
	const struct wiring *old, struct err *err)
{
	struct listen_access access;
	int fd = socket_find(old, name);

	if (fd >= 0)
		return fd;
	return conf_access(s, &access, err) < 0
		       ? -1
		       : listen_bind(name, &access, err);
}

static int
section_bind(struct wiring *w, const struct conf_section *s,
	const struct wiring *old, struct err *err)
{
	for (size_t i = 0; i < s->listen_n; i++) {
		const char *name = s->listen[i];

		if (w->fds_n == WIRING_FDS_MAX)
			return err_set(err, "expected at most %d addresses",
				WIRING_FDS_MAX);
		if (socket_find(w, name) >= 0)
			return err_set(err, "%s: listened on already", name);
		w->fds[w->fds_n] = socket_open(s, name, old, err);
		if (w->fds[w->fds_n] < 0)
			return -1;
		w->names[w->fds_n++] = name;
	}
	return 0;
}

static void
sockets_close(struct wiring *w, const struct wiring *heir)
{
	for (unsigned i = 0; i < w->fds_n; i++)
		if (socket_find(heir, w->names[i]) != w->fds[i])
			close(w->fds[i]);
	w->fds_n = 0;
}

int
wiring_bind(struct wiring *w, const struct wiring *old, struct buf *errors)
{
	struct err err;

	for (size_t i = 0; i < w->conf.sections_n; i++) {
		const struct conf_section *s = &w->conf.sections[i];

		if (section_bind(w, s, old, &err) == 0)
			continue;
		buf_printf(errors, "line %u: %s\n", s->line, err.text);
		sockets_close(w, old);
		return -1;
	}
	return 0;
}

void
wiring_free(struct wiring *w, const struct wiring *heir)
{
	sockets_close(w, heir);
	if (w->memory >= 0)
		close(w->memory);
	w->memory = -1;
	conf_free(&w->conf);
	buf_free(&w->text);
}
