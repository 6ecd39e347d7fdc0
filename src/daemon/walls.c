/* SPDX-License-Identifier: ISC */

#include "daemon/walls.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sys/log.h"

struct walls {
	struct sandbox_path *paths;
	unsigned n;
	struct arena arena;
};

static void
add(struct walls *w, struct str path, enum sandbox_access access)
{
	w->paths[w->n++] = (struct sandbox_path){ arena_str(&w->arena, path).p,
		access };
}

/* The folder that a path lies in. */
static void
add_folder(struct walls *w, const char *path, enum sandbox_access access)
{
	const char *slash = strrchr(path, '/');

	add(w, slash ? (struct str){ path, (size_t)(slash - path) } : S("."),
		access);
}

/* Certificates are renewed by pointing a link at the next one. */
static void
add_linked(struct walls *w, const char *path)
{
	char *target = realpath(path, NULL);

	add_folder(w, path, SANDBOX_READ);
	if (target)
		add_folder(w, target, SANDBOX_READ);
	free(target);
}

static void
add_section(struct walls *w, const struct conf_section *s)
{
	for (size_t i = 0; i < s->listen_n; i++) {
		struct str path = str_of(s->listen[i]);

		if (str_take(&path, S("unix:")))
			add_folder(w, path.p, SANDBOX_BIND);
	}
	/* Of a log: whatever has the name next is in the same folder. */
	enum sandbox_access access = s->hook && s->hook->is_writing
					     ? SANDBOX_WRITE
					     : SANDBOX_READ;

	for (size_t i = 0; i < s->options_n; i++)
		if (strcmp(s->options[i].name, "file") == 0)
			add_folder(w, s->options[i].value, access);
		else if (strcmp(s->options[i].name, "certificate") == 0 ||
			 strcmp(s->options[i].name, "key") == 0)
			add_linked(w, s->options[i].value);
}

static void
walls_init(struct walls *w, const struct conf *c, const char *file)
{
	size_t n = 2;

	for (size_t i = 0; i < c->sections_n; i++)
		n += c->sections[i].listen_n + 2 * c->sections[i].options_n;
	*w = (struct walls){ .paths = mem_alloc(n, sizeof(*w->paths)) };
	add(w, str_of(c->state), SANDBOX_WRITE);
	if (file)
		add_folder(w, file, SANDBOX_READ);
	for (size_t i = 0; i < c->sections_n; i++)
		add_section(w, &c->sections[i]);
}

static void
walls_fini(struct walls *w)
{
	free(w->paths);
	arena_free(&w->arena);
}

void
walls_raise(const struct conf *c, enum sandbox_role role, const char *file)
{
	struct sandbox_plan plan = { .role = role };
	struct walls w;
	struct err err;

	if (strcmp(c->sandbox, "off") == 0)
		return;
	walls_init(&w, c, file);
	plan.mode = strcmp(c->sandbox, "log") == 0 ? SANDBOX_LOG : SANDBOX_KILL;
	plan.paths = w.paths;
	plan.paths_n = w.n;
	if (sandbox_enter(&plan, &err) != 0)
		log_line(LOG_LEVEL_WARN, "sandbox.partly", "%s", err.text);
	walls_fini(&w);
}

/* Is @p the same path as @by, or beneath it? */
static bool
is_within(const struct sandbox_path *p, const struct sandbox_path *by)
{
	struct str rest = str_of(p->path);

	return p->access == by->access && str_take(&rest, str_of(by->path)) &&
	       (rest.n == 0 || *rest.p == '/');
}

static bool
is_admitted(const struct walls *w, const struct sandbox_path *p)
{
	for (unsigned i = 0; i < w->n; i++)
		if (is_within(p, &w->paths[i]))
			return true;
	return false;
}

int
walls_admit(const struct conf *now, const struct conf *next, struct buf *errors)
{
	struct walls is, will;
	int rc = 0;

	if (strcmp(now->sandbox, next->sandbox) != 0) {
		buf_printf(errors, "sandbox: another value needs a restart\n");
		return -1;
	}
	if (strcmp(now->sandbox, "off") == 0)
		return 0;
	walls_init(&is, now, NULL);
	walls_init(&will, next, NULL);
	for (unsigned i = 0; i < will.n; i++) {
		if (is_admitted(&is, &will.paths[i]))
			continue;
		buf_printf(errors,
			"%s: this folder was not in the wiring at the start; "
			"the sandbox needs a restart to let it in\n",
			will.paths[i].path);
		rc = -1;
	}
	walls_fini(&is);
	walls_fini(&will);
	return rc;
}
