/* SPDX-License-Identifier: ISC */

/* Is this machine wired safely? */

#include "base/json.h"
#include "cli/doctor/checks.h"
#include "cli/doctor/system.h"
#include "cli/offline.h"
#include "cli/show.h"
#include "sys/command.h"
#include "sys/secret.h"

enum {
	SECRET_BYTES = 16,
};

static const char *const words[] = {
	[FINDING_GOOD] = "good",
	[FINDING_WARNING] = "warning",
	[FINDING_BAD] = "bad",
};

static const enum style styles[] = {
	[FINDING_GOOD] = STYLE_GOOD,
	[FINDING_WARNING] = STYLE_WARN,
	[FINDING_BAD] = STYLE_BAD,
};

static struct str
last_line(struct str text)
{
	struct str line = { 0 };

	while (text.n)
		str_cut(text, '\n', &line, &text);
	return line;
}

/* What a program prints with some arguments; false: it isn't there, or
 * has failed, which is a finding. */
static bool
ask_program(struct findings *f, const char *const args[], struct buf *ret)
{
	const char *argv[COMMAND_ARGS_MAX] = { NULL };
	struct buf path CLEANUP(buf_free) = { 0 };
	struct err err;

	if (!command_find(args[0], &path))
		return false;
	argv[0] = buf_text(&path);
	for (unsigned i = 1; args[i]; i++)
		argv[i] = args[i];
	int rc = command_run(argv, ret, &err);
	if (rc == 0)
		return true;
	struct str last = last_line(buf_str(ret));
	if (rc < 0)
		finding_add(f, FINDING_WARNING, args[0], "%s", err.text);
	else
		finding_add(f, FINDING_BAD, args[0], "%.*s", (int)last.n,
			last.p ? last.p : "");
	return false;
}

static void
look_at_postfix(struct findings *f, const char *folder, struct str wiring)
{
	struct buf main CLEANUP(buf_free) = { 0 };
	struct buf master CLEANUP(buf_free) = { 0 };
	struct buf limit CLEANUP(buf_free) = { 0 };
	const char *dir = folder ? folder : "/etc/postfix";

	if (ask_program(f,
		    (const char *[]){ "postconf", "-c", dir, "-n", NULL },
		    &main) &&
		ask_program(f,
			(const char *[]){ "postconf", "-c", dir, "-M", NULL },
			&master) &&
		ask_program(f,
			(const char *[]){ "postconf", "-c", dir, "-h",
				"default_process_limit", NULL },
			&limit)) {
		struct postfix_text t = { buf_str(&main), buf_str(&master),
			{ 0 } };
		struct str rest;

		str_cut(buf_str(&limit), '\n', &t.limit, &rest);
		check_postfix(f, &t, wiring);
	}
}

static void
add_secret(struct buf *b)
{
	unsigned char bytes[SECRET_BYTES];

	secret_fill(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(b, "%02x", bytes[i]);
}

static void
look_at_dovecot(struct findings *f, const char *file, struct str wiring)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	const char *path = file ? file : "/etc/dovecot/dovecot.conf";

	/* doveconf prints what it has read, and then what is wrong. */
	(void)ask_program(f,
		(const char *[]){ "doveconf", "-c", path, "-n", "-P", NULL },
		&text);
	if (!text.n)
		return;
	struct buf header CLEANUP(buf_free) = { 0 };
	struct buf nonce CLEANUP(buf_free) = { 0 };

	buf_add(&header, S("X-API-Key: "));
	add_secret(&header);
	add_secret(&nonce);
	struct dovecot_text t = { buf_str(&text), buf_str(&header),
		buf_str(&nonce) };
	check_dovecot(f, &t, wiring);
}

static void
look_at_exim(struct findings *f, struct str wiring)
{
	struct buf text CLEANUP(buf_free) = { 0 };

	if (ask_program(f, (const char *[]){ "exim4", "-bP", "config", NULL },
		    &text))
		check_exim(f, buf_str(&text), wiring);
}

static void
print_text(struct cli *c, const struct finding *one)
{
	struct str rest = one->paste, line;

	cli_style(c, styles[one->level]);
	buf_printf(&c->out, "%-8s", words[one->level]);
	cli_style(c, STYLE_PLAIN);
	buf_printf(&c->out, "%s: ", one->topic);
	show_text(c, one->text);
	buf_addc(&c->out, '\n');
	if (rest.n)
		buf_printf(&c->out, "        paste into %s:\n", one->into);
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		buf_add(&c->out, S("            "));
		buf_add(&c->out, line);
		buf_addc(&c->out, '\n');
	}
}

static void
print_json(struct cli *c, const struct findings *f)
{
	struct json j = { .b = &c->out };

	json_open(&j, '{');
	json_key(&j, "findings");
	json_open(&j, '[');
	for (const struct finding *one = f->first; one; one = one->next) {
		json_open(&j, '{');
		json_member_str(&j, "level", str_of(words[one->level]));
		json_member_str(&j, "topic", str_of(one->topic));
		json_member_str(&j, "text", one->text);
		if (one->paste.n) {
			json_member_str(&j, "into", str_of(one->into));
			json_member_str(&j, "paste", one->paste);
		}
		json_close(&j, '}');
	}
	json_close(&j, ']');
	for (unsigned i = 0; i < ARRAY_LEN(words); i++)
		json_member_int(&j, words[i], f->n[i]);
	json_close(&j, '}');
	buf_addc(&c->out, '\n');
}

static void
print(struct cli *c, const struct findings *f)
{
	if (cli_has(c, OPT_JSON)) {
		print_json(c, f);
		return;
	}
	for (const struct finding *one = f->first; one; one = one->next) {
		if (one->level != FINDING_GOOD || !cli_has(c, OPT_QUIET))
			print_text(c, one);
	}
}

enum exit_code
doctor_run(struct cli *c)
{
	const char *config = c->call.option[OPT_CONFIG];
	struct buf wiring CLEANUP(buf_free) = { 0 };
	struct findings f CLEANUP(finding_free) = { .first = NULL };

	check_wiring(&f, config ? config : BRATTICE_CONF, &wiring);
	check_daemon(&f, c);
	check_sockets(&f, buf_str(&wiring));
	check_logs(&f, buf_str(&wiring));
	check_machine(&f, buf_str(&wiring));
	look_at_postfix(
		&f, c->call.option[OPT_POSTFIX_CONFIG], buf_str(&wiring));
	look_at_dovecot(
		&f, c->call.option[OPT_DOVECOT_CONFIG], buf_str(&wiring));
	look_at_exim(&f, buf_str(&wiring));
	print(c, &f);
	return f.n[FINDING_BAD] ? EXIT_CODE_FAILED : EXIT_CODE_DONE;
}
