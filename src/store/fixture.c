/* SPDX-License-Identifier: ISC */
#include "store/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

const char *
fixture_path(const struct fixture *f, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", f->folder, name);
	return path;
}

struct store *
fixture_open(struct fixture *f)
{
	struct store_config c = { .folder = f->folder, .now = AT };

	f->store = store_open(&c, &f->opened, &f->err);
	return f->store;
}

int
fixture_make(void **state)
{
	struct fixture *f = mem_alloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "store_test.XXXXXX");
	if (!mkdtemp(f->folder) || !fixture_open(f))
		fail_msg("%s", f->err.text);
	*state = f;
	return 0;
}

int
fixture_drop(void **state)
{
	struct fixture *f = *state;
	DIR *d = opendir(f->folder);
	const struct dirent *e;

	store_close(f->store);
	while (d && (e = readdir(d)))
		unlink(fixture_path(f, e->d_name));
	if (d)
		closedir(d);
	rmdir(f->folder);
	free(f);
	return 0;
}

void
fixture_reopen(struct fixture *f)
{
	store_close(f->store);
	if (!fixture_open(f))
		fail_msg("%s", f->err.text);
}

struct store_event
fixture_event(uint64_t id, const char *addr)
{
	struct store_event e = {
		.id = id,
		.event = {
			.kind = EVENT_AUTH_FAILURE,
			.time = AT + (int64_t)id,
			.count = 1,
			.source = S("postfix-log"),
			.service = S("smtp"),
		},
		.kind = EVENT_AUTH_FAILURE,
		.count = 1,
		.points = 50,
	};

	assert_true(addr_parse(str_of(addr), &e.event.addr));
	return e;
}

struct prefix
fixture_prefix(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(str_of(text), &p, NULL));
	return p;
}

struct store_block
fixture_block(uint64_t id, const char *prefix)
{
	struct prefix p = fixture_prefix(prefix);
	struct store_block b = { .block = {
					 .id = id,
					 .prefix = p,
					 .cause_addr = p.addr,
					 .from = AT,
					 .until = AT + 3600,
					 .origin = ORIGIN_AUTOMATIC,
					 .component = COMPONENT_SMTP,
					 .score = 1000,
					 .threshold = 1000,
				 } };

	return b;
}

void
fixture_ok(struct fixture *f, int rc)
{
	if (rc)
		fail_msg("%s", f->err.text);
}

void
fixture_add(struct fixture *f, const struct store_event *e)
{
	fixture_ok(f, store_add_event(f->store, e, &f->err));
}

static void
note_text(struct found *found, struct str s)
{
	size_t n = strlen(found->text);

	snprintf(found->text + n, sizeof(found->text) - n, "%.*s|", (int)s.n,
		s.n ? s.p : "");
}

static int
on_found(void *ctx, const struct store_event *e)
{
	const struct event *ev = &e->event;
	struct found *found = ctx;

	if (found->n < FOUND_MAX)
		found->ids[found->n] = e->id;
	found->n++;
	found->last = *e;
	found->text[0] = '\0';
	note_text(found, ev->source);
	note_text(found, ev->service);
	note_text(found, ev->account);
	note_text(found, ev->session);
	note_text(found, ev->helo);
	note_text(found, ev->detail);
	return 0;
}

struct found
fixture_find(struct fixture *f, struct store_query q)
{
	struct store_reader *r = store_reader_open(f->folder, &f->err);
	struct found found = { .n = 0 };

	assert_non_null(r);
	fixture_ok(f, store_find_events(r, &q, on_found, &found, &f->err));
	store_reader_close(r);
	return found;
}
