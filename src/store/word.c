/* SPDX-License-Identifier: ISC */
#include "store/word.h"

#include "store/sql.h"

int64_t
word_find(struct db *db, int64_t era, struct str text, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, EV_WORD_FIND, err);
	int64_t id = 0;
	int rc;

	if (!st)
		return -1;
	put_int(st, 1, era);
	put_str(st, 2, text);
	rc = db_step(db, st, err);
	if (rc > 0)
		id = get_int(st, 0);
	sqlite3_reset(st);
	return rc < 0 ? -1 : id;
}

static int64_t
word_add(struct db *db, int64_t era, struct str text, struct err *err)
{
	sqlite3_stmt *st = db_stmt(db, EV_WORD_ADD, err);

	if (!st)
		return -1;
	put_int(st, 1, era);
	put_str(st, 2, text);
	return db_run(db, st, err) ? -1 : sqlite3_last_insert_rowid(db->h);
}

int64_t
word_get(struct word_cache *c, struct db *db, int64_t era, struct str text,
	struct err *err)
{
	struct word_slot *slot;
	int64_t id;

	if (!text.n)
		return 0;
	if (era != c->era) {
		word_forget(c);
		c->era = era;
	}
	slot = &c->slots[hash_bytes(&c->key, text) % WORD_SLOTS];
	if (slot->n == text.n && memcmp(slot->text, text.p, text.n) == 0)
		return slot->id;
	id = word_find(db, era, text, err);
	if (id == 0)
		id = word_add(db, era, text, err);
	if (id > 0 && id <= UINT32_MAX && text.n <= WORD_CACHED_MAX) {
		slot->n = text.n;
		slot->id = (uint32_t)id;
		memcpy(slot->text, text.p, text.n);
	}
	return id;
}

void
word_forget(struct word_cache *c)
{
	memset(c->slots, 0, sizeof(c->slots));
}
