/* SPDX-License-Identifier: ISC */

#include "cli/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "sys/clock.h"

enum {
	BLOCK = 1 << 20, /* the longest line */
	READ = 1 << 17,	 /* at once: stays in the cache */
};

static int
fail(const struct lines *l, struct err *err)
{
	return err_set(err, "%s: %s", l->path, strerror(errno));
}

static const struct {
	const char *magic;
	const char *tool;
} compressions[] = {
	{ "\x1f\x8b", "zcat" },
	{ "\xfd"
	  "7zXZ",
		"xzcat" },
	{ "\x28\xb5\x2f\xfd", "zstdcat" },
};

/* Its bytes are no lines, and none of them would be understood. */
static int
check_compressed(const struct lines *l, struct err *err)
{
	char head[8];
	ssize_t n = pread(l->fd, head, sizeof(head), 0); /* -1: a pipe */
	struct str s = { head, n > 0 ? (size_t)n : 0 };

	for (size_t i = 0; i < ARRAY_LEN(compressions); i++)
		if (str_starts(s, str_of(compressions[i].magic)))
			return err_set(err,
				"%s: compressed; use %s %s | "
				"brattice replay - (or parse -)",
				l->path, compressions[i].tool, l->path);
	return 0;
}

int
lines_open(struct lines *l, const char *path, int64_t *ret_at, struct err *err)
{
	struct stat st;

	*l = (struct lines){ .path = path, .cap = BLOCK };
	if (strcmp(path, "-") == 0)
		l->fd = dup(STDIN_FILENO);
	else
		l->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (l->fd < 0)
		return fail(l, err);
	if (fstat(l->fd, &st) < 0 || S_ISDIR(st.st_mode)) {
		close(l->fd);
		return err_set(
			err, "%s: is a directory; expected a log file", path);
	}
	if (check_compressed(l, err) < 0) {
		close(l->fd);
		return -1;
	}
	*ret_at = S_ISREG(st.st_mode) ? st.st_mtime : clock_wall_s();
	l->p = mem_grow(
		NULL, BLOCK, 1); /* not zeroed: all of it is read into */
	return 0;
}

/* More bytes behind those that are left; 1, 0 at the end, or -1. */
static int
fill(struct lines *l, struct err *err)
{
	ssize_t n;

	if (l->is_over)
		return 0;
	if (l->start) {
		memmove(l->p, l->p + l->start, l->end - l->start);
		l->end -= l->start;
		l->start = 0;
	}
	size_t room = l->cap - l->end;
	do
		n = read(l->fd, l->p + l->end, room < READ ? room : READ);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(l, err);
	l->is_over = n == 0;
	l->end += (size_t)n;
	return n > 0;
}

static bool
find_line(struct lines *l, size_t looked, struct str *ret)
{
	const char *from = l->p + l->start;
	const char *nl = memchr(
		from + looked, '\n', l->end - l->start - looked);

	if (!nl)
		return false;
	*ret = (struct str){ from, (size_t)(nl - from) };
	l->start += ret->n + 1;
	return true;
}

enum piece {
	PIECE_LINE = 1, /* a line, or the end of one that was cut */
	PIECE_HEAD = 2, /* of a line that is longer than a block */
};

/* The next bytes up to a newline, a full block, or the end of the file. */
static int
next_piece(struct lines *l, struct str *ret, struct err *err)
{
	size_t looked = 0;

	while (!find_line(l, looked, ret)) {
		int rc = 0;

		looked = l->end - l->start;
		if (looked < l->cap)
			rc = fill(l, err);
		if (rc < 0)
			return -1;
		if (rc > 0)
			continue;
		*ret = (struct str){ l->p + l->start, looked };
		l->start = l->end;
		if (looked == l->cap)
			return PIECE_HEAD;
		return looked ? PIECE_LINE : 0;
	}
	return PIECE_LINE;
}

int
lines_next(struct lines *l, struct str *ret, struct err *err)
{
	for (;;) {
		int piece = next_piece(l, ret, err);
		bool was_cut = l->is_cut;

		if (piece <= 0)
			return piece;
		l->is_cut = piece == PIECE_HEAD;
		if (was_cut)
			continue;
		l->number++;
		return 1;
	}
}

void
lines_close(struct lines *l)
{
	if (l->p)
		close(l->fd);
	free(l->p);
	*l = (struct lines){ 0 };
}
