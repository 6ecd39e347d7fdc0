/* SPDX-License-Identifier: ISC */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "core/event.h"
#include "daemon/conf_check.h"
#include "daemon/role.h"
#include "sys/disk.h"

enum {
	EXIT_USAGE = 2,
	EXIT_BAD_WIRING = 7,
};

static const char usage[] =
	"usage: bratticed [--config FILE] [--check] [--foreground]\n"
	"\n"
	"  -c, --config FILE   the wiring, " BRATTICE_CONF "\n"
	"  -t, --check         say what is wrong with it, and end\n"
	"  -f, --foreground    stay in the foreground, as it always does\n"
	"  -V, --version       print the version\n"
	"  -h, --help          print this\n";

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, 't' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "keys", no_argument, NULL, 'k' },	  /* for tools/check-conf */
	{ "kinds", no_argument, NULL, 'K' },	  /* for tools/check-conf */
	{ "print", no_argument, NULL, 'p' },	  /* for brattice doctor */
	{ "role", required_argument, NULL, 'r' }, /* a child of the monitor */
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void
print_kinds(void)
{
	for (unsigned i = 0; i < EVENT_KINDS; i++)
		if (event_types[i].id)
			printf("%u %s %u %s\n", i, event_types[i].id,
				event_types[i].weight, event_types[i].meaning);
}

static void
say_ok(const struct conf *c)
{
	(void)c;
	puts("OK");
}

/* Check a wiring; when it is right, do something with it. */
static int
check(const char *path, void (*then)(const struct conf *c))
{
	struct buf text = { 0 }, errors = { 0 };
	struct conf conf = { 0 };
	struct err err;
	unsigned n = 1;

	if (disk_read(path, CONF_SIZE_MAX, &text, &err) < 0)
		buf_printf(&errors, "%s\n", err.text);
	else
		n = conf_parse(&conf, path, buf_str(&text), &errors);
	if (n == 0)
		n = conf_check(&conf, path, &errors);
	fputs(buf_text(&errors), stderr);
	if (n == 0)
		then(&conf);
	conf_free(&conf);
	buf_free(&text);
	buf_free(&errors);
	return n ? EXIT_BAD_WIRING : 0;
}

static int
run(const struct options *o)
{
	if (!o->role)
		return monitor_run(o);
	if (strcmp(o->role, "engine") == 0)
		return engine_run(o);
	fprintf(stderr, "bratticed: there is no role \"%s\"\n", o->role);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct options o = { .config = BRATTICE_CONF, .program = argv[0] };
	void (*then)(const struct conf *c) = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "c:tfVh", long_options, NULL)) !=
		-1)
		switch (c) {
		case 'c': o.config = optarg; break;
		case 't': then = say_ok; break;
		case 'p': then = conf_print; break;
		case 'f': break;
		case 'r': o.role = optarg; break;
		case 'k': conf_print_keys(); return 0;
		case 'K': print_kinds(); return 0;
		case 'V': puts("bratticed " BRATTICE_VERSION); return 0;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	if (optind != argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return then ? check(o.config, then) : run(&o);
}
