/* SPDX-License-Identifier: ISC */

#include "daemon/conf_check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/def.h"
#include "daemon/web.h"
#include "sys/privilege.h"

struct check {
	const struct conf *conf;
	const char *file;
	struct buf *errors;
	unsigned errors_n;
	struct buf warnings; /* stand behind the errors */
};

static PRINTF_LIKE(3, 4) void complain(
	struct check *k, unsigned line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(k->errors, "%s:%u: %s\n", k->file, line, text);
	k->errors_n++;
}

static PRINTF_LIKE(3, 4) void warn(
	struct check *k, unsigned line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(&k->warnings, "%s:%u: warning: %s\n", k->file, line, text);
}

static bool
is_there(const char *path)
{
	struct stat st;

	/* What we may not see may be there: whoever runs us may see less
	 * than the daemon. */
	return stat(path, &st) == 0 || errno == EACCES;
}

/* The folder that a path lies in. */
static const char *
folder_of(const char *path, char *room, size_t n)
{
	const char *slash = strrchr(path, '/');

	snprintf(room, n, "%.*s", slash ? (int)(slash - path) : 1,
		slash ? path : ".");
	return *room ? room : "/";
}

static void
check_top(struct check *k)
{
	const struct conf *c = k->conf;
	char room[1024];
	struct user user;
	struct err err;

	if (privilege_user(c->user, &user, &err) < 0)
		complain(k, conf_line(&c->lines, "user", 1), "user: %s",
			err.text);
	if (is_there(c->state) || is_there(folder_of(c->state, room, 1024)))
		return;
	complain(k, conf_line(&c->lines, "state", 1),
		"state: there is no folder %s to make %s in", room, c->state);
}

static bool
is_before(const struct conf *c, const struct conf_section *s, size_t n)
{
	for (const struct conf_section *o = c->sections; o <= s; o++)
		for (size_t i = 0; i < (o == s ? n : o->listen_n); i++)
			if (strcmp(o->listen[i], s->listen[n]) == 0)
				return true;
	return false;
}

static void
check_listener(struct check *k, const struct conf_section *s, size_t n)
{
	unsigned line = conf_line(&s->lines, "listen", s->line);
	struct str path = str_of(s->listen[n]);
	char room[1024];

	if (is_before(k->conf, s, n))
		complain(k, line, "listen: %s: listened on already",
			s->listen[n]);
	if (!str_take(&path, S("unix:")) ||
		is_there(folder_of(path.p, room, sizeof(room))))
		return;
	/* The service manager makes those as it starts us. */
	if (str_starts(path, S("/run/")))
		warn(k, line, "listen: there is no folder %s yet", room);
	else
		complain(k, line, "listen: there is no folder %s", room);
}

static void
check_file(struct check *k, const struct conf_section *s, const char *path)
{
	unsigned line = conf_line(&s->lines, "file", s->line);
	char room[1024];
	bool is_pattern = strpbrk(path, "*?[") != NULL;

	if (!is_there(folder_of(path, room, sizeof(room))))
		warn(k, line, "file: there is no folder %s yet",
			*room ? room : "/");
	else if (!s->hook->is_writing && !is_pattern && !is_there(path))
		warn(k, line, "file: there is no %s yet", path);
}

/* Only the daemon's own user may be allowed to read it. */
static void
check_certificate(struct check *k, const struct conf_section *s)
{
	unsigned line = conf_line(&s->lines, "certificate", s->line);
	struct err err;

	if (web_check_files(s, &err) == 0)
		return;
	if (strstr(err.text, strerror(EACCES)))
		warn(k, line, "certificate: %s", err.text);
	else
		complain(k, line, "certificate: %s", err.text);
}

static void
check_section(struct check *k, const struct conf_section *s)
{
	struct listen_access access;
	struct err err;

	if (conf_access(s, &access, &err) < 0)
		complain(k, conf_line(&s->lines, "group", s->line), "group: %s",
			err.text);
	for (size_t i = 0; i < s->listen_n; i++)
		check_listener(k, s, i);
	for (size_t i = 0; i < s->options_n; i++)
		if (strcmp(s->options[i].name, "file") == 0)
			check_file(k, s, s->options[i].value);
	check_certificate(k, s);
}

unsigned
conf_check(const struct conf *c, const char *file, struct buf *errors)
{
	struct check k = { c, file, errors, 0, { 0 } };
	bool has_control = false;

	check_top(&k);
	for (size_t i = 0; i < c->sections_n; i++) {
		has_control |= c->sections[i].hook == NULL;
		check_section(&k, &c->sections[i]);
	}
	if (!has_control)
		complain(&k, 1,
			"there is no section control, without which "
			"the command line can't reach the daemon");
	buf_add(errors, buf_str(&k.warnings));
	buf_free(&k.warnings);
	return k.errors_n;
}
