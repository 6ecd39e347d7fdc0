/* SPDX-License-Identifier: ISC */

#include <stdio.h>
#include <string.h>

#include "cli/client.h"
#include "cli/dial.h"
#include "cli/doctor/system.h"
#include "sys/disk.h"

/* "Seccomp:\t2" in the status of a process. */
static bool
has_line(struct str text, struct str wanted)
{
	struct str line;

	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (str_eq(line, wanted))
			return true;
	}
	return false;
}

static void
check_sandbox(struct findings *f, const char *path)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	char status[64];
	struct err err;
	pid_t pid = dial_peer(path);

	snprintf(status, sizeof(status), "/proc/%d/status", (int)pid);
	if (pid <= 0 || disk_read(status, 1 << 16, &text, &err) < 0) {
		finding_add(f, FINDING_WARNING, "sandbox",
			"the daemon's process can't be looked at");
		return;
	}
	if (has_line(buf_str(&text), S("Seccomp:\t2")) &&
		has_line(buf_str(&text), S("NoNewPrivs:\t1"))) {
		finding_add(
			f, FINDING_GOOD, "sandbox", "the daemon is shut in");
		return;
	}
	finding_add(f, FINDING_WARNING, "sandbox",
		"the daemon runs without its sandbox");
	finding_paste(f, INTO_WIRING, "sandbox = on");
}

static void
check_hook(struct findings *f, struct json_t *h)
{
	struct str name = json_tree_str(h, "hook"), trouble;
	const struct json_t *files = json_tree_get(h, "files"), *file;

	if (!json_tree_bool(h, "is_running"))
		finding_add(f, FINDING_BAD, "daemon",
			"the hook %.*s does not run; its log says why",
			(int)name.n, name.p);
	for (size_t i = 0; (file = json_tree_at(files, i)); i++) {
		struct str path = json_tree_str(file, "path");

		trouble = json_tree_str(file, "trouble");
		if (trouble.n)
			finding_add(f, FINDING_BAD, "daemon", "%.*s: %.*s",
				(int)path.n, path.p, (int)trouble.n, trouble.p);
	}
	trouble = json_tree_str(h, "trouble");
	if (trouble.n)
		finding_add(f, FINDING_BAD, "daemon", "%.*s: %.*s", (int)name.n,
			name.p, (int)trouble.n, trouble.p);
}

static void
check_status(struct findings *f, const struct json_t *s)
{
	struct str error = json_tree_str(
		json_tree_get(s, "store"), "last_error");
	const struct json_t *hooks = json_tree_get(s, "hooks");
	struct json_t *h;

	if (str_eq(json_tree_str(s, "state"), S("running")))
		finding_add(f, FINDING_GOOD, "daemon", "the daemon runs");
	else
		finding_add(f, FINDING_WARNING, "daemon",
			"the daemon has not loaded its lists and answers "
			"\"allow\"");
	if (error.n)
		finding_add(
			f, FINDING_BAD, "store", "%.*s", (int)error.n, error.p);
	if (str_eq(json_tree_str(s, "mode"), S("observe"))) {
		finding_add(f, FINDING_WARNING, "daemon",
			"nothing is refused in mode \"observe\"");
		finding_paste(
			f, INTO_SHELL, "brattice settings set mode=enforce");
	}
	for (size_t i = 0; (h = json_tree_at(hooks, i)); i++)
		check_hook(f, h);
}

void
check_daemon(struct findings *f, struct cli *c)
{
	struct question q;
	struct answer a;
	struct err err;

	question_open(&q, "GET", "/status");
	if (client_try(c, &q, &a, &err) != EXIT_CODE_DONE) {
		struct str line, rest;

		str_cut(str_of(err.text), '\n', &line, &rest);
		finding_add(
			f, FINDING_BAD, "daemon", "%.*s", (int)line.n, line.p);
		finding_paste(f, INTO_SHELL, "systemctl enable --now brattice");
		return;
	}
	check_status(f, a.doc);
	check_sandbox(f, dial_path(c));
	answer_free(&a);
}
