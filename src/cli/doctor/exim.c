/* SPDX-License-Identifier: ISC */

#include "cli/doctor/checks.h"

#define TOPIC "exim"

enum {
	GROUPS_SAFE = 5, /* {path}{request}{time}{end}{when it fails} */
};

/* How many {…} follow each other at the beginning. */
static unsigned
count_groups(struct str s)
{
	unsigned groups = 0, depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && depth && --depth == 0)
			groups++;
		else if (depth == 0)
			break;
	}
	return groups;
}

static void
judge_absence(struct findings *f, struct str wiring)
{
	struct str listen = S("unix:/run/brattice/events.sock");

	(void)finding_wiring(wiring, S("events"), S("listen"), &listen);
	str_take(&listen, S("unix:"));
	finding_add(f, FINDING_BAD, TOPIC,
		"Exim does not ask Brattice: blocked clients are not refused");
	finding_paste(f, INTO_EXIM,
		"warn set acl_c_brattice = ${readsocket{%.*s}{CONNECT "
		"$sender_host_address $sender_host_port $received_ip_address "
		"$received_port\\n}{2s}{ }{OK}}\n"
		"defer condition = ${if "
		"match{$acl_c_brattice}{\\N^BLOCK\\N}}\n"
		"      message = 421 4.7.0 Your connection has been blocked "
		"temporarily - Try again later",
		(int)listen.n, listen.p);
}

void
check_exim(struct findings *f, struct str text, struct str wiring)
{
	const struct str word = S("${readsocket");
	unsigned n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, word)) >= 0) {
		struct str path, rest;

		text = str_from(text, (size_t)at + word.n);
		str_cut(str_from(text, 1), '}', &path, &rest);
		if (str_find(path, S("brattice")) < 0)
			continue;
		n++;
		if (count_groups(text) >= GROUPS_SAFE) {
			finding_add(f, FINDING_GOOD, TOPIC,
				"Exim asks Brattice, and mail flows when it "
				"is down");
			continue;
		}
		finding_add(f, FINDING_BAD, TOPIC,
			"no mail comes in while Brattice is down: readsocket "
			"has no text for a failure");
		finding_paste(f, INTO_EXIM,
			"${readsocket{%.*s}{...}{2s}{ }{OK}}", (int)path.n,
			path.p);
	}
	if (!n)
		judge_absence(f, wiring);
}
