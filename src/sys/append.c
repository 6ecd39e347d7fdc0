/* SPDX-License-Identifier: ISC */

#include "sys/append.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
append_close(struct append *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

static int
open_file(struct append *a)
{
	struct stat st;

	/* O_NONBLOCK: opening a FIFO must not wait for its reader. */
	a->fd = open(a->path,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NOCTTY | O_NONBLOCK,
		0640);
	if (a->fd < 0 || fstat(a->fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	a->device = st.st_dev;
	a->inode = st.st_ino;
	a->opened++;
	return 0;
}

/* Be at the file that has the name now. */
static int
follow_name(struct append *a)
{
	struct stat st;

	if (a->fd >= 0 && lstat(a->path, &st) == 0 && st.st_dev == a->device &&
		st.st_ino == a->inode)
		return 0;
	append_close(a);
	return open_file(a);
}

/* Bytes that were written, fewer when the disk is full. */
static size_t
write_some(int fd, struct str s)
{
	size_t before = s.n;

	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		s = str_from(s, (size_t)n);
	}
	return before - s.n;
}

static uint64_t
count_lines(struct str s)
{
	struct str line;
	uint64_t n = 0;

	while (s.n) {
		str_cut(s, '\n', &line, &s);
		n++;
	}
	return n;
}

/* Of what was written, take the piece of a line at the end back. */
static size_t
drop_piece(int fd, struct str written)
{
	ptrdiff_t end = written.n ? str_rfind(written, S("\n")) + 1 : 0;
	off_t size = lseek(fd, 0, SEEK_END);
	off_t piece = (off_t)written.n - end;

	if (piece && size >= piece && ftruncate(fd, size - piece) < 0)
		return written.n; /* it stays: the next line goes on there */
	return (size_t)end;
}

int
append_write(
	struct append *a, struct str lines, uint64_t *ret_lost, struct err *err)
{
	int error = -follow_name(a);
	size_t done = 0;

	if (!error)
		done = write_some(a->fd, lines);
	if (!error && done == lines.n)
		return 0;
	if (!error) {
		error = errno;
		done = drop_piece(a->fd, (struct str){ lines.p, done });
	}
	append_close(a);
	*ret_lost = count_lines(str_from(lines, done));
	return err_set(err, "%s can't be written: %s", a->path,
		error == EINVAL ? "it is no regular file" : strerror(error));
}
