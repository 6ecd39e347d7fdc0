/* SPDX-License-Identifier: ISC */

#include "cli/doctor/system.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/command.h"

enum {
	ROOM_BAD = 64 << 20, /* free bytes of the state's disk */
	ROOM_FEW = 512 << 20,
	GROUPS_MAX = 64,
};

/* --- the wiring --------------------------------------------------------------- */

static struct str
first_line(const struct buf *b)
{
	struct str line, rest;

	str_cut(buf_str(b), '\n', &line, &rest);
	return line;
}

/* Beside this program, as in a build folder, or where it is installed. */
static bool
find_daemon(struct buf *ret)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	struct str path = { self, n > 0 ? (size_t)n : 0 };

	if (str_ends(path, S("/brattice"))) {
		buf_add(ret, path);
		buf_addc(ret, 'd');
		if (access(buf_text(ret), X_OK) == 0)
			return true;
		ret->n = 0;
	}
	return command_find("bratticed", ret);
}

void
check_wiring(struct findings *f, const char *config, struct buf *ret)
{
	struct buf path CLEANUP(buf_free) = { 0 };
	struct buf said CLEANUP(buf_free) = { 0 };
	const char *argv[] = { NULL, "--config", config, "--check", NULL };
	struct err err;

	if (!find_daemon(&path)) {
		finding_add(f, FINDING_WARNING, "wiring",
			"bratticed is not installed: the wiring can't be read");
		return;
	}
	argv[0] = buf_text(&path);
	int rc = command_run(argv, &said, &err);
	if (rc < 0) {
		finding_add(f, FINDING_BAD, "wiring", "%s", err.text);
	} else if (rc > 0) {
		struct str line = first_line(&said);

		finding_add(f, FINDING_BAD, "wiring", "%.*s", (int)line.n,
			line.p ? line.p : "");
	} else {
		finding_add(f, FINDING_GOOD, "wiring", "%s is right", config);
	}
	argv[3] = "--print";
	if (command_run(argv, ret, &err) != 0)
		ret->n = 0;
}

/* --- rights ------------------------------------------------------------------------ */

/* May a user do what a bit (4 read, 2 write) stands for? */
static bool
may(const struct passwd *p, const struct stat *st, unsigned bit)
{
	gid_t groups[GROUPS_MAX];
	int n = GROUPS_MAX;

	if (p->pw_uid == 0)
		return true;
	if (p->pw_uid == st->st_uid)
		return st->st_mode & bit << 6;
	if (getgrouplist(p->pw_name, p->pw_gid, groups, &n) < 0)
		n = 0;
	for (int i = 0; i < n; i++) {
		if (groups[i] == st->st_gid)
			return st->st_mode & bit << 3;
	}
	return st->st_mode & bit;
}

/* Who asks on a hook's Unix sockets. */
static const struct {
	const char *hook, *user;
} askers[] = {
	{ "policy", "postfix" },
	{ "dovecot", "dovecot" },
};

static const struct passwd *
asker_of(struct str hook)
{
	for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
		if (str_eq(hook, str_of(askers[i].hook)))
			return getpwnam(askers[i].user);
	}
	return NULL;
}

static void
check_socket(struct findings *f, struct str hook, const char *path)
{
	const struct passwd *asker = asker_of(hook);
	struct stat st;

	if (stat(path, &st) < 0) {
		enum finding_level level = errno == EACCES ? FINDING_WARNING
							   : FINDING_BAD;

		finding_add(
			f, level, "sockets", "%s: %s", path, strerror(errno));
		if (level == FINDING_BAD)
			finding_paste(
				f, INTO_SHELL, "systemctl restart brattice");
	} else if (!S_ISSOCK(st.st_mode)) {
		finding_add(f, FINDING_BAD, "sockets", "%s is no socket", path);
	} else if (asker && !may(asker, &st, 2)) {
		finding_add(f, FINDING_BAD, "sockets",
			"%s: the user %s may not ask there", path,
			asker->pw_name);
		finding_paste(
			f, INTO_SECTION, "group = \"%s\"", asker->pw_name);
	} else if (st.st_mode & 2) {
		finding_add(f, FINDING_WARNING, "sockets",
			"%s: everybody on this machine may ask there", path);
		finding_paste(f, INTO_SECTION, "mode = 0660");
	} else {
		finding_add(f, FINDING_GOOD, "sockets", "%s is there", path);
	}
}

void
check_sockets(struct findings *f, struct str wiring)
{
	struct str line, hook, key;

	while (wiring.n) {
		struct buf path CLEANUP(buf_free) = { 0 };

		str_cut(wiring, '\n', &line, &wiring);
		str_cut(line, ' ', &hook, &line);
		str_cut(line, ' ', &key, &line);
		if (!str_eq(key, S("listen")) || !str_take(&line, S("unix:")))
			continue;
		buf_add(&path, line);
		check_socket(f, hook, buf_text(&path));
	}
}

static void
check_log(struct findings *f, const char *path, const struct passwd *user)
{
	struct stat st;

	if (strpbrk(path, "*?["))
		return;
	if (stat(path, &st) < 0) {
		finding_add(f, FINDING_BAD, "logs",
			"%s: %s; without a log of the mail server few events "
			"are seen",
			path, strerror(errno));
		finding_paste(f, INTO_SHELL, "%s",
			access("/usr/sbin/rsyslogd", X_OK) == 0
				? "systemctl enable --now rsyslog"
				: "apt install rsyslog");
	} else if (!may(user, &st, 4)) {
		const struct group *g = getgrgid(st.st_gid);

		finding_add(f, FINDING_BAD, "logs",
			"%s: the user %s may not read it", path, user->pw_name);
		finding_paste(f, INTO_SHELL, "adduser %s %s", user->pw_name,
			g ? g->gr_name : "adm");
	} else {
		finding_add(f, FINDING_GOOD, "logs", "%s can be read", path);
	}
}

void
check_logs(struct findings *f, struct str wiring)
{
	struct str name = S("brattice"), rest = wiring, line, hook, key;
	struct buf user CLEANUP(buf_free) = { 0 };

	(void)finding_wiring(wiring, S("-"), S("user"), &name);
	buf_add(&user, name);
	const struct passwd *p = getpwnam(buf_text(&user));
	if (!p) {
		finding_add(f, FINDING_BAD, "logs",
			"there is no user %s, whom the daemon becomes",
			buf_text(&user));
		return;
	}
	while (rest.n) {
		struct buf path CLEANUP(buf_free) = { 0 };

		str_cut(rest, '\n', &line, &rest);
		str_cut(line, ' ', &hook, &line);
		str_cut(line, ' ', &key, &line);
		if (!str_eq(hook, S("log")) || !str_eq(key, S("file")))
			continue;
		buf_add(&path, line);
		check_log(f, buf_text(&path), p);
	}
}

/* --- disk and clock ------------------------------------------------------------------ */

static void
check_room(struct findings *f, const char *folder)
{
	struct statvfs st;

	if (statvfs(folder, &st) < 0) {
		finding_add(f, FINDING_WARNING, "disk", "%s: %s", folder,
			strerror(errno));
		return;
	}
	uint64_t room = (uint64_t)st.f_bavail * st.f_frsize;
	enum finding_level level = room < ROOM_BAD   ? FINDING_BAD
				   : room < ROOM_FEW ? FINDING_WARNING
						     : FINDING_GOOD;
	finding_add(f, level, "disk", "%s has room for %llu MiB", folder,
		(unsigned long long)room >> 20);
	if (level != FINDING_GOOD)
		finding_paste(f, INTO_SHELL,
			"brattice settings set retention.size=256");
}

void
check_machine(struct findings *f, struct str wiring)
{
	struct str state = S("/var/lib/brattice");
	struct buf folder CLEANUP(buf_free) = { 0 };
	struct timex t = { .modes = 0 };

	(void)finding_wiring(wiring, S("-"), S("state"), &state);
	buf_add(&folder, state);
	check_room(f, buf_text(&folder));
	if (adjtimex(&t) == TIME_ERROR || t.status & STA_UNSYNC) {
		finding_add(f, FINDING_WARNING, "clock",
			"the clock is not synchronised: log lines may seem to "
			"come from the future");
		finding_paste(f, INTO_SHELL, "apt install systemd-timesyncd");
	} else {
		finding_add(
			f, FINDING_GOOD, "clock", "the clock is synchronised");
	}
}
