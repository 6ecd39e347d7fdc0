/* SPDX-License-Identifier: ISC */

#include "hooks/tail/family.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"

enum {
	MEMBERS_MAX = 256,
	NAME_ROOM = 4096,
};

/* How rotated files are named. */
enum shape {
	SHAPE_CURRENT, /* "mail.log" */
	SHAPE_COUNT,   /* "mail.log.1": a larger number is older */
	SHAPE_DATE,    /* "mail.log-20261124": a larger number is newer */
	SHAPE_OTHER,   /* "mail.log.old" */
};

struct member {
	char *name;
	enum shape shape;
	bool is_compressed;
	int64_t number;
	struct follow *file; /* while it is looked at */
};

struct family {
	const char *folder;
	struct str base;
	struct member list[MEMBERS_MAX];
	unsigned n;
};

static void
family_free(struct family *fam)
{
	for (unsigned i = 0; i < fam->n; i++) {
		follow_close(fam->list[i].file);
		free(fam->list[i].name);
	}
}

bool
family_cut_compression(struct str *name)
{
	static const char ends[][5] = { ".gz", ".xz", ".bz2", ".zst" };

	for (unsigned i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(*name, str_of(ends[i]))) {
			name->n -= strlen(ends[i]);
			return true;
		}
	return false;
}

static void
on_name(void *ctx, const char *name)
{
	struct family *fam = ctx;
	struct str rest = str_of(name);
	struct member m = { .shape = SHAPE_OTHER };

	if (fam->n == MEMBERS_MAX || !str_take(&rest, fam->base))
		return;
	m.is_compressed = family_cut_compression(&rest);
	if (rest.n == 0)
		m.shape = SHAPE_CURRENT;
	else if ((*rest.p == '.' || *rest.p == '-') &&
		 num_parse(str_from(rest, 1), 0, INT64_MAX, &m.number))
		m.shape = rest.n - 1 < 6 ? SHAPE_COUNT : SHAPE_DATE;
	m.name = mem_alloc(strlen(name) + 1, 1);
	memcpy(m.name, name, strlen(name) + 1);
	fam->list[fam->n++] = m;
}

/* Older ones first; the current one last. */
static int
by_age(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = x->number < y->number ? -1 : x->number > y->number;

	if (x->shape != y->shape)
		return x->shape == SHAPE_CURRENT   ? 1
		       : y->shape == SHAPE_CURRENT ? -1
		       : x->shape < y->shape	   ? -1
						   : 1;
	return x->shape == SHAPE_COUNT ? -order : order;
}

static void
family_list(struct family *fam, const char *folder, const char *base)
{
	fam->folder = folder;
	fam->base = str_of(base);
	fam->n = 0;
	if (disk_list(folder, on_name, fam) == 0)
		qsort(fam->list, fam->n, sizeof(fam->list[0]), by_age);
}

static struct follow *
member_open(struct family *fam, struct member *m)
{
	char path[NAME_ROOM];
	int n = snprintf(path, sizeof(path), "%s/%s", fam->folder, m->name);

	if (m->is_compressed || n < 0 || (size_t)n >= sizeof(path))
		return NULL;
	m->file = follow_open(path, NULL);
	return m->file;
}

static struct follow *
take_file(struct member *m)
{
	struct follow *f = m->file;

	m->file = NULL;
	return f;
}

/* How surely a member is the position's file: 0 not at all. */
static unsigned
likeness(const struct member *m, const struct log_position *p)
{
	return (m->file->inode == p->inode ? 4 : 2) +
	       (m->shape == SHAPE_CURRENT);
}

/* The member that holds the position, or MEMBERS_MAX. */
static unsigned
family_find(struct family *fam, const struct log_position *p)
{
	unsigned best = MEMBERS_MAX, best_likeness = 0;

	for (unsigned i = 0; i < fam->n; i++) {
		struct member *m = &fam->list[i];

		if (!member_open(fam, m) || !follow_seek(m->file, p))
			continue;
		if (likeness(m, p) > best_likeness) {
			best_likeness = likeness(m, p);
			best = i;
		}
	}
	return best;
}

/* Was @m written behind the member @from? */
static bool
is_later(const struct member *m, const struct member *from)
{
	return m->shape == SHAPE_CURRENT ||
	       (m->shape == from->shape && m->shape != SHAPE_OTHER);
}

/* The member @at and those written behind it.  Returns how many of them
 * can't be read. */
static unsigned
family_chain(
	struct family *fam, unsigned at, bool with_current, struct follow **ret)
{
	unsigned compressed = 0;

	for (unsigned i = at; i < fam->n; i++) {
		struct member *m = &fam->list[i];

		if (i != at && !is_later(m, &fam->list[at]))
			continue;
		if (m->shape == SHAPE_CURRENT && !with_current)
			continue;
		compressed += m->is_compressed;
		if (!m->file)
			continue;
		if (i != at)
			follow_rewind(m->file);
		*ret = take_file(m);
		ret = &(*ret)->next;
	}
	return compressed;
}

void
family_resume(const char *folder, const char *base,
	const struct log_position *p, struct family_found *ret)
{
	struct family fam;
	unsigned at;

	*ret = (struct family_found){ 0 };
	family_list(&fam, folder, base);
	at = family_find(&fam, p);
	ret->is_lost = at == MEMBERS_MAX;
	if (!ret->is_lost)
		ret->compressed = family_chain(&fam, at, true, &ret->files);
	else if (fam.n && fam.list[fam.n - 1].shape == SHAPE_CURRENT &&
		 fam.list[fam.n - 1].file) {
		ret->files = take_file(&fam.list[fam.n - 1]);
		follow_rewind(ret->files);
	}
	family_free(&fam);
}

struct follow *
family_copies(
	const char *folder, const char *base, const struct log_position *p)
{
	struct log_position elsewhere = *p;
	struct family fam;
	struct follow *files = NULL;

	elsewhere.inode = 0; /* by its bytes only */
	family_list(&fam, folder, base);
	unsigned at = family_find(&fam, &elsewhere);

	if (at != MEMBERS_MAX && fam.list[at].file->inode != p->inode)
		family_chain(&fam, at, false, &files);
	family_free(&fam);
	return files;
}

struct follow *
family_before(const char *folder, const char *base)
{
	struct family fam;
	struct follow *f = NULL;

	family_list(&fam, folder, base);
	for (unsigned i = fam.n; i-- > 0 && !f;) {
		struct member *m = &fam.list[i];

		if (m->shape == SHAPE_COUNT || m->shape == SHAPE_DATE)
			if (member_open(&fam, m))
				f = take_file(m);
	}
	family_free(&fam);
	return f;
}
