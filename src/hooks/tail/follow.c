/* SPDX-License-Identifier: ISC */

#include "hooks/tail/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"

/* Not a secret: it has to be the same after a restart, and whoever can
 * write a log's last 256 bytes at will needs no collision. */
static const struct hash_key mark_key = { 0x6272617474696365, 0x7461696c };

struct follow *
follow_open(const char *path, struct disk_state *ret)
{
	struct disk_state st;
	int fd = disk_open_log(path, &st);

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	struct follow *f = mem_alloc(1, sizeof(*f));

	f->fd = fd;
	f->watch = -1;
	f->device = st.device;
	f->inode = st.inode;
	if (ret)
		*ret = st;
	return f;
}

void
follow_close(struct follow *f)
{
	if (!f)
		return;
	close(f->fd);
	free(f);
}

/* Remember the bytes before the offset: the last ones of @seen, which is
 * what was read and not what may stand there by now. */
static void
mark_take(struct follow *f, struct str seen)
{
	f->mark_n = seen.n < FOLLOW_MARK_MAX ? (uint32_t)seen.n
					     : FOLLOW_MARK_MAX;
	if (f->mark_n)
		memmove(f->mark, seen.p + seen.n - f->mark_n, f->mark_n);
}

void
follow_seek_end(struct follow *f, char *room)
{
	struct disk_state st = { 0 };
	int64_t from, n;

	if (disk_look(f->fd, &st) < 0)
		return;
	from = st.size < FOLLOW_BLOCK ? 0 : st.size - FOLLOW_BLOCK;
	n = disk_read_at(f->fd, room, (size_t)(st.size - from), from);
	const char *end = n > 0 ? memrchr(room, '\n', (size_t)n) : NULL;

	/* Without any newline near the end a line is being written that is
	 * too long to matter: begin behind what is there of it. */
	if (!end && from)
		end = room + n - 1;
	n = end ? end + 1 - room : 0;
	f->offset = from + n;
	f->scanned = 0;
	mark_take(f, (struct str){ room, (size_t)n });
}

bool
follow_seek(struct follow *f, const struct log_position *p)
{
	bool is_same = f->inode == p->inode;

	if (!is_same && p->fingerprint_n < FOLLOW_MARK_MIN)
		return false;
	if (p->offset < p->fingerprint_n ||
		p->fingerprint_n > FOLLOW_MARK_MAX ||
		disk_read_at(f->fd, f->mark, p->fingerprint_n,
			p->offset - p->fingerprint_n) != p->fingerprint_n)
		return false;
	if (hash_bytes(&mark_key, (struct str){ f->mark, p->fingerprint_n }) !=
		p->fingerprint)
		return false;
	f->offset = p->offset;
	f->mark_n = p->fingerprint_n;
	f->scanned = 0;
	return true;
}

bool
follow_seek_like(struct follow *f, const struct follow *old, char *room)
{
	struct str rest = { room, 0 }, seen = { room, 0 };
	int64_t from = old->offset < FOLLOW_BLOCK ? 0
						  : old->offset - FOLLOW_BLOCK;
	int64_t n = disk_read_at(f->fd, room, FOLLOW_BLOCK, from);
	const struct str mark = { old->mark, old->mark_n };
	ptrdiff_t at;

	if (n <= 0 || mark.n < FOLLOW_MARK_MIN)
		return false;
	rest.n = (size_t)n;
	at = str_rfind(rest, mark);
	if (at < 0)
		return false;
	seen.n = (size_t)at + mark.n;
	f->offset = from + (int64_t)seen.n;
	mark_take(f, seen);
	return true;
}

/* The line began at the offset and no newline was seen up to @scanned. */
static void
read_on(struct follow *f, char *room, struct follow_block *ret)
{
	struct disk_state st;
	int64_t n = disk_read_at(f->fd, room, FOLLOW_BLOCK, f->scanned);
	const char *end = n > 0 ? memchr(room, '\n', (size_t)n) : NULL;

	if (n < 0 || disk_look(f->fd, &st) < 0) {
		ret->what = FOLLOW_FAILED;
	} else if (st.size < f->scanned) {
		ret->what = FOLLOW_CHANGED;
	} else if (!end) {
		f->scanned += n;
		ret->what = n ? FOLLOW_AGAIN : FOLLOW_NOTHING;
	} else {
		ret->consumed = f->scanned + (end + 1 - room) - f->offset;
		n = disk_read_at(f->fd, room, FOLLOW_LINE_MAX, f->offset);
		ret->what = n > 0 ? FOLLOW_LONG : FOLLOW_FAILED;
		ret->text = (struct str){ room, n > 0 ? (size_t)n : 0 };
		ret->has_more = true;
	}
}

/* A file that was cut under a writer who doesn't append begins with a hole:
 * NUL bytes at the beginning of a line are none of it. */
static struct str
holes_skip(struct follow *f, struct str data)
{
	size_t n = 0;

	while (n < data.n && data.p[n] == '\0')
		n++;
	if (n)
		follow_advance(f, (struct str){ data.p, n });
	return str_from(data, n);
}

void
follow_read(struct follow *f, char *room, struct follow_block *ret)
{
	*ret = (struct follow_block){ 0 };
	if (f->scanned) {
		read_on(f, room, ret);
		return;
	}
	size_t want = f->mark_n + FOLLOW_BLOCK;
	int64_t n = disk_read_at(f->fd, room, want, f->offset - f->mark_n);

	if (n < 0) {
		ret->what = FOLLOW_FAILED;
		return;
	}
	if (n < f->mark_n || memcmp(room, f->mark, f->mark_n) != 0) {
		ret->what = FOLLOW_CHANGED;
		return;
	}
	struct str data = { room + f->mark_n, (size_t)n - f->mark_n };
	size_t skipped = data.n;

	data = holes_skip(f, data);
	skipped -= data.n;
	const char *end = data.n ? memrchr(data.p, '\n', data.n) : NULL;

	ret->has_more = (size_t)n == want;
	if (end) {
		ret->what = FOLLOW_LINES;
		ret->text = (struct str){ data.p, (size_t)(end + 1 - data.p) };
	} else if (data.n > FOLLOW_LINE_MAX) {
		f->scanned = f->offset + (int64_t)data.n;
		ret->what = FOLLOW_AGAIN;
	} else if (skipped && ret->has_more) {
		ret->what = FOLLOW_AGAIN;
	}
}

void
follow_advance(struct follow *f, struct str done)
{
	mark_take(f, (struct str){ done.p - f->mark_n, f->mark_n + done.n });
	f->offset += (int64_t)done.n;
}

void
follow_skip(struct follow *f, int64_t n)
{
	char seen[FOLLOW_MARK_MAX];
	int64_t from;

	f->offset += n;
	f->scanned = 0;
	from = f->offset < FOLLOW_MARK_MAX ? 0 : f->offset - FOLLOW_MARK_MAX;
	n = disk_read_at(f->fd, seen, (size_t)(f->offset - from), from);
	/* None: the file was cut just now; the next read will find it so. */
	mark_take(f, (struct str){ seen, n < 0 ? 0 : (size_t)n });
}

void
follow_rewind(struct follow *f)
{
	f->offset = 0;
	f->scanned = 0;
	f->mark_n = 0;
}

struct log_position
follow_position(const struct follow *f)
{
	return (struct log_position){
		.device = f->device,
		.inode = f->inode,
		.offset = f->offset,
		.fingerprint = hash_bytes(
			&mark_key, (struct str){ f->mark, f->mark_n }),
		.fingerprint_n = f->mark_n,
	};
}
