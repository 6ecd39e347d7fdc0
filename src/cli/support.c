/* SPDX-License-Identifier: ISC */

/*
 * One file with what somebody who helps wants to know, and no secret in it.
 */

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/stamp.h"
#include "cli/dial.h"
#include "cli/online.h"
#include "cli/save.h"
#include "cli/show.h"
#include "sys/command.h"
#include "sys/disk.h"

enum {
	FILE_MAX = 1 << 20, /* of the wiring [bytes] */
};

/* "brattice": this program, asking the same daemon. */
static const struct {
	const char *title;
	const char *args[COMMAND_ARGS_MAX];
} sections[] = {
	{ "version", { "brattice", "version" } },
	{ "system", { "uname", "-srvm" } },
	{ "Postfix", { "postconf", "mail_version" } },
	{ "Dovecot", { "dovecot", "--version" } },
	{ "status", { "brattice", "status" } },
	{ "status as JSON", { "brattice", "status", "--json" } },
	{ "settings that were changed",
		{ "brattice", "settings", "export", "--changed" } },
	{ "doctor", { "brattice", "doctor" } },
	{ "last lines of the log",
		{ "journalctl", "--unit=brattice", "--lines=200", "--no-pager",
			"--output=short-iso", "--quiet" } },
};

/* Keys of the wiring, and of what others are told, that hold a secret. */
static const char *const masked[] = { "api_header", "password", "secret",
	"token" };

static bool
is_secret(struct str line)
{
	for (size_t i = 0; i < ARRAY_LEN(masked); i++) {
		if (str_find(line, str_of(masked[i])) >= 0)
			return true;
	}
	return false;
}

/* A token's digits, wherever they stand. */
static void
add_without_tokens(struct buf *b, struct str line)
{
	ptrdiff_t at;

	while ((at = str_find(line, S("brt_"))) >= 0) {
		buf_add(b, (struct str){ line.p, (size_t)at });
		buf_add(b, S("brt_(masked)"));
		line = str_from(line, (size_t)at + 4);
		while (line.n &&
			((line.p[0] >= '0' && line.p[0] <= '9') ||
				(line.p[0] >= 'A' && line.p[0] <= 'Z') ||
				(line.p[0] >= 'a' && line.p[0] <= 'z')))
			line = str_from(line, 1);
	}
	buf_add(b, line);
}

static void
add_masked(struct buf *b, struct str text)
{
	struct str line, name, value;

	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (is_secret(line) && str_cut(line, '=', &name, &value)) {
			buf_add(b, name);
			buf_add(b, S("= (masked)"));
		} else {
			add_without_tokens(b, line);
		}
		buf_addc(b, '\n');
	}
}

static void
add_title(struct buf *b, const char *title)
{
	buf_printf(b, "\n== %s\n", title);
}

/* Where a program is; ours is wherever it was started. */
static bool
find_program(const char *name, struct buf *ret)
{
	char self[4096];
	ssize_t n;

	if (strcmp(name, "brattice") != 0)
		return command_find(name, ret);
	n = readlink("/proc/self/exe", self, sizeof(self));
	if (n <= 0)
		return false;
	buf_add(ret, (struct str){ self, (size_t)n });
	return true;
}

static void
add_section(struct cli *c, struct buf *b, size_t i)
{
	const char *argv[COMMAND_ARGS_MAX + 1] = { NULL };
	struct buf path CLEANUP(buf_free) = { 0 };
	struct buf said CLEANUP(buf_free) = { 0 };
	unsigned n = 1;
	struct err err;

	add_title(b, sections[i].title);
	if (!find_program(sections[i].args[0], &path)) {
		buf_add(b, S("not installed\n"));
		return;
	}
	argv[0] = buf_text(&path);
	for (; sections[i].args[n]; n++)
		argv[n] = sections[i].args[n];
	if (strcmp(sections[i].args[0], "brattice") == 0) {
		argv[n++] = "--socket";
		argv[n++] = dial_path(c);
	}
	if (strcmp(argv[1], "doctor") == 0 && c->call.option[OPT_CONFIG]) {
		argv[n++] = "--config";
		argv[n] = c->call.option[OPT_CONFIG];
	}
	if (command_run(argv, &said, &err) < 0)
		buf_printf(b, "%s\n", err.text);
	add_masked(b, buf_str(&said));
}

static void
add_wiring(struct cli *c, struct buf *b)
{
	const char *path = c->call.option[OPT_CONFIG];
	struct buf text CLEANUP(buf_free) = { 0 };
	struct err err;

	path = path ? path : BRATTICE_CONF;
	add_title(b, path);
	if (disk_read(path, FILE_MAX, &text, &err) < 0)
		buf_printf(b, "%s\n", err.text);
	add_masked(b, buf_str(&text));
}

/* "brattice-support-20261124-031500.txt" */
static void
add_name(struct cli *c, struct buf *b)
{
	struct civil t = stamp_civil(c->clock.now);

	if (c->call.words)
		buf_add(b, str_of(c->call.word[0]));
	else
		buf_printf(b, "brattice-support-%04d%02d%02d-%02d%02d%02d.txt",
			t.year, t.month, t.day, t.hour, t.minute, t.second);
}

static void
say(struct cli *c, const char *path, size_t bytes)
{
	if (cli_has(c, OPT_QUIET))
		return;
	buf_add(&c->out, S("Wrote "));
	show_text(c, str_of(path));
	buf_printf(&c->out, ", %zu KiB. In it:\n", bytes / 1024 + 1);
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		buf_printf(&c->out, "  %s\n", sections[i].title);
	buf_add(&c->out,
		S("  the wiring\n"
		  "Passwords, keys and tokens are masked. Addresses and account "
		  "names of clients\nare not: look at it before you send "
		  "it.\n"));
}

enum exit_code
support_bundle_run(struct cli *c)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct buf path CLEANUP(buf_free) = { 0 };
	struct err err;

	buf_add(&b, S("Brattice, for those who help: "));
	stamp_add(&b, c->clock.now);
	buf_addc(&b, '\n');
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		add_section(c, &b, i);
	add_wiring(c, &b);
	add_name(c, &path);
	if (strcmp(buf_text(&path), "-") == 0) {
		buf_add(&c->out, buf_str(&b));
		return EXIT_CODE_DONE;
	}
	if (save_file(buf_text(&path), buf_str(&b), &err) < 0)
		return cli_fail(c, EXIT_CODE_FAILED, "%s", err.text);
	say(c, buf_text(&path), b.n);
	return EXIT_CODE_DONE;
}
