/* SPDX-License-Identifier: ISC */

#include "sys/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
disk_read(const char *path, size_t max, struct buf *ret, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t before = ret->n;
	ssize_t got = -1;

	if (fd < 0)
		return err_set(
			err, "cannot open %s: %s", path, strerror(errno));
	do {
		got = read(fd, buf_room(ret, 4096), 4096);
		if (got > 0)
			ret->n += (size_t)got;
	} while ((got > 0 && ret->n - before <= max) ||
		 (got < 0 && errno == EINTR));
	if (got < 0)
		err_set(err, "cannot read %s: %s", path, strerror(errno));
	close(fd);
	if (got > 0)
		err_set(err, "%s is too large: more than %zu bytes", path, max);
	if (got == 0)
		return 0;
	ret->n = before;
	return -1;
}

static int
state_of(const struct stat *st, struct disk_state *ret)
{
	if (!S_ISREG(st->st_mode))
		return S_ISLNK(st->st_mode) ? -ELOOP : -EINVAL;
	*ret = (struct disk_state){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim.tv_sec,
		.is_linked = st->st_nlink > 0,
	};
	return 0;
}

int
disk_open_log(const char *path, struct disk_state *ret)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	int fd = open(path,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	int rc = disk_look(fd, ret);

	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

int
disk_look(int fd, struct disk_state *ret)
{
	struct stat st;

	return fstat(fd, &st) < 0 ? -errno : state_of(&st, ret);
}

int
disk_look_path(const char *path, struct disk_state *ret)
{
	struct stat st;

	return lstat(path, &st) < 0 ? -errno : state_of(&st, ret);
}

int64_t
disk_read_at(int fd, void *to, size_t n, int64_t offset)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, (char *)to + have, n - have,
			offset + (int64_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (int64_t)have;
}

int
disk_list(const char *folder, disk_on_name *fn, void *ctx)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;

	if (!dir)
		return -errno;
	while ((e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			fn(ctx, e->d_name);
	closedir(dir);
	return 0;
}
