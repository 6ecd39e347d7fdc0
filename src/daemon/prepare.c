/* SPDX-License-Identifier: ISC */

#include "daemon/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/listen.h"
#include "sys/log.h"
#include "sys/privilege.h"

/* The state's folder, which one monitor only may use. */
static int
state_take(const char *folder, const struct user *owner, struct err *err)
{
	struct buf path = { 0 };
	int fd;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return err_set(err, "cannot make the folder %s: %s", folder,
			strerror(errno));
	if (owner && chown(folder, owner->uid, owner->gid) < 0)
		return err_set(err, "cannot give %s to its user: %s", folder,
			strerror(errno));
	buf_printf(&path, "%s/lock", folder);
	fd = open(buf_text(&path),
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (fd < 0)
		err_set(err, "cannot open %s: %s", buf_text(&path),
			strerror(errno));
	else if (owner && fchown(fd, owner->uid, owner->gid) < 0)
		err_set(err, "cannot give %s to its user: %s", buf_text(&path),
			strerror(errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return buf_free(&path), 0; /* held until we end */
	else
		err_set(err, "%s: another bratticed uses this folder", folder);
	buf_free(&path);
	if (fd >= 0)
		close(fd);
	return -1;
}

int
prepare_all(struct wiring *w, struct buf *errors)
{
	const struct conf *c = &w->conf;
	bool is_root = geteuid() == 0;
	struct user user;
	struct err err = { { 0 } };

	umask(077);
	if ((is_root && privilege_user(c->user, &user, &err) < 0) ||
		state_take(c->state, is_root ? &user : NULL, &err) < 0) {
		buf_printf(errors, "%s\n", err.text);
		return -1;
	}
	if (wiring_bind(w, NULL, errors) < 0)
		return -1;
	unsigned spare = listen_inherited_end();
	if (spare)
		log_line(LOG_LEVEL_WARN, "sockets.spare",
			"n=%u: the service manager has bound what the wiring "
			"does not name; closed",
			spare);
	if (is_root && privilege_drop(&user, c->user, &err) < 0) {
		buf_printf(errors, "%s\n", err.text);
		return -1;
	}
	privilege_seal();
	return 0;
}
