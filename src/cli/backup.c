/* SPDX-License-Identifier: ISC */

/* control.db to a file and back, with the rights of whoever calls. */

#include <inttypes.h>
#include <string.h>

#include "cli/client.h"
#include "cli/online.h"
#include "cli/save.h"
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
	else if (save_file(path, a.text, &err) < 0)
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
