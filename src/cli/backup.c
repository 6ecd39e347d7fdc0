/* SPDX-License-Identifier: ISC */

/* control.db to a file and back, with the rights of whoever calls. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/online.h"
#include "sys/disk.h"

#define TYPE "application/vnd.sqlite3"

enum {
	FILE_MAX = 64 << 20, /* as the daemon takes it [bytes] */
};

/* Reading all events anew may take longer than an answer does. */
static void
be_patient(struct cli *c)
{
	if (!c->call.option[OPT_TIMEOUT])
		c->call.option[OPT_TIMEOUT] = "300";
}

static int
write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -1;
		s = str_from(s, n < 0 ? 0 : (size_t)n);
	}
	return fsync(fd);
}

/* Under another name until it is whole. */
static int
write_file(const char *path, struct str s, struct err *err)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	buf_printf(&b, "%s.new", path);
	int fd = open(buf_text(&b),
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = fd < 0 ? -1 : write_all(fd, s);

	if (fd >= 0 && close(fd) < 0)
		rc = -1;
	if (rc == 0 && rename(buf_text(&b), path) == 0)
		return 0;
	err_set(err, "%s: %s", rc ? buf_text(&b) : path, strerror(errno));
	if (fd >= 0)
		unlink(buf_text(&b));
	return -1;
}

enum exit_code
backup_run(struct cli *c)
{
	const char *path = c->call.word[0];
	struct question q;
	struct answer a;
	struct err err;

	be_patient(c);
	question_open(&q, "GET", "/backup");
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (strcmp(path, "-") == 0)
		buf_add(&c->out, a.text);
	else if (write_file(path, a.text, &err) < 0)
		code = cli_fail(c, EXIT_CODE_FAILED, "%s", err.text);
	answer_free(&a);
	return code;
}

enum exit_code
restore_run(struct cli *c)
{
	struct question q;
	struct answer a;
	struct err err;

	be_patient(c);
	question_open(&q, "POST", "/restore");
	q.type = TYPE;
	if (disk_read(c->call.word[0], FILE_MAX, &q.body, &err) < 0) {
		question_free(&q);
		return cli_fail(c, EXIT_CODE_FAILED, "%s", err.text);
	}
	enum exit_code code = client_ask(c, &q, &a);
	if (code)
		return code;
	if (!client_json(c, &a) && !cli_has(c, OPT_QUIET))
		buf_printf(&c->out,
			"restored: %" PRId64 " live blocks, %" PRId64
			" never-block entries\n",
			json_tree_int(a.doc, "blocks"),
			json_tree_int(a.doc, "never"));
	answer_free(&a);
	return EXIT_CODE_DONE;
}
