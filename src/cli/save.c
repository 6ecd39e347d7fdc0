/* SPDX-License-Identifier: ISC */

#include "cli/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

static int
write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -1;
		s = str_from(s, n < 0 ? 0 : (size_t)n);
	}
	return fsync(fd);
}

int
save_file(const char *path, struct str s, struct err *err)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%s.new", path);
	int fd = open(buf_text(&b),
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = fd < 0 ? -1 : write_all(fd, s);

	if (fd >= 0 && close(fd) < 0)
		rc = -1;
	if (rc == 0 && rename(buf_text(&b), path) == 0)
		return 0;
	err_set(err, "%s: %s", rc ? buf_text(&b) : path, strerror(errno));
	if (fd >= 0)
		unlink(buf_text(&b));
	return -1;
}
