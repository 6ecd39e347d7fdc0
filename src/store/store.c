/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/filter.h"
#include "store/parts.h"
#include "sys/disk.h"
#include "sys/secret.h"

enum {
	HEAP_MAX = 256 << 20, /* of SQLite, whatever it is asked [bytes] */
	ROOM_MIN = 1 << 20,   /* less is a full file system [bytes] */
};

/* File systems without reliable locks. */
static const long networks[] = { NFS_SUPER_MAGIC, 0xff534d42 /* CIFS */,
	0xfe534d42 /* SMB2 */, SMB_SUPER_MAGIC };

static int
check_folder(struct store *s, const char *folder, struct err *err)
{
	char *path = realpath(folder, NULL);
	struct statvfs room;
	struct statfs fs;

	if (!path || strlen(path) >= sizeof(s->folder)) {
		free(path);
		return err_set(err, "the state folder %s can't be used: %s",
			folder, strerror(path ? ENAMETOOLONG : errno));
	}
	memcpy(s->folder, path, strlen(path) + 1);
	free(path);
	if (statfs(s->folder, &fs) || statvfs(s->folder, &room))
		return err_set(err, "the state folder %s can't be used: %s",
			s->folder, strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(networks); i++)
		if ((long)fs.f_type == networks[i])
			return err_set(err,
				"the state folder %s is on a network file "
				"system, which can't lock files reliably; "
				"move it to a local disk",
				s->folder);
	/* On a full file system the shared index of a WAL can be a hole:
	 * touching it is SIGBUS.  Exclusive mode keeps it in memory. */
	s->is_exclusive = room.f_bavail * room.f_frsize < ROOM_MIN ||
			  room.f_bsize < DB_PAGE_BYTES;
	return 0;
}

static void
move_file(const struct store *s, const char *suffix)
{
	char from[DB_PATH_MAX + 32], to[DB_PATH_MAX + 32];

	snprintf(from, sizeof(from), "%s/events.db%s", s->folder, suffix);
	snprintf(to, sizeof(to), "%s/events.db.corrupt%s", s->folder, suffix);
	/* One copy at most: an older one goes. */
	unlink(to);
	(void)rename(from, to);
}

static void
move_events_aside(const struct store *s)
{
	char shm[DB_PATH_MAX + 32];

	snprintf(shm, sizeof(shm), "%s/events.db-shm", s->folder);
	unlink(shm);
	move_file(s, "-wal");
	move_file(s, "");
}

static int
set_key(struct store *s, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_KEY_SET, err);

	if (!st)
		return -1;
	put_str(st, 1, (struct str){ (void *)&s->key, sizeof(s->key) });
	return db_run(&s->events, st, err);
}

/* The key is as old as the file, because identities in it are its
 * hashes; a file without one gets @s->key. */
static int
find_key(struct store *s, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->events, EV_KEY_GET, err);
	int rc = st ? db_step(&s->events, st, err) : -1;
	struct str key;

	if (rc < 0)
		return -1;
	key = rc ? get_str(st, 0) : S("");
	if (key.n == sizeof(s->key))
		memcpy(&s->key, key.p, key.n);
	sqlite3_reset(st);
	return key.n == sizeof(s->key) ? 0 : set_key(s, err);
}

/* A look at both ends of every large table: cheap at any size. */
static int
probe_events(struct store *s, struct err *err)
{
	int64_t ignored;

	if (db_int(&s->events, EV_FIRST, &ignored, err) ||
		db_int(&s->events, EV_LAST, &ignored, err))
		return -1;
	return find_key(s, err);
}

static int
open_events(struct store *s, struct err *err)
{
	if (db_open(&s->events, &events_type, s->folder,
		    s->is_exclusive ? DB_WRITE_EXCLUSIVE : DB_WRITE, err))
		return -1;
	if (probe_events(s, err) == 0)
		return 0;
	db_close(&s->events);
	return -1;
}

static int
replace_events(struct store *s, struct err *err)
{
	db_close(&s->events);
	move_events_aside(s);
	s->events = (struct db){ 0 };
	return open_events(s, err);
}

static int
open_or_replace_events(
	struct store *s, struct store_opened *ret, struct err *err)
{
	if (open_events(s, err) == 0)
		return 0;
	if (!s->events.is_corrupt || s->events.is_foreign)
		return -1;
	ret->events_moved = true;
	snprintf(ret->notice, sizeof(ret->notice),
		"the event log was corrupt and has been moved to "
		"events.db.corrupt; a new one was begun, block list and "
		"settings are not affected");
	return replace_events(s, err);
}

int
store_meta(struct store *s, struct str name, uint64_t *ret, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_META_GET, err);
	int rc;

	if (!st)
		return -1;
	sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
	rc = db_step(&s->control, st, err);
	*ret = rc > 0 ? (uint64_t)get_int(st, 0) : 0;
	sqlite3_reset(st);
	return rc < 0 ? -1 : 0;
}

/* A number that a block names must not be given again, even when the
 * event log was lost. */
int
store_numbers(struct store *s, struct store_opened *ret, struct err *err)
{
	int64_t last;

	if (store_meta(s, S("last_block"), &ret->last_block, err) ||
		store_meta(s, S("last_event"), &ret->last_event, err) ||
		db_int(&s->events, EV_LAST, &last, err))
		return -1;
	if ((uint64_t)last > ret->last_event)
		ret->last_event = (uint64_t)last;
	return 0;
}

static int
open_files(struct store *s, const char *folder, struct store_opened *ret,
	struct err *err)
{
	secret_fill(&s->key, sizeof(s->key));
	secret_fill(&s->words.key, sizeof(s->words.key));
	if (check_folder(s, folder, err) ||
		db_open(&s->control, &control_type, s->folder,
			DB_WRITE_EXCLUSIVE, err) ||
		block_functions(&s->control, err) ||
		filter_functions(&s->control, err) ||
		open_or_replace_events(s, ret, err))
		return -1;
	ret->is_new = s->control.is_new;
	ret->key = s->key;
	return store_numbers(s, ret, err);
}

struct store *
store_open(const struct store_config *config, struct store_opened *ret,
	struct err *err)
{
	struct store *s = mem_alloc(1, sizeof(*s));
	struct store_opened opened = { .is_new = false };

	sqlite3_hard_heap_limit64(HEAP_MAX);
	if (open_files(s, config->folder, &opened, err) == 0) {
		*ret = opened;
		return s;
	}
	db_close(&s->events);
	db_close(&s->control);
	free(s);
	return NULL;
}

struct store *
store_open_lists(const struct store_config *config, struct store_opened *ret,
	struct err *err)
{
	struct store *s = mem_alloc(1, sizeof(*s));
	struct store_opened opened = { .is_new = false };

	sqlite3_hard_heap_limit64(HEAP_MAX);
	secret_fill(&opened.key, sizeof(opened.key));
	if (check_folder(s, config->folder, err) == 0 &&
		db_open(&s->control, &control_type, s->folder,
			DB_READ_EXCLUSIVE, err) == 0 &&
		store_meta(s, S("last_block"), &opened.last_block, err) == 0) {
		*ret = opened;
		return s;
	}
	db_close(&s->control);
	free(s);
	return NULL;
}

int
store_raise(struct store *s, struct str name, uint64_t value, struct err *err)
{
	sqlite3_stmt *st = db_stmt(&s->control, CT_META_RAISE, err);

	if (!st)
		return -1;
	sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
	put_int(st, 2, (int64_t)value);
	return db_run(&s->control, st, err);
}

int
store_undo(struct store *s)
{
	db_rollback(&s->events);
	db_rollback(&s->control);
	word_forget(&s->words);
	s->era.is_changed = false;
	return -1;
}

int
store_commit(struct store *s, struct err *err)
{
	if (event_flush(s, err) == 0 && db_commit(&s->events, err) == 0 &&
		db_commit(&s->control, err) == 0)
		return 0;
	return store_undo(s);
}

bool
store_is_broken(const struct store *s)
{
	return s->events.is_corrupt || !s->events.h;
}

int
store_reset_events(struct store *s, struct err *err)
{
	store_undo(s);
	/* Moved aside already, and no new one could be made then. */
	if (!s->events.h)
		return open_events(s, err);
	return replace_events(s, err);
}

void
store_close(struct store *s)
{
	struct err ignored;

	if (!s)
		return;
	(void)store_commit(s, &ignored);
	db_close(&s->events);
	db_close(&s->control);
	free(s);
}

static int64_t
size_of(const struct db *db)
{
	static const char *const parts[] = { "", "-wal" };
	char path[DB_PATH_MAX + 8];
	struct disk_state st;
	int64_t n = 0;

	for (size_t i = 0; db->h && i < ARRAY_LEN(parts); i++) {
		snprintf(path, sizeof(path), "%s%s", db->path, parts[i]);
		if (disk_look_path(path, &st) == 0)
			n += st.size;
	}
	return n;
}

void
store_sizes(const struct store *s, struct store_sizes *ret)
{
	ret->control = size_of(&s->control);
	ret->events = size_of(&s->events);
}
