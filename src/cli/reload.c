/* SPDX-License-Identifier: ISC */

/*
 * Read the wiring again, as SIGHUP does.
 */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cli/client.h"
#include "cli/dial.h"
#include "cli/online.h"
#include "sys/disk.h"

enum {
	STAT_MAX = 4096, /* of /proc/PID/stat [bytes] */
	DEPTH = 4,	 /* the monitor stands right above the engine */
};

/* "17 (bratticed) S 16 …": is it ours, and whose child? */
static bool
look(pid_t pid, pid_t *ret_parent)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct str name, rest, state, parent;
	struct err err;
	char path[32];
	int64_t n = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (pid <= 1 || disk_read(path, STAT_MAX, &text, &err) < 0 ||
		!str_cut(buf_str(&text), '(', &name, &rest) ||
		!str_cut(rest, ')', &name, &rest))
		return false;
	str_cut(str_trim(rest), ' ', &state, &rest);
	str_cut(rest, ' ', &parent, &rest);
	(void)num_parse(parent, 0, INT32_MAX, &n);
	*ret_parent = (pid_t)n;
	return str_eq(name, S("bratticed"));
}

/* The uppermost of our processes. */
static pid_t
find_monitor(pid_t pid)
{
	pid_t found = 0, parent = 0;

	for (int i = 0; i < DEPTH && look(pid, &parent); i++) {
		found = pid;
		pid = parent;
	}
	return found;
}

enum exit_code
reload_run(struct cli *c)
{
	struct question q;
	struct answer a;

	if (cli_has(c, OPT_URL))
		return cli_fail(c, EXIT_CODE_USAGE,
			"a daemon elsewhere is reloaded there");
	question_open(&q, "GET", "/version");
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	answer_free(&a);
	pid_t pid = find_monitor(dial_peer(dial_path(c)));
	if (pid == 0)
		return cli_fail(c, EXIT_CODE_FAILED,
			"no process named bratticed is behind %s; try "
			"\"systemctl reload brattice\"",
			dial_path(c));
	if (kill(pid, SIGHUP) < 0)
		return cli_fail(c,
			errno == EPERM ? EXIT_CODE_NOT_ALLOWED
				       : EXIT_CODE_FAILED,
			"process %d: %s", (int)pid, strerror(errno));
	if (!cli_has(c, OPT_QUIET))
		buf_printf(&c->out,
			"bratticed (process %d) reads its wiring again; its log "
			"says what came of it: journalctl -u brattice -n 20\n",
			(int)pid);
	return EXIT_CODE_DONE;
}
